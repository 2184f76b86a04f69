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
	"github.com/golodger/lodger/hosts/headless"
)

type valueKey struct{}

func TestGoKeepsItsOwnerThroughDerivedContexts(t *testing.T) {
	withTimeout := func(ctx context.Context) context.Context {
		ctx, cancel := context.WithTimeout(ctx, never)
		_ = cancel
		return ctx
	}
	for name, derive := range map[string]func(ctx context.Context) context.Context{
		"itself":        func(ctx context.Context) context.Context { return ctx },
		"WithTimeout":   withTimeout,
		"WithoutCancel": context.WithoutCancel,
		"WithValue":     func(ctx context.Context) context.Context { return context.WithValue(ctx, valueKey{}, 1) },
		"all of them": func(ctx context.Context) context.Context {
			return context.WithValue(withTimeout(context.WithoutCancel(ctx)), valueKey{}, 1)
		},
		"Background's": func(ctx context.Context) context.Context {
			ctx, _ = guest.Background(ctx, func(ctx context.Context) (context.Context, error) { return ctx, nil })
			return ctx
		},
		"Background's WithTimeout": func(ctx context.Context) context.Context {
			ctx, _ = guest.Background(ctx, func(ctx context.Context) (context.Context, error) { return withTimeout(ctx), nil })
			return ctx
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := &story{t: t}
			require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
				err := guest.Scope(ctx, func(ctx context.Context) error {
					guest.Go(derive(ctx), func(ctx context.Context) error {
						err := guest.Sleep(ctx, time.Second)
						s.step(1)
						if err == nil {
							err = errBoom
						}
						return err
					})
					return nil
				})
				s.step(2)
				assert.Equal(t, errBoom, err, "its failure is the parent's")
				return nil
			}))
		})
	}
}

func TestDerivedContextCancelsTheTasksItStarted(t *testing.T) {
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		derived, cancel := context.WithCancelCause(context.WithValue(ctx, valueKey{}, "v"))
		task := guest.Go(derived, func(ctx context.Context) error {
			assert.Equal(t, "v", ctx.Value(valueKey{}))
			guest.Go(ctx, func(ctx context.Context) error {
				assert.Equal(t, "v", ctx.Value(valueKey{}))
				return guest.Park(ctx)
			})
			return guest.Park(ctx)
		})
		_ = guest.Sleep(ctx, time.Second)
		cancel(errBoom)
		assert.ErrorIs(t, task.Wait(ctx), errBoom)
		return nil
	}))
}

func TestWithoutCancelShieldsATask(t *testing.T) {
	s := &story{t: t}
	require.ErrorIs(t, virtually(t, nil, func(ctx context.Context) error {
		guest.Go(context.WithoutCancel(ctx), func(ctx context.Context) error {
			assert.NoError(t, guest.Sleep(ctx, time.Second))
			s.step(2)
			return nil
		})
		guestOf(ctx).Cancel(nil)
		err := guest.Park(ctx)
		s.step(1)
		return err
	}), guest.ErrQuit)
	s.step(3)
}

func TestDerivedContextsCostNoGoroutine(t *testing.T) {
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		before := runtime.NumGoroutine()
		for range 20 {
			short, cancel := context.WithTimeout(ctx, never)
			defer cancel()
			more, cancel := context.WithCancel(context.WithValue(short, valueKey{}, 1))
			defer cancel()
			defer context.AfterFunc(more, func() {})()
			<-time.After(0)
		}
		const slack = 5 // the process has goroutines that come and go
		assert.LessOrEqual(t, runtime.NumGoroutine(), before+slack)
		return guest.Scope(ctx, func(ctx context.Context) error {
			short, cancel := context.WithTimeout(ctx, never)
			defer cancel()
			for range 20 {
				guest.Go(short, func(ctx context.Context) error { return guest.Sleep(ctx, time.Second) })
			}
			err := guest.Yield(ctx)
			assert.LessOrEqual(t, runtime.NumGoroutine(), before+20+slack, "the coroutines themselves")
			return err
		})
	}))
}

