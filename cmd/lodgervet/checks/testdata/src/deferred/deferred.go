package deferred

import (
	"context"
	"os"

	"github.com/golodger/lodger/guest"
)

func tasks(g *guest.Guest) {
	g.Go(func(ctx context.Context) error {
		f, err := os.Open("x")
		if err != nil {
			return err
		}
		defer f.Close() // want `this runs before the tasks that use f have ended; use guest.Cleanup`
		guest.Go(ctx, func(ctx context.Context) error {
			_, err := f.Stat()
			return err
		})
		return nil
	})
	// Near misses.
	g.Go(func(ctx context.Context) error {
		f, _ := os.Open("x")
		defer f.Close()
		guest.Go(ctx, func(ctx context.Context) error {
			_, err := f.Stat()
			return err
		})
		return guest.Join(ctx)
	})
	g.Go(func(ctx context.Context) error {
		f, _ := os.Open("x")
		defer f.Close()
		guest.Go(ctx, func(ctx context.Context) error { return nil })
		return guest.Scope(ctx, func(ctx context.Context) error {
			guest.Go(ctx, func(ctx context.Context) error {
				_, err := f.Stat()
				return err
			})
			return nil
		})
	})
	g.Go(func(ctx context.Context) error {
		f, _ := os.Open("x")
		defer func() { _ = f.Close() }() // want `this runs before the tasks that use f have ended`
		guest.Go(ctx, func(ctx context.Context) error {
			_, err := f.Stat()
			return err
		})
		return nil
	})
	g.Go(func(ctx context.Context) error {
		f, _ := os.Open("x")
		guest.Cleanup(ctx, func(ctx context.Context) { f.Close() })
		guest.Go(ctx, func(ctx context.Context) error {
			_, err := f.Stat()
			return err
		})
		return nil
	})
}
