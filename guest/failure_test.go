package guest_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
)

func TestFirstFailureCancelsSiblings(t *testing.T) {
	for name, scope := range map[string]func(ctx context.Context, fn func(ctx context.Context) error) error{
		"task": func(ctx context.Context, fn func(ctx context.Context) error) error {
			return guest.Go(ctx, fn).Wait(ctx)
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

func TestFailureGoesToTheParentAndItsParent(t *testing.T) {
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

func TestScopesResultIsTheFirstFailureInTime(t *testing.T) {
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

func TestFirstFailureInTimeMayBeAnAsyncOne(t *testing.T) {
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

func TestCancellationNeverDisplacesAFailure(t *testing.T) {
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
			assert.Equal(t, errBoom, task.Wait(ctx))
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
			assert.Equal(t, errBoom, task.Wait(ctx))
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

func TestChildThatAnswersItsOwnCancellationIsNoFailure(t *testing.T) {
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		child := guest.Go(ctx, park)
		guest.Go(ctx, func(ctx context.Context) error { return guest.Sleep(ctx, time.Hour) })
		_ = guest.Sleep(ctx, time.Second)
		child.Cancel(errBoom)
		err := child.Wait(ctx)
		assert.ErrorIs(t, err, errBoom)
		assert.ErrorIs(t, err, context.Canceled)
		return nil
	}))
}

func TestChildsAnswerCountsWhenTheScopeItselfWasCancelled(t *testing.T) {
	require.NoError(t, virtually(t, quiet(), func(ctx context.Context) error {
		task := guestOf(ctx).Go(func(ctx context.Context) error {
			guest.Go(ctx, park)
			return nil
		})
		_ = guest.Sleep(ctx, time.Second)
		task.Cancel(errBoom)
		assert.ErrorIs(t, task.Wait(ctx), errBoom)
		return nil
	}))
}

func TestTaskThatReturnsItsOwnCancellationIsCancelledNotFailed(t *testing.T) {
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		short, cancel := context.WithTimeout(ctx, time.Second)
		defer cancel()
		// its own context ends
		own := guest.Go(short, park)
		// undisturbed
		guest.Go(ctx, func(ctx context.Context) error { return guest.Sleep(ctx, time.Hour) })
		assert.ErrorIs(t, own.Wait(ctx), context.DeadlineExceeded)
		return nil
	}))
	require.ErrorIs(t, virtually(t, nil, func(ctx context.Context) error {
		// a part of it took too long: that is a failure
		guest.Go(ctx, func(ctx context.Context) error {
			short, cancel := context.WithTimeout(ctx, time.Second)
			defer cancel()
			return guest.Park(short)
		})
		return guest.Park(ctx)
	}), context.DeadlineExceeded)
}

func TestAsyncErrorNobodyObservedBecomesTheScopes(t *testing.T) {
	failing := func(context.Context) (int, error) { return 0, errBoom }
	for name, observe := range map[string]func(ctx context.Context, f *guest.Future[int]){
		"Await": func(ctx context.Context, f *guest.Future[int]) { _, _ = f.Wait(ctx) },
		"Await, later": func(ctx context.Context, f *guest.Future[int]) {
			_ = guest.Sleep(ctx, time.Second)
			_, _ = f.Wait(ctx)
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

func TestAsyncPanicGoesToBoth(t *testing.T) {
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		var p, q *guest.PanicError
		err := guest.Scope(ctx, func(ctx context.Context) error {
			f := guest.Async(ctx, func(context.Context) (int, error) { panic(errBoom) })
			_, err := f.Wait(context.WithoutCancel(ctx))
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
			assert.ErrorIs(t, seen.Wait(ctx), observed)
			return guest.Sleep(ctx, time.Hour) // nobody is cancelled
		})
		assert.NoError(t, err)
		assert.NoError(t, guest.Yield(ctx))
		assert.Equal(t, []error{errBoom, errBoom}, causes(heard), "what nobody observed; the future's when the scope joined")
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

func TestSuperviseReturnsTheCancellationThatCameWhileItWaited(t *testing.T) {
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
		task.Cancel(errBoom)
		_ = task.Wait(ctx)
		return nil
	}))
	require.ErrorIs(t, err, context.Canceled)
	require.ErrorIs(t, err, errBoom)
}

// One table for all verbs: what becomes of a failure that no code asks for.
func TestScopeDecidesAboutAFailureNeverTheVerb(t *testing.T) {
	verbs := map[string]func(ctx context.Context){
		"Go":    func(ctx context.Context) { guest.Go(ctx, fails) },
		"Async": func(ctx context.Context) { guest.Async(ctx, failsWithout) },
		"After": func(ctx context.Context) { guest.After(ctx, time.Second, fails) },
		"Every": func(ctx context.Context) {
			n := 0
			guest.Every(ctx, time.Second, func(context.Context) error {
				if n++; n < 3 {
					return nil
				}
				return errBoom
			}, nil)
		},
		"Submit": func(ctx context.Context) { guest.Submit(ctx, failsWithout) },
		"Queue":  func(ctx context.Context) { new(guest.Queue[int]).Add(ctx, failsWithout) },
		"Go in a handler": func(ctx context.Context) {
			assert.NoError(t, guestOf(ctx).Post(func() { guest.Go(ctx, fails) }))
		},
	}
	scopes := map[string]struct {
		open  func(ctx context.Context, fn func(ctx context.Context) error) error
		apart bool
	}{
		"Scope": {guest.Scope, false},
		"a task's": {func(ctx context.Context, fn func(ctx context.Context) error) error {
			return guestOf(ctx).Go(fn).Wait(ctx)
		}, false},
		"Supervise": {guest.Supervise, true},
	}
	for verb, start := range verbs {
		for name, scope := range scopes {
			t.Run(verb+" in "+name, func(t *testing.T) {
				var heard []error
				opts := quiet()
				opts.OnError = func(err error) { heard = append(heard, err) }
				require.NoError(t, virtually(t, opts, func(ctx context.Context) error {
					err := scope.open(ctx, func(ctx context.Context) error {
						start(ctx)
						_ = guest.Sleep(ctx, time.Minute)
						return nil
					})
					if scope.apart {
						assert.NoError(t, err)
					} else {
						assert.ErrorIs(t, err, errBoom)
					}
					return guest.Sleep(ctx, time.Minute)
				}))
				if scope.apart {
					require.Equal(t, []error{errBoom}, causes(heard))
				} else {
					require.Empty(t, heard)
				}
			})
		}
	}
}

func failsWithout(context.Context) (int, error) { return 0, errBoom }

func TestMainsTasksFailApartUnderOptionsSupervise(t *testing.T) {
	var heard []error
	opts := quiet()
	opts.Supervise, opts.OnError = true, func(err error) { heard = append(heard, err) }
	require.NoError(t, virtually(t, opts, func(ctx context.Context) error {
		assert.NoError(t, guestOf(ctx).Post(func() { guest.Go(ctx, fails); guest.Go(ctx, fails) }))
		guest.Async(ctx, failsWithout)
		return guest.Sleep(ctx, time.Minute)
	}))
	require.Equal(t, []error{errBoom, errBoom, errBoom}, causes(heard))

	require.ErrorIs(t, virtually(t, opts, func(ctx context.Context) error {
		guest.Go(ctx, park)
		return errBoom
	}), errBoom, "main's own failure cancels its tasks")
}

// A child process that its context has killed says so in words of its own. A task that returns
// the error of the context has not failed. A task that returns the error of the work has.
func TestErrorOfTheContextIsNoFailure(t *testing.T) {
	killed := errors.New("signal: killed")
	for name, c := range map[string]struct {
		answer func(ctx context.Context, err error) error
		want   error
	}{
		"the context's": {func(ctx context.Context, _ error) error { return ctx.Err() }, nil},
		"the work's":    {func(_ context.Context, err error) error { return err }, killed},
	} {
		t.Run(name, func(t *testing.T) {
			var journal journal
			err := virtually(t, &guest.Options{Logger: journal.logger()}, func(ctx context.Context) error {
				work := guest.Go(ctx, func(ctx context.Context) error {
					_, err := guest.Background(ctx, func(ctx context.Context) (int, error) { <-ctx.Done(); return 0, killed })
					return c.answer(ctx, err)
				})
				require.NoError(t, guest.Sleep(ctx, time.Second))
				work.Cancel(nil)
				return guest.Sleep(ctx, time.Second)
			})
			if c.want == nil {
				require.NoError(t, err)
			} else {
				require.ErrorIs(t, err, c.want)
			}
			require.Contains(t, journal.String(), "failed after its cancellation")
		})
	}
}
