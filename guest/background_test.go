package guest_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/flow"
	"github.com/golodger/lodger/hosts/headless"
)

func TestBackgroundRunsOffTheUIThreadAndTheOthersGoOn(t *testing.T) {
	s := &story{t: t}
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		guest.Go(ctx, func(ctx context.Context) error {
			s.step(2)
			err := guest.Sleep(ctx, time.Second)
			s.step(4)
			return err
		})
		s.step(1)
		v, err := guest.Background(ctx, func(context.Context) (int, error) {
			time.Sleep(500 * time.Millisecond)
			s.step(3)
			time.Sleep(time.Second)
			s.step(5)
			return 7, errBoom
		})
		s.step(6)
		assert.Equal(t, 7, v)
		assert.Equal(t, errBoom, err)
		return nil
	}))
}

func TestBackgroundReturnsOnlyWhenFnHasReturned(t *testing.T) {
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		task := guest.Go(ctx, func(ctx context.Context) error {
			start := time.Now()
			v, err := guest.Background(ctx, func(ctx context.Context) (int, error) {
				<-ctx.Done() // cancellation reaches fn
				assert.Equal(t, errBoom, context.Cause(ctx))
				time.Sleep(time.Hour) // which takes its time
				return 7, nil
			})
			assert.ErrorIs(t, err, errBoom, "the cancellation")
			assert.Equal(t, 7, v, "and fn's own result")
			assert.Equal(t, time.Hour+time.Second, time.Since(start))
			return ctx.Err()
		})
		_ = guest.Sleep(ctx, time.Second)
		task.Cancel(errBoom)
		_ = task.Wait(ctx)
		return nil
	}))
}

func TestBackgroundThatIsCancelledAlreadyDoesNotRun(t *testing.T) {
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		cancelled, cancel := context.WithCancel(ctx)
		cancel()
		err := inBackground(cancelled, func(context.Context) { t.Error("it ran") })
		assert.ErrorIs(t, err, context.Canceled)
		return nil
	}))
}

func TestPanicInBackgroundHasTheStackOfItsGoroutine(t *testing.T) {
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		_, err := guest.Background(ctx, func(context.Context) (int, error) { return 0, explode() })
		var p *guest.PanicError
		assert.ErrorAs(t, err, &p)
		assert.ErrorIs(t, err, errBoom)
		assert.Contains(t, string(p.Stack), "guest_test.explode")
		return nil
	}))
}

func TestGoexitInBackgroundIsErrGoexit(t *testing.T) {
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		assert.Equal(t, guest.ErrGoexit, inBackground(ctx, func(context.Context) { runtime.Goexit() }))
		return nil
	}))
}

func TestWhatABackgroundFunctionMayDo(t *testing.T) {
	s := &story{t: t}
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		err := inBackground(ctx, func(ctx context.Context) {
			task := guest.Go(ctx, func(ctx context.Context) error { s.step(1); return guest.Sleep(ctx, time.Second) })
			assert.NoError(t, task.Wait(ctx))
			f := guest.Async(ctx, func(context.Context) (int, error) { return 7, nil })
			v, err := f.Wait(ctx)
			assert.NoError(t, err)
			assert.Equal(t, 7, v)
			assert.NoError(t, guest.RunOnMain(ctx, func() { s.step(2) }))
			v, err = guest.CallOnMain(ctx, func(ctx context.Context) (int, error) {
				s.step(3)
				return 8, guest.Sleep(ctx, time.Second)
			})
			assert.NoError(t, err)
			assert.Equal(t, 8, v)
			began := time.Now()
			assert.NoError(t, guest.Sleep(ctx, time.Second))
			assert.Equal(t, time.Second, time.Since(began))
			assert.NoError(t, guest.Yield(ctx))
			assert.NoError(t, inBackground(ctx, func(context.Context) { s.step(4) }), "in place")
			ch := make(chan int, 1)
			ch <- 9
			v, ok, err := flow.Recv(ctx, ch)
			assert.Equal(t, []any{9, true, nil}, []any{v, ok, err})
			short, cancel := context.WithTimeout(ctx, time.Second)
			defer cancel()
			assert.ErrorIs(t, guest.Park(short), context.DeadlineExceeded)
		})
		s.step(5)
		return err
	}))
}

// The task that waits is a child's parent: what a background function starts is joined, too.
func TestTasksThatABackgroundFunctionStartsBelongToItsTask(t *testing.T) {
	s := &story{t: t}
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		task := guest.Go(ctx, func(ctx context.Context) error {
			return inBackground(ctx, func(ctx context.Context) {
				guest.Go(ctx, func(ctx context.Context) error {
					err := guest.Sleep(ctx, time.Second)
					s.step(2)
					return err
				})
				s.step(1)
			})
		})
		err := task.Wait(ctx)
		s.step(3)
		return err
	}))
}

