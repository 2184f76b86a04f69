package guest_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/flow"
	"github.com/golodger/lodger/hosts/headless"
	"github.com/golodger/lodger/internal/looptest"
)

// explode is a frame to look for in stacks.
//
//go:noinline
func explode() error { panic(errBoom) }

func TestPanicsCarryTheTasksOwnStack(t *testing.T) {
	ended := func(ctx context.Context, fn func(ctx context.Context) error) error {
		return guest.Scope(ctx, func(ctx context.Context) error {
			guest.Go(ctx, fn)
			return nil
		})
	}
	for name, run := range map[string]func(ctx context.Context) error{
		"in the first step": func(ctx context.Context) error {
			return ended(ctx, func(context.Context) error { return explode() })
		},
		"after a wait": func(ctx context.Context) error {
			return ended(ctx, func(ctx context.Context) error {
				_ = guest.Sleep(ctx, time.Second)
				return explode()
			})
		},
		"in a defer": func(ctx context.Context) error {
			return ended(ctx, func(ctx context.Context) error {
				defer func() { _ = explode() }()
				return guest.Yield(ctx)
			})
		},
		"in a defer, over another panic": func(ctx context.Context) error {
			return ended(ctx, func(ctx context.Context) error {
				defer func() { _ = explode() }()
				panic("first")
			})
		},
		"in clean-up after a cancellation": func(ctx context.Context) error {
			return ended(ctx, func(ctx context.Context) error {
				guest.Go(ctx, park)
				derived, cancel := context.WithTimeout(ctx, time.Second)
				defer cancel()
				task := guest.Go(derived, func(ctx context.Context) error {
					defer func() { _ = explode() }()
					return guest.Park(ctx)
				})
				return task.Wait(ctx)
			})
		},
		"in a Scope": func(ctx context.Context) error {
			return ended(ctx, func(ctx context.Context) error {
				return guest.Scope(ctx, func(ctx context.Context) error {
					guest.Go(ctx, park)
					_ = guest.Yield(ctx)
					return explode()
				})
			})
		},
		"in an Async": func(ctx context.Context) error {
			_, err := guest.Async(ctx, func(context.Context) (int, error) { return 0, explode() }).Wait(context.WithoutCancel(ctx))
			return err
		},
		"in Modal": func(ctx context.Context) error { return guest.Modal(ctx, func() { _ = explode() }) },
		"in Background": func(ctx context.Context) error {
			return inBackground(ctx, func(context.Context) { _ = explode() })
		},
		"in a pulled iterator's loop": func(ctx context.Context) error {
			return ended(ctx, func(ctx context.Context) error {
				ch := make(chan int, 1)
				ch <- 1
				for range flow.Each(ctx, ch) {
					return explode()
				}
				return nil
			})
		},
		"in a posted function": func(ctx context.Context) error {
			_ = guestOf(ctx).Post(func() { _ = explode() })
			_ = guest.Sleep(ctx, time.Second)
			return nil // by OnError
		},
		"in RunOnMain": func(ctx context.Context) error {
			_ = guest.RunOnMain(ctx, func() { _ = explode() })
			_ = guest.Sleep(ctx, time.Second)
			return nil // by OnError
		},
		"in a task of the guest": func(ctx context.Context) error {
			guestOf(ctx).Go(func(context.Context) error { return explode() })
			_ = guest.Sleep(ctx, time.Second)
			return nil // by OnError
		},
	} {
		t.Run(name, func(t *testing.T) {
			var all []error
			opts := quiet()
			opts.OnError = func(err error) { all = append(all, err) }
			_ = virtually(t, opts, func(ctx context.Context) error {
				if err := run(ctx); err != nil {
					all = append(all, err)
				}
				return nil
			})
			require.Len(t, all, 1, "reported once")
			var p *guest.PanicError
			require.ErrorAs(t, all[0], &p)
			require.Equal(t, errBoom, p.Value)
			require.ErrorIs(t, all[0], errBoom, "an error value is unwrapped")
			require.Contains(t, string(p.Stack), "guest_test.explode", "the user's own frame")
			require.Contains(t, p.Error(), "guest_test.explode")
		})
	}
}

