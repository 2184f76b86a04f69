package guest_test

import (
	"context"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
)

func TestTaskEndsOnlyWhenItsChildrenHaveEnded(t *testing.T) {
	s := &story{t: t}
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		parent := guest.Go(ctx, func(ctx context.Context) error {
			defer s.step(2) // its own deferred calls come first
			guest.Go(ctx, func(ctx context.Context) error {
				guest.Go(ctx, func(ctx context.Context) error {
					err := guest.Sleep(ctx, 2*time.Second)
					s.step(4)
					return err
				})
				err := guest.Sleep(ctx, time.Second)
				s.step(3)
				return err
			})
			s.step(1)
			return nil
		})
		err := parent.Wait(ctx)
		s.step(5)
		return err
	}))
}

func TestScopeReturnsWhenItsTasksHaveEnded(t *testing.T) {
	s := &story{t: t}
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		guest.Go(ctx, func(ctx context.Context) error { // not of the scope
			err := guest.Sleep(ctx, time.Hour)
			s.step(5)
			return err
		})
		err := guest.Scope(ctx, func(ctx context.Context) error {
			guest.Go(ctx, func(ctx context.Context) error {
				err := guest.Sleep(ctx, time.Second)
				s.step(3)
				return err
			})
			s.step(1)
			defer s.step(2)
			return nil
		})
		s.step(4)
		return err
	}))
}

func TestJoinLetsDefersComeAfterTheChildren(t *testing.T) {
	s := &story{t: t}
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		defer s.step(2)
		guest.Go(ctx, func(ctx context.Context) error {
			err := guest.Sleep(ctx, time.Second)
			s.step(1)
			return err
		})
		return guest.Join(ctx)
	}))
}

func TestJoinWaitsForTheInnermostScope(t *testing.T) {
	s := &story{t: t}
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		guest.Go(ctx, func(ctx context.Context) error {
			err := guest.Sleep(ctx, time.Hour)
			s.step(3)
			return err
		})
		return guest.Scope(ctx, func(ctx context.Context) error {
			guest.Go(ctx, func(ctx context.Context) error {
				err := guest.Sleep(ctx, time.Second)
				s.step(1)
				return err
			})
			err := guest.Join(ctx)
			s.step(2)
			return err
		})
	}))
	s.step(4)
}

func TestJoinReturnsTheFailureSoFar(t *testing.T) {
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		err := guest.Scope(ctx, func(ctx context.Context) error {
			guest.Go(ctx, fails)
			assert.ErrorIs(t, guest.Join(ctx), errBoom)
			return nil
		})
		assert.ErrorIs(t, err, errBoom)
		return nil
	}))
}

func TestDerivedContextEndsJoinEarly(t *testing.T) {
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		guest.Go(ctx, func(ctx context.Context) error { return guest.Sleep(ctx, time.Hour) })
		short, cancel := context.WithTimeout(ctx, time.Second)
		defer cancel()
		assert.ErrorIs(t, guest.Join(short), context.DeadlineExceeded)
		return guest.Join(ctx)
	}))
}

func TestJoinUnderADoneContextReturnsItsErrorEvenWithoutAnyChildren(t *testing.T) {
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		derived, cancel := context.WithCancel(ctx)
		cancel()
		assert.ErrorIs(t, guest.Join(derived), context.Canceled)
		assert.NoError(t, guest.Join(ctx))
		return nil
	}))
}

// TestJoinUnderADerivedContextRestsWhileACancelledScopeUnwinds: both are done then, and a wait
// that heard of it would end at once, for ever.
func TestJoinUnderADerivedContextRestsWhileACancelledScopeUnwinds(t *testing.T) {
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		start := time.Now()
		task := guest.Go(ctx, func(ctx context.Context) error {
			guest.Go(ctx, func(ctx context.Context) error {
				_ = guest.Park(ctx)
				return guest.Sleep(context.WithoutCancel(ctx), 3*time.Second) // clean-up
			})
			derived, cancel := context.WithCancel(ctx)
			defer cancel()
			err := guest.Join(derived)
			assert.Equal(t, 4*time.Second, time.Since(start))
			return err
		})
		if err := guest.Sleep(ctx, time.Second); err != nil {
			return err
		}
		task.Cancel(nil)
		assert.ErrorIs(t, task.Wait(ctx), context.Canceled)
		return nil
	}))
}

func TestJoinOfAnotherTasksScopeIsRefused(t *testing.T) {
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		var other context.Context
		guest.Go(ctx, func(ctx context.Context) error { other = ctx; return guest.Sleep(ctx, time.Second) })
		guest.Go(ctx, func(child context.Context) error {
			assert.ErrorIs(t, guest.Join(ctx), guest.ErrWouldDeadlock, "a parent waits for its child")
			assert.Contains(t, panicOf(func() { _ = guest.Join(other) }), "Join called with a scope of another task")
			return nil
		})
		return nil
	}))
}

