package guest

import (
	"context"
	"errors"
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest/internal/place"
	"github.com/golodger/lodger/host"
)

func TestRunReturnsMainsResultAndTellsTheHost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &scriptLoop{}
		v, err := Run(l, func(ctx context.Context) (int, error) { return 42, Sleep(ctx, time.Hour) }, nil)
		require.NoError(t, err)
		require.Equal(t, 42, v)
		require.Equal(t, []host.Outcome{{Value: 42}}, l.Outcomes)

		boom := errors.New("boom")
		l = &scriptLoop{}
		v, err = Run(l, func(ctx context.Context) (int, error) { return 7, boom }, nil)
		require.Equal(t, boom, err)
		require.Equal(t, 7, v)
		require.Equal(t, []host.Outcome{{Value: 7, Err: boom}}, l.Outcomes)
	})
}

func TestPanicInMainIsRunsErrorWithItsStack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &scriptLoop{}
		unwound := false
		_, err := Run(l, func(ctx context.Context) (string, error) {
			Go(ctx, func(ctx context.Context) error { defer func() { unwound = true }(); return Park(ctx) })
			_ = Sleep(ctx, time.Hour)
			panic("no such window")
		}, nil)
		var p *PanicError
		require.ErrorAs(t, err, &p)
		require.Equal(t, "no such window", p.Value)
		require.Contains(t, string(p.Stack), "TestPanicInMainIsRunsErrorWithItsStack")
		require.True(t, unwound, "and its tasks are not left behind")
		require.Equal(t, []host.Outcome{{Value: "", Err: err}}, l.Outcomes)
	})
}

func TestRunRefusesANilHost(t *testing.T) {
	require.PanicsWithValue(t, "guest: Run called with a nil host; make one, for example with headless.New()",
		func() { _, _ = Run[int](nil, nil, nil) })
	require.PanicsWithValue(t, "guest: Start called with a nil host; make one, for example with headless.New()",
		func() { _, _ = Start(nil, nil, nil) })
}

type sliceHost struct {
	*scriptLoop
	_ []int
}

func TestRunRefusesAHostThatCannotBeCompared(t *testing.T) {
	require.PanicsWithValue(t, "guest: Run called with a host of type guest.sliceHost, which can't be compared; use a pointer",
		func() { _, _ = Run[int](sliceHost{}, nil, nil) })
}

func TestRunRefusesWrongOptions(t *testing.T) {
	l := &scriptLoop{}
	_, err := Run[int](l, nil, &Options{Grace: -1})
	require.EqualError(t, err, "guest: Options.Grace is -1ns; give a positive duration, or 0 for 5s")
	_, err = Run[int](l, nil, &Options{Budget: -time.Second})
	require.EqualError(t, err, "guest: Options.Budget is -1s; give a positive duration, or 0 for 4ms")
	_, err = Run(l, func(context.Context) (int, error) { return 0, nil }, nil)
	require.NoError(t, err, "a refused guest leaves the host free")
}

func TestHostThatNeverStartsTheGuestIsAnError(t *testing.T) {
	ran := false
	main := func(context.Context) (int, error) { ran = true; return 0, nil }
	l := &scriptLoop{OnMain: func(func() error) bool { return false }}
	_, err := Run(l, main, nil)
	require.EqualError(t, err, "guest: the host's loop ended without starting the guest")
	require.Empty(t, place.Live())

	own := errors.New("no display")
	l = &scriptLoop{OnMain: func(func() error) bool { return false }, Err: own}
	_, err = Run(l, main, nil)
	require.Equal(t, own, err, "the host knows better why")
	require.False(t, ran)
	require.Empty(t, l.Outcomes)
	_, err = Run(l, main, nil)
	require.ErrorIs(t, err, errHostBusy)
}

func TestHostThatStartsTheGuestTwiceIsRefused(t *testing.T) {
	l := &scriptLoop{}
	var second error
	l.OnMain = func(start func() error) bool {
		return assert.NoError(t, start()) && func() bool { second = start(); return false }()
	}
	runs := 0
	_, err := Run(l, func(context.Context) (int, error) { runs++; return 0, nil }, nil)
	require.ErrorIs(t, err, ErrHostGone, "the loop ended before main began")
	require.EqualError(t, second, "guest: the host started the guest twice; it must call startGuest only once")
	require.Zero(t, runs)
}

func TestHostThatStartsTheGuestElsewhereOrLateIsRefused(t *testing.T) {
	needThreads(t)
	const want = "guest: the host started the guest outside Mainloop, or on another thread; " +
		"it must call startGuest in Mainloop, on the same goroutine"
	main := func(context.Context) (int, error) { t.Error("main ran"); return 0, nil }
	var away error
	var kept func() error
	l := &scriptLoop{OnMain: func(start func() error) bool {
		kept = start
		elsewhere(func() { away = start() })
		return false
	}}
	_, err := Run(l, main, nil)
	require.EqualError(t, err, "guest: the host's loop ended without starting the guest")
	require.EqualError(t, away, want)
	require.EqualError(t, kept(), want)
	require.Empty(t, place.Live())
}

