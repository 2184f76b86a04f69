package inspect_test

import (
	"context"
	"testing"
	"time"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/guesttest"
	"github.com/golodger/lodger/guest/inspect"
)

// What docs/tracing.md shows in go tool trace.

func refresh(ctx context.Context) error {
	guest.Go(inspect.Named(ctx, "load"), load) // Background, then 2 ms on the UI thread; twice
	guest.Go(inspect.Named(ctx, "autosave"), save)
	_ = guest.Sleep(ctx, 18*time.Millisecond)
	guest.Go(inspect.Named(ctx, "layout"), layOut) // computes for 9 ms
	return guest.Join(ctx)
}

func load(ctx context.Context) error {
	for range 2 {
		if err := guest.BackgroundFunc(ctx, fetch); err != nil {
			return err
		}
		time.Sleep(2 * time.Millisecond) // stands for drawing
	}
	return nil
}

func fetch(context.Context) error { time.Sleep(12 * time.Millisecond); return nil }

func save(ctx context.Context) error { return guest.Sleep(ctx, 5*time.Millisecond) }

func layOut(context.Context) error { time.Sleep(9 * time.Millisecond); return nil }

func TestProgramOfThePageOnTraces(t *testing.T) {
	guesttest.Run(t, func(ctx context.Context, t *testing.T) {
		if err := guest.Go(inspect.Named(ctx, "refresh"), refresh).Wait(ctx); err != nil {
			t.Error(err)
		}
	}, nil)
}
