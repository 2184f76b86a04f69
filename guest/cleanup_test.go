package guest_test

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/hosts/headless"
)

func TestCleanupsRunLastInFirstOutWhenTheTasksHaveEnded(t *testing.T) {
	s := &story{t: t}
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		parent := guest.Go(ctx, func(ctx context.Context) error {
			require.NoError(t, guest.Cleanup(ctx, func(context.Context) { s.step(5) }))
			require.NoError(t, guest.Cleanup(ctx, func(context.Context) { s.step(4) }))
			guest.Go(ctx, func(ctx context.Context) error {
				defer s.step(3)
				return guest.Sleep(ctx, time.Second)
			})
			s.step(1)
			defer s.step(2)
			return nil
		})
		err := parent.Wait(ctx)
		s.step(6)
		return err
	}))
}

func TestCleanupMayWaitStartTasksAndRegisterMore(t *testing.T) {
	for name, open := range map[string]func(ctx context.Context, fn func(ctx context.Context) error) error{
		"of a task": func(ctx context.Context, fn func(ctx context.Context) error) error {
			return guest.Go(ctx, fn).Wait(ctx)
		},
		"of a scope":            guest.Scope,
		"of a supervised scope": guest.Supervise,
	} {
		t.Run(name, func(t *testing.T) {
			s := &story{t: t}
			require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
				err := open(ctx, func(ctx context.Context) error {
					return guest.Cleanup(ctx, func(ctx context.Context) {
						require.NoError(t, guest.Cleanup(ctx, func(context.Context) { s.step(5) }))
						s.step(1)
						require.NoError(t, guest.Sleep(ctx, time.Second))
						guest.Go(ctx, func(ctx context.Context) error {
							defer s.step(4)
							return guest.Sleep(ctx, time.Second)
						})
						s.step(2)
						defer s.step(3)
					})
				})
				s.step(6)
				return err
			}))
		})
	}
}

func TestCleanupIsShieldedFromTheCancellation(t *testing.T) {
	for name, end := range map[string]func(ctx context.Context, child *guest.Task){
		"of the task":     func(_ context.Context, child *guest.Task) { child.Cancel(errBoom) },
		"of the guest":    func(ctx context.Context, _ *guest.Task) { guestOf(ctx).Cancel(errBoom) },
		"with a deadline": func(context.Context, *guest.Task) {},
	} {
		t.Run(name, func(t *testing.T) {
			cleaned := false
			err := virtually(t, nil, func(ctx context.Context) error {
				limited, cancel := context.WithTimeout(ctx, time.Hour)
				defer cancel()
				child := guest.Go(limited, func(ctx context.Context) error {
					require.NoError(t, guest.Cleanup(ctx, func(ctx context.Context) {
						require.NoError(t, ctx.Err())
						require.NoError(t, guest.Sleep(ctx, time.Second))
						cleaned = true
					}))
					return guest.Park(ctx)
				})
				require.NoError(t, guest.Yield(ctx))
				end(ctx, child)
				require.Error(t, child.Wait(context.WithoutCancel(ctx)))
				require.True(t, cleaned, "the task has not ended before")
				return nil
			})
			require.True(t, cleaned)
			_ = err
		})
	}
}

func TestCleanupRunsAfterTheHostHasGone(t *testing.T) {
	loop := headless.New()
	cleaned := false
	err := guest.RunTask(loop, func(ctx context.Context) error {
		require.NoError(t, guest.Cleanup(ctx, func(ctx context.Context) {
			cleaned = guest.Sleep(ctx, time.Millisecond) == nil
		}))
		loop.Quit()
		return guest.Park(ctx)
	}, quiet())
	require.NoError(t, err)
	require.True(t, cleaned)
}

func TestPanicInACleanupIsTheScopesFailure(t *testing.T) {
	second := false
	err := virtually(t, nil, func(ctx context.Context) error {
		err := guest.Scope(ctx, func(ctx context.Context) error {
			require.NoError(t, guest.Cleanup(ctx, func(context.Context) { second = true }))
			return guest.Cleanup(ctx, func(context.Context) { panic(errBoom) })
		})
		require.ErrorIs(t, err, errBoom)
		var p *guest.PanicError
		require.ErrorAs(t, err, &p)
		return nil
	})
	require.NoError(t, err)
	require.True(t, second, "the others run all the same")
}

// What Background has opened is closed, although its task was cancelled meanwhile and drops it.
func TestCleanupInBackgroundLosesNothing(t *testing.T) {
	s := &story{t: t}
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		task := guest.Go(ctx, func(ctx context.Context) error {
			_, err := guest.Background(ctx, func(ctx context.Context) (int, error) {
				time.Sleep(time.Second)
				s.step(2)
				return 1, guest.Cleanup(ctx, func(context.Context) { s.step(3) })
			})
			return err
		})
		require.NoError(t, guest.Sleep(ctx, time.Millisecond)) // the function has begun
		s.step(1)
		task.Cancel(nil)
		require.ErrorIs(t, task.Wait(ctx), context.Canceled)
		s.step(4)
		return nil
	}))
}