func TestOddPanicValues(t *testing.T) {
	for name, v := range map[string]any{"nil": nil, "String that panics": rude{}, "number": 7, "text": "oh no"} {
		t.Run(name, func(t *testing.T) {
			err := virtually(t, nil, func(ctx context.Context) error {
				guest.Go(ctx, func(context.Context) error { panic(v) })
				return guest.Park(ctx)
			})
			var p *guest.PanicError
			require.ErrorAs(t, err, &p)
			require.NotEmpty(t, p.Error())
			if v != nil {
				require.Equal(t, v, p.Value)
			}
		})
	}
}

// A rude value panics when it is printed.
type rude struct{}

func (rude) String() string { panic("and String panics too") }
func (rude) Error() string  { panic("and Error panics too") }

func TestGoexitIsToldApartAndHarmsNobody(t *testing.T) {
	for name, run := range map[string]func(ctx context.Context) error{
		"in the first step": func(ctx context.Context) error {
			return guest.Go(ctx, func(context.Context) error { runtime.Goexit(); return nil }).Wait(context.WithoutCancel(ctx))
		},
		"after a wait": func(ctx context.Context) error {
			return guest.Go(ctx, func(ctx context.Context) error {
				_ = guest.Sleep(ctx, time.Second)
				runtime.Goexit()
				return nil
			}).Wait(context.WithoutCancel(ctx))
		},
		"in a defer that waits": func(ctx context.Context) error {
			return guest.Go(ctx, func(ctx context.Context) error {
				defer func() {
					_ = guest.Sleep(context.WithoutCancel(ctx), time.Second)
					runtime.Goexit()
				}()
				return nil
			}).Wait(context.WithoutCancel(ctx))
		},
		"with a defer that waits": func(ctx context.Context) error {
			return guest.Go(ctx, func(ctx context.Context) error {
				defer func() { _ = guest.Sleep(context.WithoutCancel(ctx), time.Second) }()
				runtime.Goexit()
				return nil
			}).Wait(context.WithoutCancel(ctx))
		},
		"in an Async": func(ctx context.Context) error {
			_, err := guest.Async(ctx, func(context.Context) (int, error) { runtime.Goexit(); return 0, nil }).
				Wait(context.WithoutCancel(ctx))
			return err
		},
		"in a Background": func(ctx context.Context) error {
			return inBackground(ctx, func(context.Context) { runtime.Goexit() })
		},
		"in CallOnMain": func(ctx context.Context) (err error) {
			_ = inBackground(ctx, func(ctx context.Context) {
				_, err = guest.CallOnMain(ctx, func(context.Context) (int, error) { runtime.Goexit(); return 0, nil })
			})
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			require.NoError(t, virtually(t, quiet(), func(ctx context.Context) error {
				var err error
				_ = guest.Supervise(ctx, func(ctx context.Context) error { err = run(ctx); return nil })
				assert.ErrorIs(t, err, guest.ErrGoexit)
				return guest.Sleep(ctx, time.Second) // all is well
			}))
		})
	}
	t.Run("in main", func(t *testing.T) {
		require.ErrorIs(t, virtually(t, nil, func(ctx context.Context) error {
			guest.Go(ctx, park)
			_ = guest.Yield(ctx)
			runtime.Goexit()
			return nil
		}), guest.ErrGoexit)
	})
	t.Run("in a posted function", func(t *testing.T) {
		var heard []error
		opts := quiet()
		opts.OnError = func(err error) { heard = append(heard, err) }
		require.NoError(t, virtually(t, opts, func(ctx context.Context) error {
			ran := 0
			_ = guestOf(ctx).Post(func() { ran++ })
			_ = guestOf(ctx).Post(func() { runtime.Goexit() })
			_ = guestOf(ctx).Post(func() { ran++ })
			err := guest.Sleep(ctx, time.Second)
			assert.Equal(t, 2, ran)
			return err
		}))
		require.Equal(t, []error{guest.ErrGoexit}, causes(heard))
	})
}

func TestRequireInATaskFailsItCleanly(t *testing.T) {
	require.NoError(t, virtually(t, quiet(), func(ctx context.Context) error {
		inner := new(testing.T)
		task := guestOf(ctx).Go(func(ctx context.Context) error {
			_ = guest.Yield(ctx)
			require.Fail(inner, "on purpose")
			return nil
		})
		assert.Equal(t, guest.ErrGoexit, task.Wait(ctx))
		assert.True(t, inner.Failed())
		return nil
	}))
}