func TestBackgroundsRunAtTheSameTimeWithoutLimit(t *testing.T) {
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		start := time.Now()
		err := guest.Scope(ctx, func(ctx context.Context) error {
			for range 1000 {
				guest.Go(ctx, func(ctx context.Context) error {
					return inBackground(ctx, func(context.Context) { time.Sleep(time.Second) })
				})
			}
			return nil
		})
		assert.Equal(t, time.Second, time.Since(start))
		return err
	}))
}

func TestBackgroundThatIgnoresItsCancellationIsAbandonedAfterTheGrace(t *testing.T) {
	opts := quiet()
	opts.Grace = time.Minute
	synctest.Test(t, func(t *testing.T) {
		start, waited := time.Now(), time.Duration(0)
		err := really(opts, func(ctx context.Context) error {
			guest.Go(ctx, func(ctx context.Context) error {
				err := inBackground(ctx, func(context.Context) { time.Sleep(time.Hour) })
				waited = time.Since(start)
				assert.ErrorContains(t, err, "background function abandoned")
				return err
			})
			_ = guest.Sleep(ctx, 1) // it has begun
			guestOf(ctx).Cancel(nil)
			return guest.Park(ctx)
		})
		require.ErrorContains(t, err, "background function abandoned", "a failure, which the cancellation does not displace")
		require.Equal(t, time.Minute+1, waited)
		time.Sleep(time.Hour) // it goes on for as long as it likes
	})
}

// An abandoned function may fail while the guest ends, in which case a panic goes to OnError, or
// after the end.
func TestFailureOfAnAbandonedBackgroundIsNeverSilent(t *testing.T) {
	for name, test := range map[string]struct {
		fail  func() error
		logs  string // after the end of the guest
		heard bool   // before it, by OnError
	}{
		"a panic":   {func() error { panic(errBoom) }, `panic=boom stack="guest_test.TestFailure`, true},
		"a failure": {func() error { return errBoom }, `err=boom`, false},
		"a Goexit":  {func() error { runtime.Goexit(); return nil }, `err="guest: the function called runtime.Goexit`, false},
		"no answer": {func() error { return nil }, "", false},
		"an answer": {func() error { return fmt.Errorf("stopped: %w", context.Canceled) }, "", false},
	} {
		for _, late := range []bool{true, false} {
			var out bytes.Buffer
			var heard []error
			opts := &guest.Options{Grace: time.Minute, Logger: slog.New(slog.NewTextHandler(&out, nil)),
				OnError: func(err error) { heard = append(heard, err) }}
			synctest.Test(t, func(t *testing.T) {
				_ = really(opts, func(ctx context.Context) error {
					guest.Go(ctx, func(ctx context.Context) error {
						err := guest.BackgroundFunc(ctx, func(context.Context) error {
							time.Sleep(time.Hour)
							return test.fail()
						})
						assert.ErrorContains(t, err, "background function abandoned")
						if !late {
							_ = guest.Sleep(context.WithoutCancel(ctx), 2*time.Hour)
						}
						return ctx.Err()
					})
					_ = guest.Sleep(ctx, 1) // it has begun
					guestOf(ctx).Cancel(nil)
					return guest.Park(ctx)
				})
				time.Sleep(2 * time.Hour)
			})
			if test.heard && !late {
				require.Len(t, heard, 1, name)
				require.ErrorIs(t, heard[0], errBoom, name)
				continue
			}
			require.Empty(t, heard, name)
			if test.logs == "" {
				require.NotContains(t, out.String(), "failed", name)
			} else {
				require.Contains(t, out.String(), test.logs, "%s, late: %v", name, late)
				require.Equal(t, 1, strings.Count(out.String(), "guest: unobserved")+strings.Count(out.String(), "guest: failed after"), out.String())
			}
		}
	}
}

func TestBackgroundThatNobodyCancelledIsWaitedFor(t *testing.T) {
	opts := quiet()
	opts.Grace = time.Minute
	require.NoError(t, virtually(t, opts, func(ctx context.Context) error {
		start := time.Now()
		guestOf(ctx).Cancel(nil)
		_ = guest.Park(ctx)
		err := inBackground(context.WithoutCancel(ctx), func(context.Context) { time.Sleep(time.Hour) })
		assert.Equal(t, time.Hour, time.Since(start))
		return err
	}))
}

func TestBackgroundThatHasNotBegunIsWithdrawn(t *testing.T) {
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		ctx = flow.WithExecutor(ctx, flow.NewPool(1))
		hog := guest.Go(ctx, func(ctx context.Context) error {
			return inBackground(ctx, func(context.Context) { time.Sleep(time.Hour) })
		})
		_ = guest.Sleep(ctx, time.Second)
		start := time.Now()
		limited, cancel := context.WithTimeout(ctx, time.Minute)
		defer cancel()
		err := inBackground(limited, func(context.Context) { t.Error("began") })
		assert.ErrorIs(t, err, context.DeadlineExceeded)
		assert.Equal(t, time.Minute, time.Since(start))
		return hog.Wait(ctx)
	}))
}

