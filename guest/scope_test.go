package guest_test

import (
	"context"
	"errors"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
)

func TestATaskEndsOnlyWhenItsChildrenHaveEnded(t *testing.T) {
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
		err := parent.Await(ctx)
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

func TestADerivedContextEndsJoinEarly(t *testing.T) {
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		guest.Go(ctx, func(ctx context.Context) error { return guest.Sleep(ctx, time.Hour) })
		short, cancel := context.WithTimeout(ctx, time.Second)
		defer cancel()
		assert.ErrorIs(t, guest.Join(short), context.DeadlineExceeded)
		return guest.Join(ctx)
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

func TestTheFirstFailureCancelsSiblings(t *testing.T) {
	for name, scope := range map[string]func(ctx context.Context, fn func(ctx context.Context) error) error{
		"task": func(ctx context.Context, fn func(ctx context.Context) error) error {
			return guest.Go(ctx, fn).Await(ctx)
		},
		"Scope": guest.Scope,
	} {
		t.Run(name, func(t *testing.T) {
			s := &story{t: t}
			require.NoError(t, virtually(t, quiet(), func(ctx context.Context) error {
				return guest.Supervise(ctx, func(ctx context.Context) error {
					err := scope(ctx, func(ctx context.Context) error {
						guest.Go(ctx, func(ctx context.Context) error {
							err := guest.Sleep(ctx, never)
							s.step(3)
							assert.ErrorIs(t, err, context.Canceled)
							assert.ErrorIs(t, err, errBoom, "the cause")
							assert.ErrorIs(t, context.Cause(ctx), errBoom)
							return err
						})
						guest.Go(ctx, func(ctx context.Context) error {
							s.step(1)
							return errBoom
						})
						err := guest.Park(ctx) // fn itself is cancelled too
						s.step(2)
						return err
					})
					s.step(4)
					assert.Equal(t, errBoom, err)
					return nil
				})
			}))
		})
	}
}

func TestAFailureGoesToTheParentAndItsParent(t *testing.T) {
	require.Equal(t, errBoom, virtually(t, nil, func(ctx context.Context) error {
		guest.Go(ctx, func(ctx context.Context) error {
			guest.Go(ctx, func(ctx context.Context) error {
				guest.Go(ctx, fails)
				return nil
			})
			return nil
		})
		return guest.Park(ctx)
	}))
}

func TestAScopesResultIsTheFirstFailureInTime(t *testing.T) {
	second := errors.New("second")
	require.Equal(t, errBoom, virtually(t, nil, func(ctx context.Context) error {
		guest.Go(ctx, func(ctx context.Context) error {
			_ = guest.Sleep(ctx, never)
			return second // its clean-up fails too, but later
		})
		guest.Go(ctx, func(ctx context.Context) error {
			_ = guest.Sleep(ctx, time.Second)
			return errBoom
		})
		_ = guest.Park(ctx)
		return errors.New("third")
	}))
}

func TestTheFirstFailureInTimeMayBeAnAsyncOne(t *testing.T) {
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		err := guest.Scope(ctx, func(ctx context.Context) error {
			guest.Async(ctx, func(context.Context) (int, error) { return 0, errBoom })
			guest.Go(ctx, func(ctx context.Context) error {
				_ = guest.Sleep(ctx, time.Second)
				return errors.New("later")
			})
			return nil
		})
		assert.Equal(t, errBoom, err)
		return nil
	}))
}

