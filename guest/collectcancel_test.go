package guest_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
)

func TestAllOfNothingHearsOfItsCancellation(t *testing.T) {
	require.NoError(t, virtually(t, quiet(), func(ctx context.Context) error {
		done, cancel := context.WithCancelCause(ctx)
		cancel(errBoom)
		_, err := guest.All[int](done)
		assert.ErrorIs(t, err, errBoom)
		for _, err = range guest.AsCompleted[*guest.Task](done) {
		}
		assert.ErrorIs(t, err, errBoom)
		return nil
	}))
}

// TestFirstBringsItsValueWithTheCancellation that came just then.
func TestFirstBringsItsValueWithTheCancellation(t *testing.T) {
	require.NoError(t, virtually(t, quiet(), func(ctx context.Context) error {
		f := guest.NewFuture[int]()
		task := guestOf(ctx).Go(func(ctx context.Context) error {
			v, err := guest.First(ctx, f)
			assert.ErrorIs(t, err, errBoom)
			assert.Equal(t, 7, v)
			return nil
		})
		assert.NoError(t, guest.Sleep(ctx, time.Second))
		f.Resolve(7)
		task.Cancel(errBoom)
		return task.Wait(ctx)
	}))
}

// TestFirstHearsOfTheCancellationThatItCauses: the context may be that of one of the others.
func TestFirstHearsOfTheCancellationThatItCauses(t *testing.T) {
	require.NoError(t, virtually(t, quiet(), func(ctx context.Context) error {
		var of context.Context
		other := guest.Go(ctx, func(ctx context.Context) error { of = ctx; return guest.Park(ctx) })
		assert.NoError(t, guest.Sleep(ctx, time.Second))
		f := guest.NewFuture[struct{}]()
		f.Resolve(struct{}{})
		_, err := guest.First(of, f, other.Future())
		assert.Error(t, of.Err())
		assert.ErrorIs(t, err, context.Canceled)
		return nil
	}))
}