func TestErrorOfTheLoopIsReturnedWithMains(t *testing.T) {
	own, boom := errors.New("the X server died"), errors.New("boom")
	main := func(err error) func(context.Context) (int, error) {
		return func(context.Context) (int, error) { return 5, err }
	}
	v, err := Run(&scriptLoop{Err: own}, main(nil), nil)
	require.Equal(t, own, err)
	require.Equal(t, 5, v)
	_, err = Run(&scriptLoop{Err: own}, main(boom), nil)
	require.ErrorIs(t, err, own)
	require.ErrorIs(t, err, boom)
}

// panickyMain is a loop in which a toolkit's handler panics, or exits, while tasks are parked.
func panickyMain(t *testing.T, harm func()) (run func(), unwound *int) {
	l, n := &scriptLoop{}, 0
	return func() {
		_, _ = Run(l, func(ctx context.Context) (int, error) {
			defer func() { n++ }()
			Go(ctx, func(ctx context.Context) error {
				defer func() {
					assert.NoError(t, Sleep(context.WithoutCancel(ctx), time.Second))
					n++
				}()
				return Park(ctx)
			})
			time.AfterFunc(time.Second, func() { l.Post(harm) })
			err := Park(ctx)
			assert.ErrorIs(t, err, ErrHostGone)
			return 0, err
		}, nil)
	}, &n
}

func TestPanicThatLeavesTheLoopGoesOnWhenTheTasksHaveUnwound(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		run, unwound := panickyMain(t, func() { panic("in a handler") })
		require.PanicsWithValue(t, "in a handler", run)
		require.Equal(t, 2, *unwound)
		require.Empty(t, place.Live())
	})
}

func TestGoexitThatLeavesTheLoopGoesOnWhenTheTasksHaveUnwound(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		run, unwound := panickyMain(t, runtime.Goexit)
		exited := true
		elsewhere(func() { run(); exited = false })
		require.True(t, exited)
		require.Equal(t, 2, *unwound)
		require.Empty(t, place.Live())
	})
}

func TestStartReturnsAHandleThatServesAndHasRunNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, c := &scriptLoop{}, &chapters{t: t}
		g, err := Start(l, func(context.Context) error { c.step(2); return nil }, nil)
		require.NoError(t, err)
		require.NoError(t, g.Post(func() { c.step(3) }))
		task := g.Go(func(context.Context) error { c.step(4); return nil })
		early := g.Go(func(ctx context.Context) error { c.step(5); return ctx.Err() })
		early.Cancel(nil)
		time.Sleep(time.Hour)
		c.step(1)
		select {
		case <-g.Done():
			t.Error("done too early")
		default:
		}
		require.NoError(t, task.Err())
		require.NoError(t, embedded(l, g).Err)
		require.NoError(t, task.Wait(t.Context()))
		require.ErrorIs(t, early.Wait(t.Context()), context.Canceled)
		c.step(6)
	})
}

func TestGuestThatIsCancelledWhileItStartsRunsMainCancelled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &scriptLoop{}
		ran := false
		g, err := Start(l, func(ctx context.Context) error {
			ran = true // an accepted function always runs
			return Park(ctx)
		}, nil)
		require.NoError(t, err)
		g.Cancel(nil)
		require.ErrorIs(t, embedded(l, g).Err, ErrQuit)
		require.True(t, ran)
	})
}

func TestNilMainRunsUntilCancel(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for name, c := range map[string]struct{ cause, want error }{
			"quit":         {nil, nil},
			"quit by name": {ErrQuit, nil},
			"a failure":    {errors.New("disk full"), errors.New("disk full")},
		} {
			l := &scriptLoop{}
			g, err := Start(l, nil, nil)
			require.NoError(t, err)
			tasks := 0
			time.AfterFunc(time.Hour, func() {
				g.Go(func(context.Context) error { tasks++; return nil })
				time.Sleep(time.Hour)
				g.Cancel(c.cause)
			})
			began := time.Now()
			report := embedded(l, g)
			require.Equal(t, 2*time.Hour, time.Since(began), name)
			require.Equal(t, 1, tasks)
			if c.want == nil {
				require.NoError(t, report.Err, name)
			} else {
				require.ErrorIs(t, report.Err, c.cause, name)
				require.ErrorIs(t, report.Err, context.Canceled, name)
			}
		}
	})
}

type key struct{}

