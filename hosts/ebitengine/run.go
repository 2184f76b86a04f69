package ebitenhost

import (
	"context"

	"github.com/hajimehoshi/ebiten/v2"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/hosts/internal/apart"
)

// Run runs the game with a guest whose first task is main, and returns when both have ended. The
// close button cancels the guest with guest.ErrQuit, which is not a failure. The window stays
// until everything has unwound. If a task fails, it cancels no other task: its error goes to
// Options.OnError, or to the log. opts may be nil. Main goroutine only. Waits.
func Run(game ebiten.Game, main func(ctx context.Context) error, opts *guest.Options) error {
	h := New(game)
	ebiten.SetWindowClosingHandled(true)
	return guest.RunTask(h, func(ctx context.Context) error {
		if g, ok := guest.FromContext(ctx); ok {
			h.closing = func() { g.Cancel(guest.ErrQuit) }
		}
		return main(ctx)
	}, apart.Options(opts))
}