// twice is an executor that does not keep its word.
type twice struct{}

func (twice) Execute(ctx context.Context, fn func(context.Context)) {
	go func() { fn(ctx); fn(ctx) }()
}

// inline is another.
type inline struct{}

func (inline) Execute(ctx context.Context, fn func(context.Context)) { fn(ctx) }

// When every wait is refused, a function that needs one does not begin, and its error says so.
// It is no failure: a main that passes it on has ended with its loop.
func TestWhatIsRefusedAfterTheLoopHasNotBegun(t *testing.T) {
	began := func(context.Context) (int, error) { t.Error("it has begun"); return 0, nil }
	for name, call := range map[string]func(ctx context.Context) error{
		"Background": func(ctx context.Context) error { _, err := guest.Background(ctx, began); return err },
		"CallOnMain": func(ctx context.Context) error { _, err := guest.CallOnMain(ctx, began); return err },
		"Modal":      func(ctx context.Context) error { return guest.Modal(ctx, func() { t.Error("it has begun") }) },
	} {
		synctest.Test(t, func(t *testing.T) {
			runtime.LockOSThread()
			defer runtime.UnlockOSThread()
			loop := headless.New()
			var g *guest.Guest
			require.NoError(t, loop.Mainloop(func() (err error) {
				g, err = guest.Start(loop, func(ctx context.Context) error {
					loop.Quit()
					shielded := context.WithoutCancel(ctx)
					assert.Equal(t, guest.ErrHostGone, guest.Sleep(shielded, time.Hour), name)
					err := call(shielded)
					assert.True(t, guest.IsQuit(err), "%v: %v", name, err)
					return err
				}, &guest.Options{Logger: new(journal).logger()})
				return err
			}))
			err := g.Finish().Err
			require.ErrorIs(t, err, guest.ErrNotBegun, name)
			require.ErrorIs(t, err, guest.ErrHostGone, name)
			require.True(t, guest.IsQuit(err), name)
		})
	}
	require.False(t, guest.IsQuit(guest.ErrNotBegun))
	require.False(t, guest.IsQuit(errors.Join(guest.ErrHostGone, guest.ErrNotBegun, errors.New("the disk is full"))))
	require.False(t, guest.IsQuit(errors.Join(guest.ErrNotBegun)))
}

func TestBackgroundRunsOnceAndNeverOnTheUIThread(t *testing.T) {
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		runs := 0
		err := inBackground(flow.WithExecutor(ctx, twice{}), func(context.Context) { runs++ })
		_ = guest.Sleep(ctx, time.Second)
		assert.NoError(t, err)
		assert.Equal(t, 1, runs)
		assert.Contains(t, panicOf(func() {
			_ = inBackground(flow.WithExecutor(ctx, inline{}), func(context.Context) { runs++ })
		}), "it must run it later, on another goroutine")
		assert.Equal(t, 1, runs)
		return nil
	}))
}

// A quickExecutor has run the function when Execute returns.
type quickExecutor struct{}

func (quickExecutor) Execute(ctx context.Context, fn func(ctx context.Context)) {
	var wg sync.WaitGroup
	wg.Go(func() { fn(ctx) })
	wg.Wait()
}

func TestWhatAQuickBackgroundFunctionHasPostedRunsBeforeItsResult(t *testing.T) {
	require.NoError(t, virtually(t, &guest.Options{Executor: quickExecutor{}}, func(ctx context.Context) error {
		s := &story{t: t}
		_, err := guest.Background(ctx, func(ctx context.Context) (int, error) {
			s.step(1)
			return 0, guest.RunOnMain(ctx, func() { s.step(2) })
		})
		s.step(3)
		return err
	}))
}

// TestPostsOfACancelledFunctionRunBeforeItsResult, though the cancellation has woken the task
// before the function has returned.
func TestPostsOfACancelledFunctionRunBeforeItsResult(t *testing.T) {
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		s := &story{t: t}
		var task *guest.Task
		task = guest.Go(ctx, func(ctx context.Context) error {
			err := inBackground(ctx, func(bg context.Context) {
				assert.NoError(t, guestOf(ctx).Post(func() {
					task.Cancel(nil)
					time.Sleep(time.Millisecond) // until the function has returned
					s.step(1)
				}))
				<-bg.Done()
				assert.NoError(t, guestOf(ctx).Post(func() { s.step(2) }))
			})
			s.step(3)
			return err
		})
		assert.ErrorIs(t, task.Wait(ctx), context.Canceled)
		return nil
	}))
}