func TestACancellationNeverDisplacesAFailure(t *testing.T) {
	t.Run("a failure, then a cancellation", func(t *testing.T) {
		require.NoError(t, virtually(t, quiet(), func(ctx context.Context) error {
			task := guestOf(ctx).Go(func(ctx context.Context) error {
				guest.Go(ctx, func(ctx context.Context) error {
					_ = guest.Park(ctx)
					return guest.Sleep(context.WithoutCancel(ctx), time.Minute)
				})
				return errBoom
			})
			_ = guest.Sleep(ctx, time.Second)
			task.Cancel(nil)
			assert.Equal(t, errBoom, task.Await(ctx))
			return nil
		}))
	})
	t.Run("a cancellation, then a failure", func(t *testing.T) {
		require.NoError(t, virtually(t, quiet(), func(ctx context.Context) error {
			task := guestOf(ctx).Go(func(ctx context.Context) error {
				guest.Go(ctx, park)
				guest.Go(ctx, func(ctx context.Context) error {
					_ = guest.Park(ctx)
					_ = guest.Sleep(context.WithoutCancel(ctx), time.Minute)
					return errBoom
				})
				return guest.Park(ctx)
			})
			_ = guest.Sleep(ctx, time.Second)
			task.Cancel(nil)
			assert.Equal(t, errBoom, task.Await(ctx))
			return nil
		}))
	})
	t.Run("fn answers the cancellation that a failure caused", func(t *testing.T) {
		require.Equal(t, errBoom, virtually(t, nil, func(ctx context.Context) error {
			return guest.Scope(ctx, func(ctx context.Context) error {
				guest.Go(ctx, fails)
				return guest.Park(ctx)
			})
		}))
	})
	t.Run("of the whole guest", func(t *testing.T) {
		require.Equal(t, errBoom, virtually(t, nil, func(ctx context.Context) error {
			guestOf(ctx).Cancel(nil)
			_ = guest.Park(ctx)
			return errBoom
		}))
	})
}

func TestAChildThatAnswersItsOwnCancellationIsNoFailure(t *testing.T) {
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		child := guest.Go(ctx, park)
		guest.Go(ctx, func(ctx context.Context) error { return guest.Sleep(ctx, time.Hour) })
		_ = guest.Sleep(ctx, time.Second)
		child.Cancel(errBoom)
		err := child.Await(ctx)
		assert.ErrorIs(t, err, errBoom)
		assert.ErrorIs(t, err, context.Canceled)
		return nil
	}))
}

func TestAChildsAnswerCountsWhenTheScopeItselfWasCancelled(t *testing.T) {
	require.NoError(t, virtually(t, quiet(), func(ctx context.Context) error {
		task := guestOf(ctx).Go(func(ctx context.Context) error {
			guest.Go(ctx, park)
			return nil
		})
		_ = guest.Sleep(ctx, time.Second)
		task.Cancel(errBoom)
		assert.ErrorIs(t, task.Await(ctx), errBoom)
		return nil
	}))
}

func TestATaskThatReturnsItsOwnCancellationIsCancelledNotFailed(t *testing.T) {
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		short, cancel := context.WithTimeout(ctx, time.Second)
		defer cancel()
		own := guest.Go(short, park)                                                          // its own context ends
		guest.Go(ctx, func(ctx context.Context) error { return guest.Sleep(ctx, time.Hour) }) // undisturbed
		assert.ErrorIs(t, own.Await(ctx), context.DeadlineExceeded)
		return nil
	}))
	require.ErrorIs(t, virtually(t, nil, func(ctx context.Context) error {
		guest.Go(ctx, func(ctx context.Context) error { // a part of it took too long: that is a failure
			short, cancel := context.WithTimeout(ctx, time.Second)
			defer cancel()
			return guest.Park(short)
		})
		return guest.Park(ctx)
	}), context.DeadlineExceeded)
}

func TestAnAsyncErrorNobodyObservedBecomesTheScopes(t *testing.T) {
	failing := func(context.Context) (int, error) { return 0, errBoom }
	for name, observe := range map[string]func(ctx context.Context, f *guest.Future[int]){
		"Await": func(ctx context.Context, f *guest.Future[int]) { _, _ = f.Await(ctx) },
		"Await, later": func(ctx context.Context, f *guest.Future[int]) {
			_ = guest.Sleep(ctx, time.Second)
			_, _ = f.Await(ctx)
		},
		"Done": func(_ context.Context, f *guest.Future[int]) { f.Done() },
		"Wait": func(ctx context.Context, f *guest.Future[int]) {
			_ = inBackground(ctx, func(ctx context.Context) { _, _ = f.Wait(ctx) })
		},
		"nobody": nil,
	} {
		t.Run(name, func(t *testing.T) {
			require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
				err := guest.Scope(ctx, func(ctx context.Context) error {
					f := guest.Async(ctx, failing)
					if observe != nil {
						observe(ctx, f)
						return nil
					}
					err := guest.Sleep(ctx, time.Hour)
					assert.NoError(t, err, "it cancels nobody")
					return err
				})
				if observe != nil {
					assert.NoError(t, err)
				} else {
					assert.Equal(t, errBoom, err)
				}
				return nil
			}))
		})
	}
}