// Every wait, and every way in which its context may end.
func TestWaitEndedByCancellationMatchesErrAndCause(t *testing.T) {
	type wait func(ctx context.Context) error
	waits := map[string]wait{
		"Sleep":        func(ctx context.Context) error { return guest.Sleep(ctx, never) },
		"Park":         guest.Park,
		"Yield":        func(ctx context.Context) (err error) { return yieldUntilError(ctx) },
		"Recv":         func(ctx context.Context) error { _, _, err := flow.Recv(ctx, make(chan int)); return err },
		"Await future": func(ctx context.Context) error { _, err := guest.NewFuture[int]().Wait(ctx); return err },
		"Background": func(ctx context.Context) error {
			return errors.Join(inBackground(ctx, func(ctx context.Context) { <-ctx.Done() }), guest.Park(ctx))
		},
	}
	type end func(ctx context.Context, fn func(ctx context.Context) error) error
	ends := map[string]struct {
		end        end
		err, cause error
	}{
		"Task.Cancel": {func(ctx context.Context, fn func(ctx context.Context) error) error {
			task := guest.Go(ctx, fn)
			_ = guest.Sleep(ctx, time.Second)
			task.Cancel(errBoom)
			return task.Wait(ctx)
		}, context.Canceled, errBoom},
		"Task.Cancel(nil)": {func(ctx context.Context, fn func(ctx context.Context) error) error {
			task := guest.Go(ctx, fn)
			_ = guest.Sleep(ctx, time.Second)
			task.Cancel(nil)
			return task.Wait(ctx)
		}, context.Canceled, context.Canceled},
		"WithTimeout": {func(ctx context.Context, fn func(ctx context.Context) error) error {
			ctx, cancel := context.WithTimeout(ctx, time.Second)
			defer cancel()
			return fn(ctx)
		}, context.DeadlineExceeded, context.DeadlineExceeded},
		"WithTimeoutCause": {func(ctx context.Context, fn func(ctx context.Context) error) error {
			ctx, cancel := context.WithTimeoutCause(ctx, time.Second, errBoom)
			defer cancel()
			return fn(ctx)
		}, context.DeadlineExceeded, errBoom},
		"Go with a WithTimeoutCause": {func(ctx context.Context, fn func(ctx context.Context) error) error {
			short, cancel := context.WithTimeoutCause(ctx, time.Second, errBoom)
			defer cancel()
			return guest.Go(short, func(ctx context.Context) error { return guest.Go(ctx, fn).Wait(context.WithoutCancel(ctx)) }).Wait(ctx)
		}, context.DeadlineExceeded, errBoom},
		"WithCancelCause": {func(ctx context.Context, fn func(ctx context.Context) error) error {
			derived, cancel := context.WithCancelCause(ctx)
			guest.Go(ctx, func(ctx context.Context) error {
				err := guest.Sleep(ctx, time.Second)
				cancel(errBoom)
				return err
			})
			return fn(derived)
		}, context.Canceled, errBoom},
		"a sibling's failure": {func(ctx context.Context, fn func(ctx context.Context) error) (err error) {
			_ = guest.Scope(ctx, func(ctx context.Context) error {
				guest.Go(ctx, func(ctx context.Context) error {
					_ = guest.Sleep(ctx, time.Second)
					return errBoom
				})
				err = fn(ctx)
				return err
			})
			return err
		}, context.Canceled, errBoom},
		"a foreign context": {func(_ context.Context, fn func(ctx context.Context) error) error {
			ctx, cancel := context.WithTimeoutCause(context.Background(), time.Second, errBoom)
			defer cancel()
			return fn(ctx)
		}, context.DeadlineExceeded, errBoom},
	}
	for waitName, wait := range waits {
		for endName, e := range ends {
			t.Run(waitName+"/"+endName, func(t *testing.T) {
				require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
					err := e.end(ctx, func(ctx context.Context) error {
						err := wait(ctx)
						assert.ErrorIs(t, err, e.err)
						assert.ErrorIs(t, err, e.cause)
						assert.Equal(t, e.err, ctx.Err())
						assert.Equal(t, e.cause, context.Cause(ctx))
						return err
					})
					assert.ErrorIs(t, err, e.err)
					assert.ErrorIs(t, err, e.cause)
					return nil
				}))
			})
		}
	}
}

func yieldUntilError(ctx context.Context) error {
	for {
		if err := guest.Yield(ctx); err != nil {
			return err
		}
		_ = guest.Sleep(context.WithoutCancel(ctx), time.Millisecond)
	}
}

func TestCauseIsThatOfTheFirstCancellation(t *testing.T) {
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		var child *guest.Task
		parent := guest.Go(ctx, func(ctx context.Context) error {
			child = guest.Go(ctx, func(ctx context.Context) error {
				err := guest.Park(ctx)
				assert.ErrorIs(t, err, errBoom)
				// meanwhile the parent is cancelled too
				_ = guest.Sleep(context.WithoutCancel(ctx), time.Hour)
				assert.Equal(t, errBoom, context.Cause(ctx))
				return guest.Park(ctx)
			})
			return guest.Park(ctx)
		})
		_ = guest.Sleep(ctx, time.Second)
		child.Cancel(errBoom)
		_ = guest.Sleep(ctx, time.Second)
		parent.Cancel(errors.New("later"))
		_ = parent.Wait(ctx)
		return nil
	}))
}

