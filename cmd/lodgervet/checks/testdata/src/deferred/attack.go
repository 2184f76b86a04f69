package deferred

import (
	"context"
	"os"
	"time"

	"fyne.io/fyne/v2/widget"
	"github.com/golodger/lodger/guest"
)

func attack(g *guest.Guest, b *widget.Button, use func(*os.File) error) {
	g.Go(func(ctx context.Context) error {
		f, _ := os.Open("x")
		defer f.Close() // want `this runs before the tasks that use f have ended; use guest.Cleanup`
		guest.Every(ctx, time.Second, func(ctx context.Context) error { return use(f) }, nil)
		return nil
	})
	g.Go(func(ctx context.Context) error {
		f, _ := os.Open("x")
		defer f.Close() // want `this runs before the tasks that use f have ended; do it at the end of the task that uses it`
		g.Go(func(ctx context.Context) error { return use(f) })
		return nil
	})
	b.OnTapped = func() {
		f, _ := os.Open("x")
		defer f.Close() // want `this runs before the tasks that use f have ended; do it at the end`
		_ = g.Go(func(ctx context.Context) error { return use(f) })
	}
	g.Go(func(ctx context.Context) error { // near miss
		f, _ := os.Open("x")
		defer f.Close()
		return g.Go(func(ctx context.Context) error { return use(f) }).Wait(ctx)
	})
}
