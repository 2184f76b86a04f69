package guest_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
)

func TestTenThousandDeep(t *testing.T) {
	const depth = 10_000
	deepest := 0
	var down func(level int) func(ctx context.Context) error
	down = func(level int) func(ctx context.Context) error {
		return func(ctx context.Context) error {
			deepest = max(deepest, level)
			if level == depth {
				return guest.Sleep(ctx, time.Hour)
			}
			return guest.Go(ctx, down(level+1)).Wait(ctx)
		}
	}
	require.NoError(t, virtually(t, nil, down(1)))
	require.Equal(t, depth, deepest)

	require.ErrorIs(t, virtually(t, nil, func(ctx context.Context) error {
		guest.Go(ctx, down(1))
		_ = guest.Sleep(ctx, time.Minute)
		guestOf(ctx).Cancel(errBoom)
		return guest.Park(ctx)
	}), errBoom)
}

func TestThousandScopesDeepInOneTask(t *testing.T) {
	var down func(ctx context.Context, level int) error
	down = func(ctx context.Context, level int) error {
		if level == 1000 {
			guest.Go(ctx, fails)
			return guest.Park(ctx)
		}
		return guest.Scope(ctx, func(ctx context.Context) error { return down(ctx, level+1) })
	}
	require.Equal(t, errBoom, virtually(t, nil, func(ctx context.Context) error { return down(ctx, 0) }))
}

func TestHundredThousandTasks(t *testing.T) {
	n := 100_000
	if testing.Short() || guest.Raced {
		n /= 10
	}
	ended := 0
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		return guest.Scope(ctx, func(ctx context.Context) error {
			for i := range n {
				guest.Go(ctx, func(ctx context.Context) error {
					err := guest.Sleep(ctx, time.Duration(i%1000)*time.Second)
					ended++
					return err
				})
			}
			return nil
		})
	}))
	require.Equal(t, n, ended)
}