func TestSupervisedErrorsGoToOnError(t *testing.T) {
	var heard []error
	opts := quiet()
	opts.OnError = func(err error) { heard = append(heard, err) }
	require.NoError(t, virtually(t, opts, func(ctx context.Context) error {
		g := guestOf(ctx)
		g.Go(fails)
		g.Go(func(context.Context) error { return explode() })
		g.Go(func(context.Context) error { return nil })
		g.Go(park).Cancel(nil) // a cancellation is no failure
		observed := g.Go(func(ctx context.Context) error {
			_ = guest.Yield(ctx)
			return errors.New("observed")
		})
		assert.Error(t, observed.Wait(ctx))
		asked := g.Go(func(ctx context.Context) error { return errors.New("asked for") })
		asked.Done()
		_ = guest.Sleep(ctx, time.Second)
		assert.Error(t, asked.Err())
		return nil // none of it is the root's
	}))
	require.Len(t, heard, 2)
	require.Equal(t, errBoom, causes(heard)[0])
	require.ErrorIs(t, heard[1], errBoom)
}

func TestWithoutOnErrorErrorsAreLogged(t *testing.T) {
	var j journal
	require.NoError(t, virtually(t, &guest.Options{Logger: j.logger(), Name: "a\nb"}, func(ctx context.Context) error {
		guestOf(ctx).Go(fails)
		_ = guestOf(ctx).Post(func() { panic("posted\nthing") })
		return guest.Sleep(ctx, time.Second)
	}))
	require.Contains(t, j.String(), "unobserved error")
	require.Contains(t, j.String(), "err=boom")
	require.Contains(t, j.String(), "errors_test.go")
	require.Contains(t, j.String(), "unobserved panic")
	require.NotContains(t, j.String(), "posted\nthing", "data is quoted")
	require.NotContains(t, j.String(), "a\nb")
}

func TestUnobservedPanicComesOutOfTheRun(t *testing.T) {
	err := virtually(t, quiet(), func(ctx context.Context) error {
		guestOf(ctx).Go(func(context.Context) error { return explode() })
		err := guest.Park(ctx)
		assert.ErrorIs(t, err, errBoom, "it cancels the root")
		return err
	})
	var p *guest.PanicError
	require.ErrorAs(t, err, &p)
	require.ErrorIs(t, err, errBoom)
}

func TestObservedPanicStaysWithWhoObservesIt(t *testing.T) {
	require.NoError(t, virtually(t, quiet(), func(ctx context.Context) error {
		task := guestOf(ctx).Go(func(context.Context) error { return explode() })
		assert.ErrorIs(t, task.Wait(ctx), errBoom)
		return guest.Sleep(ctx, time.Second)
	}))
}

func TestOnErrorRunsOnTheUIThreadOutsideAnyTask(t *testing.T) {
	var j journal
	heard := 0
	opts := &guest.Options{Logger: j.logger()}
	var ctx0 context.Context
	opts.OnError = func(error) {
		heard++
		_, err := guest.CallOnMain(ctx0, func(context.Context) (int, error) { return 0, nil })
		assert.ErrorIs(t, err, guest.ErrWouldDeadlock)
		guestOf(ctx0).Go(func(context.Context) error { heard++; return nil })
		_ = guest.Sleep(ctx0, 1) // panics
	}
	require.NoError(t, virtually(t, opts, func(ctx context.Context) error {
		ctx0 = ctx
		guestOf(ctx).Go(fails)
		return guest.Sleep(ctx, time.Second)
	}))
	require.Equal(t, 2, heard, "its own panic is only logged")
	require.Contains(t, j.String(), "Sleep called on the UI thread outside a task")
}

func TestHandlerOfErrorsThatMisbehavesHarmsNobody(t *testing.T) {
	for name, handler := range map[string]func(error){
		"panics": func(error) { panic("in the handler") },
		"exits":  func(error) { runtime.Goexit() },
	} {
		t.Run(name, func(t *testing.T) {
			opts := quiet()
			called := 0
			opts.OnError = func(err error) { called++; handler(err) }
			require.NoError(t, virtually(t, opts, func(ctx context.Context) error {
				g := guestOf(ctx)
				g.Go(fails)
				_ = guest.Sleep(ctx, time.Second)
				g.Go(fails)
				_ = g.Post(func() { panic("posted") })
				return guest.Sleep(ctx, time.Second)
			}))
			require.Equal(t, 3, called, "once for each, and not for its own")
		})
	}
}