func TestPanicInAScopeGoesOnWhenItsTasksHaveEnded(t *testing.T) {
	s := &story{t: t}
	err := virtually(t, nil, func(ctx context.Context) error {
		defer func() {
			s.step(3)
			v := recover()
			assert.Equal(t, "oh no", v)
			panic(v)
		}()
		return guest.Scope(ctx, func(ctx context.Context) error {
			guest.Go(ctx, func(ctx context.Context) error {
				s.step(1)
				err := guest.Park(ctx)
				s.step(2)
				return err
			})
			if err := guest.Yield(ctx); err != nil {
				return err
			}
			panic("oh no")
		})
	})
	var p *guest.PanicError
	require.ErrorAs(t, err, &p)
	require.Equal(t, "oh no", p.Value)
}

func TestGoexitInAScopeGoesOnWhenItsTasksHaveEnded(t *testing.T) {
	s := &story{t: t}
	err := virtually(t, nil, func(ctx context.Context) error {
		defer s.step(3)
		return guest.Scope(ctx, func(ctx context.Context) error {
			guest.Go(ctx, func(ctx context.Context) error {
				s.step(1)
				err := guest.Park(ctx)
				s.step(2)
				return err
			})
			if err := guest.Yield(ctx); err != nil {
				return err
			}
			runtime.Goexit()
			return nil
		})
	})
	require.Equal(t, guest.ErrGoexit, err)
}

func TestEndedOwnerTakesNoMore(t *testing.T) {
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		var late context.Context
		err := guest.Scope(ctx, func(ctx context.Context) error { late = ctx; return nil })
		never := func(context.Context) error { t.Error("it ran"); return nil }
		task := guest.Go(late, never)
		assert.Equal(t, guest.ErrFinished, task.Err())
		assert.Equal(t, guest.ErrFinished, task.Wait(ctx))
		<-task.Done()
		derived, cancel := context.WithCancel(context.WithoutCancel(late))
		defer cancel()
		assert.Equal(t, guest.ErrFinished, guest.Go(derived, never).Err())
		_, ferr := guest.Async(late, func(context.Context) (int, error) { t.Error("it ran"); return 0, nil }).Wait(ctx)
		assert.Equal(t, guest.ErrFinished, ferr)
		assert.NoError(t, inBackground(ctx, func(context.Context) {
			_, err := guest.CallOnMain(late, func(context.Context) (int, error) { t.Error("it ran"); return 0, nil })
			assert.ErrorIs(t, err, guest.ErrFinished)
		}))
		return err
	}))
}

func TestAcceptedFnAlwaysRunsEvenWhenAlreadyCancelled(t *testing.T) {
	ran := 0
	err := virtually(t, nil, func(ctx context.Context) error {
		fn := func(ctx context.Context) error {
			ran++
			assert.ErrorIs(t, ctx.Err(), context.Canceled)
			return ctx.Err()
		}
		guest.Go(ctx, fn).Cancel(nil)
		guestOf(ctx).Cancel(nil)
		_ = guest.Park(ctx)
		guest.Go(ctx, fn)
		guestOf(ctx).Go(fn)
		guest.Async(ctx, func(ctx context.Context) (int, error) { return 0, fn(ctx) })
		return nil
	})
	require.ErrorIs(t, err, guest.ErrQuit)
	require.Equal(t, 4, ran)
}

func TestCancelReachesAllBelow(t *testing.T) {
	unwound := 0
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		tree := guest.Go(ctx, func(ctx context.Context) error {
			for range 10 {
				guest.Go(ctx, func(ctx context.Context) error {
					return guest.Scope(ctx, func(ctx context.Context) error {
						for range 10 {
							guest.Go(ctx, func(ctx context.Context) error {
								defer func() { unwound++ }()
								value := context.WithValue(ctx, &unwound, 1)
								return guest.Park(value)
							})
						}
						return nil
					})
				})
			}
			return nil
		})
		_ = guest.Sleep(ctx, time.Second)
		tree.Cancel(nil)
		assert.ErrorIs(t, tree.Wait(ctx), context.Canceled)
		return nil
	}))
	require.Equal(t, 100, unwound)
}

func TestGuestsOwnTasksAreCancelledWhenMainHasEnded(t *testing.T) {
	s := &story{t: t}
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		g := guestOf(ctx)
		g.Go(func(ctx context.Context) error {
			err := guest.Park(ctx)
			s.step(2)
			assert.ErrorIs(t, err, guest.ErrFinished)
			// It unwinds in its own time.
			assert.NoError(t, guest.Sleep(context.WithoutCancel(ctx), time.Second))
			assert.ErrorIs(t, g.Go(func(context.Context) error { t.Error("it ran"); return nil }).Err(), guest.ErrFinished)
			s.step(3)
			return err
		})
		guest.Go(ctx, func(ctx context.Context) error { // main's own are waited for first
			defer s.step(1)
			return guest.Sleep(ctx, time.Hour)
		})
		return nil
	}))
	s.step(4)
}
