package guesttest_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/guesttest"
)

func search(ctx context.Context) (int, error) { return 3, guest.Sleep(ctx, 2*time.Hour) }

// What docs/testing.md shows.
func TestSearch(t *testing.T) {
	guesttest.Run(t, func(ctx context.Context, t *testing.T) {
		hits := guest.Async(ctx, search)
		require.NoError(t, guest.Sleep(ctx, time.Hour)) // takes no time
		n, err := hits.Wait(ctx)
		require.NoError(t, err)
		require.Equal(t, 3, n)
	}, nil)
}