func TestCleanupOnAnEndedScopeRunsAtOnceAsTheGuestsTask(t *testing.T) {
	s := &story{t: t}
	require.NoError(t, virtually(t, quiet(), func(ctx context.Context) error {
		var ended context.Context
		require.NoError(t, guest.Scope(ctx, func(ctx context.Context) error { ended = ctx; return nil }))
		require.NoError(t, guest.Cleanup(ended, func(ctx context.Context) {
			require.NoError(t, guest.Sleep(ctx, time.Second))
			s.step(2)
		}))
		s.step(1)
		require.NoError(t, guest.Sleep(ctx, 2*time.Second))
		s.step(3)
		return nil
	}))
}

func TestCleanupAfterTheGuestsEndIsRefused(t *testing.T) {
	var last context.Context
	require.NoError(t, virtually(t, quiet(), func(ctx context.Context) error { last = ctx; return nil }))
	require.Equal(t, guest.ErrFinished, guest.Cleanup(last, func(context.Context) { t.Error("it runs") }))
}

func TestJoinWaitsForNoCleanup(t *testing.T) {
	s := &story{t: t}
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		return guest.Scope(ctx, func(ctx context.Context) error {
			require.NoError(t, guest.Cleanup(ctx, func(context.Context) { s.step(3) }))
			guest.Go(ctx, func(context.Context) error { s.step(1); return nil })
			require.NoError(t, guest.Join(ctx))
			s.step(2)
			return nil
		})
	}))
}

func TestCleanupThatWaitsForItsOwnTaskIsRefused(t *testing.T) {
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		var task *guest.Task
		var err error
		task = guest.Go(ctx, func(ctx context.Context) error {
			return guest.Cleanup(ctx, func(ctx context.Context) { err = task.Wait(ctx) })
		})
		require.NoError(t, task.Wait(ctx))
		require.ErrorIs(t, err, guest.ErrWouldDeadlock)
		return nil
	}))
}

// Goroutines register while the scope ends: what is accepted runs once, and before its end
// unless the scope had ended already; what is refused never runs.
func TestCleanupAgainstTheEndOfItsScope(t *testing.T) {
	for range 50 {
		var wg sync.WaitGroup
		var accepted, ran atomic.Int64
		_ = really(quiet(), func(ctx context.Context) error {
			for range 8 {
				_ = guest.Scope(ctx, func(ctx context.Context) error {
					wg.Add(1)
					go func() {
						defer wg.Done()
						for range 50 {
							if guest.Cleanup(ctx, func(context.Context) { ran.Add(1) }) == nil {
								accepted.Add(1)
							}
							runtime.Gosched()
						}
					}()
					return guest.Yield(ctx)
				})
			}
			return nil
		})
		wg.Wait()
		assert.Equal(t, accepted.Load(), ran.Load())
	}
}

func TestCleanupNeedsAFunctionAndAContextOfAGuest(t *testing.T) {
	require.PanicsWithValue(t, "guest: Cleanup called with a nil function; pass the function to run", func() {
		_ = guest.Cleanup(t.Context(), nil)
	})
	require.PanicsWithValue(t, "guest: Cleanup called with a context without a guest; pass the context of a task, or use (*Guest).Go", func() {
		_ = guest.Cleanup(t.Context(), func(context.Context) {})
	})
}

// A slow, obvious model of nested scopes: the order in which all clean-ups run.
func TestCleanupsOfNestedScopesRunFromTheInside(t *testing.T) {
	var got []string
	note := func(what string) func(context.Context) {
		return func(ctx context.Context) { _ = guest.Yield(ctx); got = append(got, what) }
	}
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		return guest.Go(ctx, func(ctx context.Context) error {
			err := errors.Join(guest.Cleanup(ctx, note("outer 1")), guest.Cleanup(ctx, note("outer 2")))
			return errors.Join(err, guest.Scope(ctx, func(ctx context.Context) error {
				return errors.Join(guest.Cleanup(ctx, note("inner 1")), guest.Cleanup(ctx, note("inner 2")))
			}))
		}).Wait(ctx)
	}))
	require.True(t, slices.Equal([]string{"inner 2", "inner 1", "outer 2", "outer 1"}, got), "%q", got)
}

func TestCleanupHasTheValuesOfItsContext(t *testing.T) {
	type key struct{}
	var got any
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		return guest.Scope(ctx, func(ctx context.Context) error {
			return guest.Cleanup(context.WithValue(ctx, key{}, 1), func(ctx context.Context) { got = ctx.Value(key{}) })
		})
	}))
	require.Equal(t, 1, got)
}

func TestLateCleanupIsShieldedToo(t *testing.T) {
	type key struct{}
	s := &story{t: t}
	_ = virtually(t, quiet(), func(ctx context.Context) error {
		var ended context.Context
		require.NoError(t, guest.Scope(ctx, func(ctx context.Context) error { ended = ctx; return nil }))
		require.NoError(t, guest.Cleanup(context.WithValue(ended, key{}, 1), func(ctx context.Context) {
			s.step(1)
			assert.Equal(t, 1, ctx.Value(key{}))
			assert.NoError(t, guest.Sleep(ctx, time.Second))
			assert.NoError(t, ctx.Err())
			s.step(2)
		}))
		require.NoError(t, guest.Yield(ctx))
		guestOf(ctx).Cancel(nil)
		return nil
	})
	s.step(3)
}
