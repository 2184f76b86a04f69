package guest_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/flow"
	"github.com/golodger/lodger/internal/looptest"
)

// TestGuestThatWaitsForAFunctionIsNotWaitedForByIt: neither would end.
func TestGuestThatWaitsForAFunctionIsNotWaitedForByIt(t *testing.T) {
	require.NoError(t, virtually(t, quiet(), func(ctx context.Context) error {
		return inBackground(ctx, func(ctx context.Context) {
			short, cancel := context.WithTimeout(ctx, time.Hour)
			defer cancel()
			assert.ErrorIs(t, guestOf(ctx).Wait(short), guest.ErrWouldDeadlock)
		})
	}))
}

// TestFailureAfterTheCancellationIsLoggedWithoutAGuest, and when the guest has ended.
func TestFailureAfterTheCancellationIsLoggedWithoutAGuest(t *testing.T) {
	fail := func(ctx context.Context, cancel context.CancelFunc) {
		_, err := guest.Background(ctx, func(context.Context) (int, error) { cancel(); return 0, errBoom })
		require.ErrorIs(t, err, context.Canceled)
	}
	var log journal
	looptest.DefaultLog(t, log.logger())
	fail(context.WithCancel(context.Background()))
	require.Equal(t, 1, strings.Count(log.String(), "failed after its cancellation"))

	var ours journal
	var late context.Context
	require.NoError(t, really(&guest.Options{Logger: ours.logger()}, func(ctx context.Context) error {
		return inBackground(ctx, func(ctx context.Context) { late = ctx })
	}))
	fail(context.WithCancel(context.WithoutCancel(late)))
	require.Equal(t, 1, strings.Count(ours.String(), "failed after its cancellation"))
}

// TestYieldInAPoolLetsAnotherFunctionRun, as all waits there do.
func TestYieldInAPoolLetsAnotherFunctionRun(t *testing.T) {
	for name, yield := range map[string]func(ctx context.Context) error{
		"Yield": guest.Yield,
		"Sleep": func(ctx context.Context) error { return guest.Sleep(ctx, 0) },
	} {
		synctest.Test(t, func(t *testing.T) {
			pooled := flow.WithExecutor(context.Background(), flow.NewPool(1))
			begun := make(chan bool)
			var second *guest.Future[int]
			first := guest.Submit(pooled, func(ctx context.Context) (int, error) {
				<-begun
				for range 1000 {
					if _, ran, _ := second.Result(); ran {
						return 7, nil
					}
					if err := yield(ctx); err != nil {
						return 0, err
					}
				}
				return 0, errors.New("the second never ran")
			})
			second = guest.Submit(pooled, func(context.Context) (int, error) { return 7, nil })
			close(begun)
			ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
			defer cancel()
			v, err := first.Wait(ctx)
			require.NoError(t, err, name) // it gets its place back
			require.Equal(t, 7, v)
		})
	}
}

// TestGuestInATaskOfAnotherWaitsUnderItsContext and hears of its cancellation.
func TestGuestInATaskOfAnotherWaitsUnderItsContext(t *testing.T) {
	for name, wait := range waits(nil) {
		if name == "Task.Wait" {
			continue
		}
		t.Run(name, func(t *testing.T) {
			require.NoError(t, virtually(t, quiet(), func(outer context.Context) error {
				task := guestOf(outer).Go(func(outer context.Context) error {
					self, _ := guest.CurrentTask()
					return really(quiet(), func(ctx context.Context) error {
						guest.After(ctx, time.Second/2, func(context.Context) error {
							self.Cancel(errBoom)
							assert.ErrorIs(t, outer.Err(), context.Canceled, "at once: it is that guest's thread, too")
							return nil
						})
						for outer.Err() == nil {
							if err := wait(outer); err != nil {
								assert.ErrorIs(t, err, errBoom)
							} else {
								assert.NoError(t, outer.Err())
								assert.NoError(t, guest.Sleep(ctx, time.Millisecond))
							}
						}
						assert.ErrorIs(t, wait(outer), errBoom)
						assert.NoError(t, ctx.Err())
						assert.NoError(t, guest.Sleep(ctx, time.Second))
						return nil
					})
				})
				_ = task.Wait(outer)
				return nil
			}))
		})
	}
}

// TestTwoThreadsCancelEachOthersWaits while both wait for the other's tasks and futures.
func TestTwoThreadsCancelEachOthersWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, b := make(chan context.Context, 1), make(chan context.Context, 1)
		over := make(chan error, 2)
		run := func(mine chan<- context.Context, theirs <-chan context.Context) {
			over <- really(quiet(), func(ctx context.Context) error {
				mine <- ctx
				other, _, _ := flow.Recv(ctx, theirs)
				for i := range 50 {
					f := asyncIn(ctx, guestOf(other), func(ctx context.Context) (int, error) {
						_, err := guest.CallOnMain(other, func(ctx context.Context) (int, error) { return 1, guest.Sleep(ctx, time.Millisecond) })
						return 7, errors.Join(err, guest.Sleep(ctx, time.Duration(i)*time.Millisecond))
					})
					short, cancel := context.WithTimeout(ctx, 20*time.Millisecond+time.Microsecond)
					v, err := f.Wait(short)
					switch {
					case short.Err() != nil:
						assert.ErrorIs(t, err, context.DeadlineExceeded)
					default:
						assert.NoError(t, err)
						assert.Equal(t, 7, v)
					}
					f.Cancel(errBoom)
					if _, err = f.Wait(ctx); v == 0 {
						assert.ErrorIs(t, err, errBoom)
					}
					_, err = guest.CallOnMain(short, func(ctx context.Context) (int, error) { return 0, ctx.Err() })
					assert.Equal(t, short.Err() == nil, err == nil)
					cancel()
				}
				return guest.Sleep(ctx, time.Hour)
			})
		}
		go run(a, b)
		go run(b, a)
		require.NoError(t, <-over)
		require.NoError(t, <-over)
	})
}