func TestAnAsyncPanicGoesToBoth(t *testing.T) {
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		var p, q *guest.PanicError
		err := guest.Scope(ctx, func(ctx context.Context) error {
			f := guest.Async(ctx, func(context.Context) (int, error) { panic(errBoom) })
			_, err := f.Await(context.WithoutCancel(ctx))
			assert.ErrorAs(t, err, &p)
			assert.ErrorIs(t, guest.Park(ctx), errBoom, "the scope is cancelled")
			return nil
		})
		assert.ErrorAs(t, err, &q)
		assert.Same(t, p, q)
		return nil
	}))
}

func TestSuperviseReturnsFnsOwnErrorOnly(t *testing.T) {
	opts, heard := quiet(), []error(nil)
	opts.OnError = func(err error) { heard = append(heard, err) }
	observed := errors.New("observed")
	require.NoError(t, virtually(t, opts, func(ctx context.Context) error {
		err := guest.Supervise(ctx, func(ctx context.Context) error {
			guest.Go(ctx, fails)
			guest.Async(ctx, func(context.Context) (int, error) { return 0, errBoom })
			seen := guest.Go(ctx, func(context.Context) error { return observed })
			assert.ErrorIs(t, seen.Await(ctx), observed)
			return guest.Sleep(ctx, time.Hour) // nobody is cancelled
		})
		assert.NoError(t, err)
		assert.NoError(t, guest.Yield(ctx))
		assert.Equal(t, []error{errBoom, errBoom}, heard, "what nobody observed; the future's when the scope joined")
		heard = nil

		err = guest.Supervise(ctx, func(ctx context.Context) error {
			guest.Go(ctx, park)
			return observed
		})
		assert.Equal(t, observed, err, "fn's failure cancels the tasks")
		return nil
	}))
	require.Empty(t, heard)
}

func TestSuperviseReturnsNilWhenOnlyItsTasksWereCancelled(t *testing.T) {
	var err error
	require.NoError(t, virtually(t, quiet(), func(ctx context.Context) error {
		task := guestOf(ctx).Go(func(ctx context.Context) error {
			err = guest.Supervise(ctx, func(ctx context.Context) error {
				guest.Go(ctx, park)
				return nil
			})
			return err
		})
		_ = guest.Sleep(ctx, time.Second)
		task.Cancel(nil)
		_ = task.Await(ctx)
		return nil
	}))
	require.NoError(t, err)
}

func TestAPanicInAScopeGoesOnWhenItsTasksHaveEnded(t *testing.T) {
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

func TestAGoexitInAScopeGoesOnWhenItsTasksHaveEnded(t *testing.T) {
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

func TestAnEndedOwnerTakesNoMore(t *testing.T) {
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		var late context.Context
		err := guest.Scope(ctx, func(ctx context.Context) error { late = ctx; return nil })
		never := func(context.Context) error { t.Error("it ran"); return nil }
		task := guest.Go(late, never)
		assert.Equal(t, guest.ErrFinished, task.Err())
		assert.Equal(t, guest.ErrFinished, task.Await(ctx))
		<-task.Done()
		derived, cancel := context.WithCancel(context.WithoutCancel(late))
		defer cancel()
		assert.Equal(t, guest.ErrFinished, guest.Go(derived, never).Err())
		_, ferr := guest.Async(late, func(context.Context) (int, error) { t.Error("it ran"); return 0, nil }).Await(ctx)
		assert.Equal(t, guest.ErrFinished, ferr)
		assert.NoError(t, inBackground(ctx, func(context.Context) {
			_, err := guest.CallOnMain(late, func(context.Context) (int, error) { t.Error("it ran"); return 0, nil })
			assert.ErrorIs(t, err, guest.ErrFinished)
		}))
		return err
	}))
}

func TestAnAcceptedFnAlwaysRunsEvenWhenAlreadyCancelled(t *testing.T) {
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
		assert.ErrorIs(t, tree.Await(ctx), context.Canceled)
		return nil
	}))
	require.Equal(t, 100, unwound)
}

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
			return guest.Go(ctx, down(level+1)).Await(ctx)
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

func TestAHundredThousandTasks(t *testing.T) {
	n := 100_000
	if testing.Short() {
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

func TestTheGuestsOwnTasksAreCancelledWhenMainHasEnded(t *testing.T) {
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
