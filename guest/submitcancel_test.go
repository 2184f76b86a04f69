package guest_test

import (
	"context"
	"errors"
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/flow"
)

// TestFreeSubmitAnswersItsCancellation as one with a guest does.
func TestFreeSubmitAnswersItsCancellation(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancelCause(context.Background())
		f := guest.Submit(ctx, func(ctx context.Context) (int, error) { <-ctx.Done(); return 7, ctx.Err() })
		synctest.Wait()
		cancel(guest.ErrQuit)
		v, err := f.Wait(context.Background())
		assert.Equal(t, 7, v)
		assert.ErrorIs(t, err, guest.ErrQuit)
		assert.True(t, guest.IsQuit(err))
	})
}

func TestFailureOfAFreeSubmitAfterItsCancellationStaysInside(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancelCause(context.Background())
		f := guest.Submit(ctx, func(ctx context.Context) (int, error) { <-ctx.Done(); return 7, errBoom })
		synctest.Wait()
		cancel(guest.ErrQuit)
		_, err := f.Wait(context.Background())
		assert.ErrorIs(t, err, guest.ErrQuit)
		assert.ErrorIs(t, err, errBoom)
		assert.False(t, guest.IsQuit(err))
	})
}

// A free function that still waits for its turn in a pool is withdrawn at once.
func TestFreeSubmitThatHasNotBegunHearsItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		pool := flow.WithExecutor(context.Background(), flow.NewPool(1))
		busy := guest.Submit(pool, func(context.Context) (int, error) { time.Sleep(time.Hour); return 0, nil })
		ctx, cancel := context.WithCancelCause(pool)
		f := guest.Submit(ctx, func(context.Context) (int, error) { t.Error("it ran"); return 0, nil })
		synctest.Wait()
		cancel(errBoom)
		began := time.Now()
		_, err := f.Wait(context.Background())
		assert.ErrorIs(t, err, errBoom)
		assert.ErrorIs(t, err, guest.ErrNotBegun)
		assert.Zero(t, time.Since(began))
		_, err = busy.Wait(context.Background())
		assert.NoError(t, err)
	})
}

// TestFunctionThatNeverRanSaysSo wherever a function may be withdrawn.
func TestFunctionThatNeverRanSaysSo(t *testing.T) {
	never := func(context.Context) (int, error) { t.Error("it ran"); return 0, nil }
	for name, begin := range map[string]func(ctx context.Context, free context.Context) *guest.Future[int]{
		"Submit":        func(ctx, _ context.Context) *guest.Future[int] { return guest.Submit(ctx, never) },
		"Submit freely": func(_, free context.Context) *guest.Future[int] { return guest.Submit(free, never) },
		"Queue": func(ctx, _ context.Context) *guest.Future[int] {
			q := new(guest.Queue[int])
			q.Add(ctx, func(ctx context.Context) (int, error) { return 0, guest.Sleep(ctx, time.Hour) })
			return q.Add(ctx, never)
		},
	} {
		t.Run(name, func(t *testing.T) {
			require.NoError(t, virtually(t, quiet(), func(ctx context.Context) error {
				pool := flow.NewPool(1)
				guest.Submit(flow.WithExecutor(context.Background(), pool), func(context.Context) (int, error) { time.Sleep(time.Minute); return 0, nil })
				f := begin(flow.WithExecutor(ctx, pool), flow.WithExecutor(context.Background(), pool))
				assert.NoError(t, guest.Sleep(ctx, time.Second))
				f.Cancel(errBoom)
				_, err := f.Wait(ctx)
				assert.ErrorIs(t, err, errBoom)
				assert.ErrorIs(t, err, guest.ErrNotBegun)
				return guest.Sleep(ctx, time.Hour)
			}))
		})
	}
	require.NoError(t, virtually(t, quiet(), func(ctx context.Context) error {
		after := guest.After(ctx, time.Hour, func(context.Context) error { t.Error("it ran"); return nil })
		after.Cancel(errBoom)
		err := after.Wait(ctx)
		assert.ErrorIs(t, err, errBoom)
		assert.ErrorIs(t, err, guest.ErrNotBegun)
		return nil
	}))
}

// TestCancelReachesASubmittedFunctionAtOnce although its task has not begun.
func TestCancelReachesASubmittedFunctionAtOnce(t *testing.T) {
	require.NoError(t, virtually(t, quiet(), func(ctx context.Context) error {
		for name, cancel := range map[string]func(f *guest.Future[int], owner *guest.Task){
			"future": func(f *guest.Future[int], _ *guest.Task) { f.Cancel(errBoom) },
			"owner":  func(_ *guest.Future[int], owner *guest.Task) { owner.Cancel(errBoom) },
		} {
			owner := guestOf(ctx).Go(func(ctx context.Context) error {
				self, _ := guest.CurrentTask()
				begun, look, seen := make(chan bool), make(chan bool), make(chan error)
				f := guest.Submit(ctx, func(ctx context.Context) (int, error) {
					begun <- true
					<-look
					seen <- ctx.Err()
					return 0, nil
				})
				<-begun
				cancel(f, self)
				look <- true
				assert.ErrorIs(t, <-seen, context.Canceled, name)
				return nil
			})
			_ = owner.Wait(ctx)
		}
		return nil
	}))
}

// TestSubmittedFunctionLooksAtItsContextWhileItsTaskBegins is for the race detector.
func TestSubmittedFunctionLooksAtItsContextWhileItsTaskBegins(t *testing.T) {
	require.NoError(t, really(quiet(), func(ctx context.Context) error {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		return guest.Go(ctx, func(ctx context.Context) error {
			for range 50 {
				f := guest.Submit(ctx, func(ctx context.Context) (int, error) {
					for range 100 {
						if ctx.Err() != nil {
							return 0, errors.New("cancelled")
						}
						runtime.Gosched()
					}
					return 0, nil
				})
				if _, err := f.Wait(ctx); err != nil {
					return err
				}
			}
			return nil
		}).Wait(ctx)
	}))
}