func TestLoggerThatMisbehavesHarmsNobody(t *testing.T) {
	for name, handler := range map[string]func(){
		"panics": func() { panic("in the logger") },
		"exits":  runtime.Goexit,
	} {
		t.Run(name, func(t *testing.T) {
			called := atomic.Int32{}
			opts := &guest.Options{Logger: slog.New(looptest.LogHandler(func() { called.Add(1); handler() }))}
			require.NoError(t, virtually(t, opts, func(ctx context.Context) error {
				g := guestOf(ctx)
				g.Go(fails)
				_ = g.Post(func() { panic(rude{}) })
				return guest.Sleep(ctx, time.Second)
			}))
			require.EqualValues(t, 2, called.Load())
		})
	}
}

func TestErrorsSayWhatToDo(t *testing.T) {
	for _, err := range []error{
		guest.ErrFinished, guest.ErrHostGone, guest.ErrNoGuest, guest.ErrWouldDeadlock,
		guest.ErrQuit, guest.ErrGoexit,
	} {
		require.Regexp(t, "^guest: ", err.Error())
	}
}

func TestFaultsThatTheUserMadePanicStayHis(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		loop := headless.New()
		_, err := guest.Run(loop, func(ctx context.Context) (int, error) {
			return 0, guest.Go(ctx, func(ctx context.Context) error {
				defer func() {
					r, ok := recover().(runtime.Error)
					assert.True(t, ok)
					assert.ErrorContains(t, r, "nil pointer")
				}()
				var p *int
				*p = 1
				return nil
			}).Wait(ctx)
		}, nil)
		require.NoError(t, err)
	})
}

func TestCancelledTellsAnswersFromFailures(t *testing.T) {
	work := func(cause error, fn func(ctx context.Context) error) (err error) {
		_ = virtually(t, quiet(), func(ctx context.Context) error {
			task := guestOf(ctx).Go(func(ctx context.Context) error { return fn(ctx) })
			_ = guest.Sleep(ctx, time.Millisecond)
			if cause != nil {
				task.Cancel(cause)
			}
			err = task.Wait(ctx)
			return nil
		})
		return err
	}
	for name, c := range map[string]struct {
		err  error
		want bool
	}{
		"nil":                 {nil, false},
		"an answer":           {work(errBoom, guest.Park), true},
		"an answer in words":  {work(errBoom, func(ctx context.Context) error { return fmt.Errorf("loading: %w", guest.Park(ctx)) }), true},
		"the context's error": {work(guest.ErrQuit, func(ctx context.Context) error { _ = guest.Park(ctx); return ctx.Err() }), true},
		"context.Canceled":    {context.Canceled, true},
		"a closed window":     {fmt.Errorf("prompt: %w", guest.ErrWindowClosed), true},
		"a time-out": {work(nil, func(ctx context.Context) error {
			ctx, cancel := context.WithTimeout(ctx, time.Second)
			defer cancel()
			return guest.Park(ctx)
		}), false},
		"a failure":                        {errBoom, false},
		"a failure after the cancellation": {work(guest.ErrQuit, func(ctx context.Context) error { _ = guest.Park(ctx); return errBoom }), false},
		"work that failed after it": {work(guest.ErrQuit, func(ctx context.Context) error {
			return inBackgroundErr(ctx, func(ctx context.Context) error { <-ctx.Done(); return errBoom })
		}), false},
		"a panic with it": {work(guest.ErrQuit, func(ctx context.Context) error { panic(guest.Park(ctx)) }), false},
		"a list":          {errors.Join(context.Canceled, errBoom), false},
	} {
		require.Equal(t, c.want, guest.Cancelled(c.err), "%s: %v", name, c.err)
	}
}

func inBackgroundErr(ctx context.Context, fn func(ctx context.Context) error) error {
	_, err := guest.Background(ctx, func(ctx context.Context) (int, error) { return 0, fn(ctx) })
	return err
}