func TestOptionsContextIsTheParentOfAll(t *testing.T) {
	boom := errors.New("sigint")
	for name, early := range map[string]bool{"cancelled later": false, "cancelled before Start": true} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				parent, cancel := context.WithCancelCause(context.WithValue(t.Context(), key{}, "v"))
				if early {
					cancel(boom)
				}
				l := &scriptLoop{}
				g, err := Start(l, func(ctx context.Context) error {
					assert.Equal(t, "v", ctx.Value(key{}))
					return Park(ctx)
				}, &Options{Context: parent})
				require.NoError(t, err)
				crew := g.Go(func(ctx context.Context) error {
					assert.Equal(t, "v", ctx.Value(key{}))
					return Park(ctx)
				})
				time.AfterFunc(time.Minute, func() { cancel(boom) })
				report := embedded(l, g)
				for _, err := range []error{report.Err, crew.Err()} {
					require.ErrorIs(t, err, boom)
					require.ErrorIs(t, err, context.Canceled)
				}
			})
		})
	}
}

func TestOptionsContextWithADeadlineEndsTheGuest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		parent, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		began := time.Now()
		_, err := Run[int](&scriptLoop{}, nil, &Options{Context: parent})
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.Equal(t, time.Minute, time.Since(began))
	})
}

func TestHostValueServesOneGuest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &scriptLoop{}
		g, err := Start(l, nil, nil)
		require.NoError(t, err)
		_, err = Start(l, nil, nil)
		require.Equal(t, errHostBusy, err, "it has one")
		g.Cancel(nil)
		embedded(l, g)
		_, err = Start(l, nil, nil)
		require.Equal(t, errHostBusy, err, "it had one")
		_, err = Run[int](l, nil, nil)
		require.Equal(t, errHostBusy, err)
		require.Len(t, l.Outcomes, 1)
	})
}

// TestGuestMayLiveInATaskOfAnother: the inner one has the thread until it ends.
func TestGuestMayLiveInATaskOfAnother(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &chapters{t: t}
		outer := &scriptLoop{}
		_, err := Run(outer, func(ctx context.Context) (int, error) {
			Go(ctx, func(ctx context.Context) error { c.step(5); return Sleep(ctx, time.Second) })
			c.step(1)
			inner := &scriptLoop{}
			v, err := Run(inner, func(inside context.Context) (int, error) {
				c.step(2)
				h, ok := host.Current()
				assert.True(t, ok)
				assert.Same(t, inner, h)
				refused := 0
				wait := func() {
					if errors.Is(Sleep(inside, 1), ErrWouldDeadlock) {
						refused++
					}
				}
				// a handler of the inner loop: to park the outer task would end the process
				inner.Post(wait)
				assert.NoError(t, RunOnMain(inside, wait))
				defer func() { assert.Equal(t, 2, refused) }()
				child := Go(inside, func(ctx context.Context) error { c.step(3); return Yield(ctx) })
				assert.NoError(t, Sleep(inside, time.Second))
				assert.NoError(t, Yield(inside))
				_, err := Background(inside, func(context.Context) (int, error) { return 0, nil })
				assert.NoError(t, err)
				return 1, child.Wait(inside)
			}, nil)
			c.step(4)
			h, _ := host.Current()
			assert.Same(t, outer, h)
			if err != nil {
				return 0, err
			}
			return v, Sleep(ctx, time.Second)
		}, nil)
		require.NoError(t, err)
		c.step(6)
	})
}

func TestGuestMayBeStartedInATaskOnAnotherLoop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, err := Run(&scriptLoop{}, func(ctx context.Context) (int, error) {
			l := &scriptLoop{}
			g, err := Start(l, func(ctx context.Context) error { return Sleep(ctx, time.Second) }, nil)
			if err != nil {
				return 0, err
			}
			return Background(ctx, func(context.Context) (int, error) { return 0, embedded(l, g).Err })
		}, nil)
		require.NoError(t, err)
	})
}

func TestGuestsInSeveralBubblesDoNotMeet(t *testing.T) {
	for range 3 {
		t.Run("", func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				for range 20 {
					began := time.Now()
					_, err := Run(&scriptLoop{}, func(ctx context.Context) (int, error) {
						for range 10 {
							Go(ctx, func(ctx context.Context) error { return Sleep(ctx, time.Hour) })
						}
						return Background(ctx, func(context.Context) (int, error) { return 0, nil })
					}, nil)
					require.NoError(t, err)
					require.Equal(t, time.Hour, time.Since(began))
				}
			})
		})
	}
}

func TestRunTaskIsRunWithoutAResult(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		boom := errors.New("boom")
		l := &scriptLoop{}
		require.Equal(t, boom, RunTask(l, func(ctx context.Context) error {
			if err := Sleep(ctx, time.Hour); err != nil {
				return err
			}
			return boom
		}, nil))
		require.Equal(t, []host.Outcome{{Err: boom}}, l.Outcomes)
		require.ErrorIs(t, RunTask(l, nil, nil), errHostBusy)
	})
	require.PanicsWithValue(t, "guest: RunTask called with a nil host; make one, for example with headless.New()",
		func() { _ = RunTask(nil, nil, nil) })
}