func TestCancelledWaitReturnsAtOnceAlsoInADefer(t *testing.T) {
	s := &story{t: t}
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		task := guest.Go(ctx, func(ctx context.Context) error {
			defer func() {
				start := time.Now()
				assert.ErrorIs(t, guest.Sleep(ctx, time.Hour), errBoom)
				assert.ErrorIs(t, guest.Park(ctx), errBoom)
				assert.ErrorIs(t, guest.Yield(ctx), errBoom)
				_, _, err := flow.Recv(ctx, make(chan int))
				assert.ErrorIs(t, err, errBoom)
				assert.ErrorIs(t, inBackground(ctx, func(context.Context) { t.Error("it ran") }), errBoom)
				assert.ErrorIs(t, guest.Modal(ctx, func() { t.Error("it ran") }), errBoom)
				_, err = guest.NewFuture[int]().Wait(ctx)
				assert.ErrorIs(t, err, errBoom)
				assert.Zero(t, time.Since(start))
				s.step(1)

				// What must wait is shielded.
				assert.NoError(t, guest.Sleep(context.WithoutCancel(ctx), time.Second))
				assert.Equal(t, time.Second, time.Since(start))
				s.step(2)
			}()
			return guest.Park(ctx)
		})
		_ = guest.Sleep(ctx, time.Second)
		task.Cancel(errBoom)
		return errors.Join(guest.Sleep(ctx, time.Minute))
	}))
	s.step(3)
}

// A context that is kept too long must not make a wait that nothing can end.
func TestContextOfAnEndedScopeIsDone(t *testing.T) {
	for _, asked := range []bool{false, true} {
		require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
			var scope, task context.Context
			_ = guest.Scope(ctx, func(ctx context.Context) error { scope = ctx; return nil })
			_ = guest.Go(ctx, func(ctx context.Context) error { task = ctx; return nil }).Wait(ctx)
			for _, late := range []context.Context{scope, task} {
				if asked {
					<-late.Done()
				}
				assert.ErrorIs(t, guest.Park(late), context.Canceled)
				assert.ErrorIs(t, guest.Sleep(late, time.Second), guest.ErrFinished)
				assert.Equal(t, context.Canceled, late.Err())
				assert.Equal(t, guest.ErrFinished, context.Cause(late))
			}
			return nil
		}))
	}
}

func TestWaitUnderAScopeEndsWithTheScope(t *testing.T) {
	for name, derive := range map[string]func(ctx context.Context) context.Context{
		"itself":  func(ctx context.Context) context.Context { return ctx },
		"derived": func(ctx context.Context) context.Context { return context.WithValue(ctx, valueKey{}, 1) },
	} {
		t.Run(name, func(t *testing.T) {
			require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
				var theirs context.Context
				guest.Go(ctx, func(ctx context.Context) error {
					theirs = derive(ctx)
					return guest.Sleep(ctx, time.Second)
				})
				_ = guest.Yield(ctx)
				start := time.Now()
				assert.ErrorIs(t, guest.Sleep(theirs, time.Hour), guest.ErrFinished)
				assert.Equal(t, time.Second, time.Since(start))
				return nil
			}))
		})
	}
}

