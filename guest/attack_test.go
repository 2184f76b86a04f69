package guest_test

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/flow"
)

// TestWaitInAPoolHearsOfACancellationWhileItGetsItsPlaceBack: the place may be long in coming,
// and ctx done by then.
func TestWaitInAPoolHearsOfACancellationWhileItGetsItsPlaceBack(t *testing.T) {
	full := make(chan int, 1)
	settled := guest.NewFuture[int]()
	for name, wait := range map[string]func(ctx context.Context) (bool, error){
		"Sleep": func(ctx context.Context) (bool, error) { return true, guest.Sleep(ctx, time.Second) },
		"Recv": func(ctx context.Context) (bool, error) {
			_, ok, err := flow.Recv(ctx, full)
			return ok, err
		},
		"Future.Wait": func(ctx context.Context) (bool, error) {
			v, err := settled.Wait(ctx)
			return v == 7, err
		},
		"All": func(ctx context.Context) (bool, error) {
			v, err := guest.All(ctx, settled)
			return len(v) == 1, err
		},
		"First": func(ctx context.Context) (bool, error) {
			v, err := guest.First(ctx, settled)
			return v == 7, err
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				settled = guest.NewFuture[int]()
				full = make(chan int, 1)
				pooled := flow.WithExecutor(context.Background(), flow.NewPool(1))
				first := guest.Submit(pooled, func(ctx context.Context) (int, error) {
					ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
					defer cancel()
					got, err := wait(ctx)
					if ctx.Err() != nil {
						assert.ErrorIs(t, err, context.DeadlineExceeded)
					}
					assert.True(t, got)
					return 0, nil
				})
				guest.Submit(pooled, func(context.Context) (int, error) {
					settled.Resolve(7)
					full <- 7
					time.Sleep(time.Minute) // it holds the only place
					return 0, nil
				})
				_, err := first.Wait(context.Background())
				require.NoError(t, err)
			})
		})
	}
}

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

// TestEveryThatIsCancelledInARunEndsWithTheRun, and not a period later.
func TestEveryThatIsCancelledInARunEndsWithTheRun(t *testing.T) {
	for _, opts := range []*guest.EveryOptions{nil, {AfterEnd: true}, {Now: true}} {
		require.NoError(t, virtually(t, quiet(), func(ctx context.Context) error {
			var every *guest.Task
			var at time.Time
			every = guest.Every(ctx, time.Hour, func(context.Context) error {
				every.Cancel(errBoom)
				at = time.Now()
				return nil
			}, opts)
			assert.ErrorIs(t, every.Wait(ctx), errBoom)
			assert.Zero(t, time.Since(at))
			return nil
		}))
	}
}

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

// TestWhatNeverRanSaysSo wherever a function may be withdrawn.
func TestWhatNeverRanSaysSo(t *testing.T) {
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

// TestCallOnMainIsRefusedOnTheUIThreadOfAnotherGuest, which it would hold up.
func TestCallOnMainIsRefusedOnTheUIThreadOfAnotherGuest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		handed, over := make(chan context.Context, 1), make(chan struct{})
		go func() {
			defer close(over)
			_ = really(quiet(), func(ctx context.Context) error { handed <- ctx; return guest.Park(ctx) })
		}()
		theirs := <-handed
		require.NoError(t, really(quiet(), func(ctx context.Context) error {
			_ = guestOf(ctx).Post(func() {
				_, err := guest.CallOnMain(theirs, func(ctx context.Context) (int, error) { return 0, guest.Sleep(ctx, time.Minute) })
				assert.ErrorIs(t, err, guest.ErrWouldDeadlock)
			})
			return guest.Sleep(ctx, time.Second)
		}))
		guestOf(theirs).Cancel(nil)
		<-over
	})
}

// TestCallOnMainInAHandlerIsLogged once for each place, as all waits are.
func TestCallOnMainInAHandlerIsLogged(t *testing.T) {
	var log journal
	require.NoError(t, virtually(t, &guest.Options{Logger: log.logger()}, func(ctx context.Context) error {
		for range 3 {
			_ = guestOf(ctx).Post(func() {
				_, err := guest.CallOnMain(ctx, func(context.Context) (int, error) { return 0, nil })
				assert.ErrorIs(t, err, guest.ErrWouldDeadlock)
			})
		}
		return guest.Sleep(ctx, time.Second)
	}))
	require.Equal(t, 1, strings.Count(log.String(), "guest: a wait was refused"))
}

// onGoroutines is an executor of a program's own.
type onGoroutines struct{}

func (onGoroutines) Execute(ctx context.Context, fn func(ctx context.Context)) { go fn(ctx) }

// TestOnlyTheHolderOfAPlaceLendsIt: a function that a pool's function runs on another executor
// has none.
func TestOnlyTheHolderOfAPlaceLendsIt(t *testing.T) {
	for name, call := range map[string]func(ctx context.Context, fn func(ctx context.Context) (int, error)) (int, error){
		"Background": guest.Background[int],
		"Submit": func(ctx context.Context, fn func(ctx context.Context) (int, error)) (int, error) {
			return guest.Submit(ctx, fn).Wait(ctx)
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				pooled := flow.WithExecutor(context.Background(), flow.NewPool(1))
				first := guest.Submit(pooled, func(ctx context.Context) (int, error) {
					return call(flow.WithExecutor(ctx, onGoroutines{}), func(ctx context.Context) (int, error) {
						return 0, guest.Sleep(ctx, time.Second)
					})
				})
				var running, most atomic.Int32
				for range 3 {
					guest.Submit(pooled, func(context.Context) (int, error) {
						most.Store(max(most.Load(), running.Add(1)))
						time.Sleep(time.Minute)
						running.Add(-1)
						return 0, nil
					})
				}
				_, err := first.Wait(context.Background())
				require.NoError(t, err)
				time.Sleep(time.Hour)
				require.EqualValues(t, 1, most.Load())
			})
		})
	}
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
