package guest_test

import (
	"context"
	"iter"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
)

// TestAsCompletedThatIsPulledWaitsInTheTaskThatPulls, or refuses to.
func TestAsCompletedThatIsPulledWaitsInTheTaskThatPulls(t *testing.T) {
	needThreads(t, "an iterator has a goroutine of its own, which then is not the task's")
	require.NoError(t, virtually(t, quiet(), func(ctx context.Context) error {
		fs := []*guest.Future[int]{guest.NewFuture[int](), guest.NewFuture[int](), guest.NewFuture[int]()}
		fs[0].Resolve(0)
		next, stop := iter.Pull2(guest.AsCompleted(ctx, fs...))
		defer stop()
		_, err, ok := next()
		assert.True(t, ok)
		assert.NoError(t, err)
		other := guest.Go(ctx, func(context.Context) error {
			f, err, _ := next()
			assert.Equal(t, fs[1], f)
			return err
		})
		assert.NoError(t, guest.Sleep(ctx, time.Second))
		fs[1].Resolve(1)
		assert.NoError(t, other.Wait(ctx))
		assert.NoError(t, guestOf(ctx).Post(func() {
			_, err, _ := next()
			assert.ErrorIs(t, err, guest.ErrWouldDeadlock)
		}))
		return guest.Sleep(ctx, time.Second)
	}))
}

// TestWaitInAnIteratorOfATask parks the task.
func TestWaitInAnIteratorOfATask(t *testing.T) {
	needThreads(t, "an iterator has a goroutine of its own, which then is not the task's")
	for name, wait := range waits(nil) {
		if name == "Task.Wait" {
			continue
		}
		t.Run(name, func(t *testing.T) {
			require.NoError(t, virtually(t, quiet(), func(ctx context.Context) error {
				task := guestOf(ctx).Go(func(ctx context.Context) error {
					next, stop := iter.Pull(func(yield func(error) bool) {
						for yield(wait(ctx)) {
						}
						_ = guest.Sleep(context.WithoutCancel(ctx), time.Second)
					})
					defer stop()
					for {
						err, _ := next()
						if ctx.Err() != nil {
							assert.ErrorIs(t, err, errBoom)
							return err
						}
						assert.NoError(t, err)
						if err := guest.Sleep(ctx, time.Second); err != nil {
							return err
						}
					}
				})
				assert.NoError(t, guest.Sleep(ctx, 10*time.Second))
				task.Cancel(errBoom)
				assert.ErrorIs(t, task.Wait(ctx), errBoom)
				return nil
			}))
		})
	}
}