func TestWaitsMayUseContextsOfOthers(t *testing.T) {
	t.Run("context.Background", func(t *testing.T) {
		require.ErrorIs(t, virtually(t, nil, func(ctx context.Context) error {
			nobody := context.Background()
			guestOf(ctx).Cancel(nil)
			_ = guest.Park(ctx)
			ch := make(chan int, 1)
			ch <- 1
			f := guest.NewFuture[int]()
			f.Resolve(1)
			_, ferr := f.Wait(nobody)
			_, _, rerr := flow.Recv(nobody, ch)
			assert.NoError(t, errors.Join(guest.Yield(nobody), guest.Sleep(nobody, time.Second), ferr, rerr,
				inBackground(nobody, func(context.Context) {}), guest.Modal(nobody, func() {}),
				guest.Scope(nobody, func(context.Context) error { return nil }),
				guest.Go(ctx, func(context.Context) error { return nil }).Wait(nobody)))
			return guest.Park(ctx)
		}), guest.ErrQuit)
	})
	t.Run("another guest", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			s := &story{t: t}
			handed, over := make(chan context.Context), make(chan struct{})
			go func() {
				_, err := headless.Run(func(ctx context.Context) (int, error) {
					handed <- ctx
					defer close(over)
					return 0, guest.Sleep(ctx, time.Minute)
				}, nil)
				assert.NoError(t, err)
			}()
			_, err := headless.Run(func(ctx context.Context) (int, error) {
				theirs, _, err := flow.Recv(ctx, handed)
				if err != nil {
					return 0, err
				}
				// The task that waits is ours; the cancellation is theirs.
				assert.NoError(t, guest.Sleep(theirs, time.Second))
				assert.NoError(t, guest.Yield(theirs))
				here, _ := guest.CallOnMain(ctx, func(context.Context) (*guest.Guest, error) { return guestOf(ctx), nil })
				assert.Same(t, guestOf(ctx), here)

				// What is started with it is theirs too.
				task := guest.Go(theirs, func(ctx context.Context) error {
					assert.NotSame(t, here, guestOf(ctx))
					return guest.Sleep(ctx, time.Second)
				})
				assert.NoError(t, task.Wait(ctx))
				other, err := guest.CallOnMain(theirs, func(ctx context.Context) (*guest.Guest, error) {
					return guestOf(ctx), guest.Sleep(ctx, time.Second)
				})
				assert.NoError(t, err)
				assert.NotSame(t, here, other)
				s.step(1)
				assert.ErrorIs(t, guest.Park(theirs), context.Canceled, "their guest has ended")
				s.step(2)
				<-over
				return 0, guest.Sleep(ctx, time.Second)
			}, nil)
			require.NoError(t, err)
			s.step(3)
		})
	})
}

func TestGuestsContextCarriesValuesAndDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		parent, cancel := context.WithTimeoutCause(context.WithValue(t.Context(), valueKey{}, "v"), time.Hour, errBoom)
		defer cancel()
		opts := quiet()
		opts.Context = parent
		err := really(opts, func(ctx context.Context) error {
			want, _ := parent.Deadline()
			got, ok := ctx.Deadline()
			assert.True(t, ok)
			assert.Equal(t, want, got)
			guestOf(ctx).Go(func(ctx context.Context) error {
				assert.Equal(t, "v", ctx.Value(valueKey{}))
				return nil
			})
			return guest.Park(ctx)
		})
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.ErrorIs(t, err, errBoom)
	})
}

func TestGuestsContextMayBeDoneBeforeItBegins(t *testing.T) {
	parent, cancel := context.WithCancelCause(context.Background())
	cancel(errBoom)
	require.ErrorIs(t, virtually(t, &guest.Options{Context: parent}, park), errBoom)
}

func TestStandardChildrenSeeTheCancellation(t *testing.T) {
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		task := guest.Go(ctx, func(ctx context.Context) error {
			derived, cancel := context.WithCancel(ctx)
			defer cancel()
			var cause error
			assert.ErrorIs(t, inBackground(derived, func(ctx context.Context) {
				<-derived.Done()
				cause = context.Cause(ctx)
			}), errBoom)
			assert.Equal(t, errBoom, cause)
			assert.Equal(t, errBoom, context.Cause(derived))
			return ctx.Err()
		})
		_ = guest.Sleep(ctx, time.Second)
		task.Cancel(errBoom)
		_ = task.Wait(ctx)
		return nil
	}))
}

// The end of the options' context is seen at once, and not only by the guest's next turn.
func TestEndOfTheOptionsContextIsSeenAtOnce(t *testing.T) {
	for name, start := range map[string]func(ctx context.Context, fn func(ctx context.Context) error) error{
		"main": func(ctx context.Context, fn func(ctx context.Context) error) error { return fn(ctx) },
		"a task": func(ctx context.Context, fn func(ctx context.Context) error) error {
			return guest.Go(ctx, fn).Wait(context.WithoutCancel(ctx))
		},
		"a task of the guest": func(ctx context.Context, fn func(ctx context.Context) error) error {
			g, _ := guest.FromContext(ctx)
			return g.Go(fn).Wait(context.WithoutCancel(ctx))
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				outside, cancel := context.WithCancelCause(context.Background())
				opts := &guest.Options{Context: outside}
				err := really(opts, func(ctx context.Context) error {
					return start(ctx, func(ctx context.Context) error {
						assert.NoError(t, ctx.Err())
						cancel(errBoom)
						assert.ErrorIs(t, ctx.Err(), context.Canceled)
						assert.ErrorIs(t, guest.Yield(ctx), errBoom)
						return context.Cause(ctx)
					})
				})
				assert.ErrorIs(t, err, errBoom)
			})
		})
	}
}
