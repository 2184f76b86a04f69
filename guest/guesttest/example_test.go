package guesttest_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/guesttest"
)

// A test of a search that takes its time, without taking any.
func ExampleRun() {
	search := func(ctx context.Context) (int, error) {
		if err := guest.Sleep(ctx, time.Hour); err != nil {
			return 0, err
		}
		return guest.Background(ctx, func(context.Context) (int, error) { return 3, nil })
	}
	_ = func(t *testing.T) { // func TestSearch(t *testing.T)
		guesttest.Run(t, func(ctx context.Context, t *testing.T) {
			hits := guest.Async(ctx, search)
			n, err := hits.Wait(ctx)
			require.NoError(t, err)
			require.Equal(t, 3, n)
		}, nil)
	}
	// Output:
}

// Tasks that are ready together, in another order in every run.
func ExampleOptions() {
	_ = func(t *testing.T) {
		guesttest.Run(t, func(ctx context.Context, t *testing.T) {
			first := ""
			guest.Go(ctx, func(context.Context) error { first += "a"; return nil })
			guest.Go(ctx, func(context.Context) error { first += "b"; return nil })
			require.NoError(t, guest.Join(ctx))
			require.Len(t, first, 2) // but not: equal to "ab"
		}, &guesttest.Options{Shuffle: true})
	}
	// Output:
}
