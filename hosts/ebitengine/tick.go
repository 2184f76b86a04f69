package ebitenhost

import (
	"context"

	"github.com/golodger/lodger/guest"
)

// Tick waits for the next tick of the game. There are 60 in a second, unless ebiten.SetTPS says
// otherwise. guest.Yield may return within the same tick. In a task of a game. Waits.
func Tick(ctx context.Context) error {
	h := of(ctx)
	_, err := guest.Await(ctx, func(answer func(struct{})) (cancel func()) {
		h.waiting = append(h.waiting, answer)
		return nil
	})
	return err
}

// Ticks waits for n ticks of the game; see [Tick]. In a task of a game. Waits.
func Ticks(ctx context.Context, n int) error {
	for range n {
		if err := Tick(ctx); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// of returns the host of the game that runs the task of ctx.
func of(ctx context.Context) *Host {
	if g, ok := guest.FromContext(ctx); ok {
		if h, ok := g.Host().(*Host); ok {
			return h
		}
	}
	panic("ebitenhost: Tick called outside a task of a game; pass the context of a task that ebitenhost.Run has started")
}
