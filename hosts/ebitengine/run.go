package ebitenhost

import (
	"context"

	"github.com/hajimehoshi/ebiten/v2"

	"github.com/golodger/lodger/guest"
)

// Run runs the game with a guest whose first task is main, and returns when both have ended. The
// close button cancels main with guest.ErrQuit, which is not a failure. The window stays until
// everything has unwound. opts may be nil. Main goroutine only. Waits.
func Run(game ebiten.Game, main func(ctx context.Context) error, opts *guest.Options) error {
	h := New(game)
	ebiten.SetWindowClosingHandled(true)
	return guest.RunTask(h, func(ctx context.Context) error {
		if g, ok := guest.FromContext(ctx); ok {
			h.closing = func() { g.Cancel(guest.ErrQuit) }
		}
		return main(ctx)
	}, opts)
}
