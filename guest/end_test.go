package guest

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/host"
)

func TestAGuestEndsInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, c := &scriptLoop{}, &chapters{t: t}
		release := make(chan struct{})
		var g *Guest
		l.onDone = func(host.Outcome) {
			c.step(9)
			assert.ErrorIs(t, g.Post(func() {}), ErrFinished)
			assert.ErrorIs(t, g.Wait(context.Background()), ErrWouldDeadlock, "not yet over")
			select {
			case <-g.Done():
				t.Error("Done came before DoneCallback")
			default:
			}
		}
		g, err := Start(l, func(ctx context.Context) error {
			c.step(1)
			defer c.step(5) // deferred calls run before children are waited for
			Go(ctx, func(ctx context.Context) error {
				c.step(2)
				defer func() {
					c.step(7)
					assert.NoError(t, g.Post(func() { c.step(8) }), "tasks unwind before the inbox is closed")
				}()
				_, err := Background(ctx, func(context.Context) (int, error) {
					<-release // heeds nothing
					return 0, nil
				})
				assert.Equal(t, ErrAbandoned, err)
				return Sleep(context.WithoutCancel(ctx), time.Second)
			})
			err := Park(ctx)
			c.step(4)
			assert.ErrorIs(t, err, context.Canceled)
			assert.ErrorIs(t, context.Cause(ctx), ErrQuit)
			return err
		}, &Options{Grace: 3 * time.Second})
		require.NoError(t, err)
		g.Go(func(ctx context.Context) error {
			_ = Sleep(ctx, time.Hour)
			c.step(6)
			return nil
		})
		began := time.Now()
		go func() {
			synctest.Wait()
			c.step(3)
			g.Cancel(nil)
			<-g.Done()
			c.step(10)
			assert.ErrorIs(t, g.Wait(context.Background()), ErrQuit)
			close(release)
		}()
		report := l.embedded(g)
		require.Equal(t, 4*time.Second, time.Since(began), "the grace, and the task's own clean-up")
		require.ErrorIs(t, report.Err, ErrQuit)
		require.Len(t, report.Abandoned, 1)
		require.Contains(t, report.Abandoned[0].Name, "TestAGuestEndsInOrder")
		require.Equal(t, 1, report.Abandoned[0].N)
		require.Len(t, l.outcomes, 1)
		require.ErrorIs(t, l.outcomes[0].Err, ErrQuit)
		synctest.Wait()
		c.step(11)
	})
}

func TestBackgroundThatHeedsItsCancellationIsJoined(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		l := &scriptLoop{}
		g, err := Start(l, func(ctx context.Context) error {
			_, err := Background(ctx, func(ctx context.Context) (int, error) {
				<-ctx.Done()
				time.Sleep(4 * time.Second) // slow, and within the grace
				return 0, context.Cause(ctx)
			})
			return err
		}, nil)
		require.NoError(t, err)
		time.AfterFunc(time.Second, func() { g.Cancel(nil) })
		report := l.embedded(g)
		require.ErrorIs(t, report.Err, ErrQuit)
		require.Empty(t, report.Abandoned)
		require.Equal(t, 5*time.Second, time.Since(began))
	})
}

// TestTheEndComesAtOnceAfterASlowLastStep: a last step that uses the budget up must not make the pump fall asleep.
func TestTheEndComesAtOnceAfterASlowLastStep(t *testing.T) {
	began := time.Now()
	_, err := Run(&scriptLoop{}, func(context.Context) (int, error) {
		for end := time.Now().Add(3 * time.Millisecond); time.Now().Before(end); {
		}
		return 0, nil
	}, &Options{Budget: time.Millisecond, Grace: time.Hour})
	require.NoError(t, err)
	require.Less(t, time.Since(began), time.Minute)

	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		l := &scriptLoop{}
		var g *Guest
		g, err := Start(l, func(ctx context.Context) error {
			g.clock.left, g.clock.steps = 0, 0 // the budget is spent by this step
			return nil
		}, nil)
		require.NoError(t, err)
		require.NoError(t, l.embedded(g).Err)
		require.Equal(t, began, time.Now())
	})
}

func TestCancelTwiceKeepsTheFirstCause(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		one, two := errors.New("one"), errors.New("two")
		l := &scriptLoop{}
		g, err := Start(l, func(ctx context.Context) error {
			g, _ := FromContext(ctx)
			g.Cancel(one) // in a task
			g.Cancel(two)
			assert.NoError(t, ctx.Err(), "it takes effect at the next batch")
			err := Yield(ctx)
			assert.ErrorIs(t, err, one)
			return err
		}, nil)
		require.NoError(t, err)
		report := l.embedded(g)
		require.ErrorIs(t, report.Err, one)
		require.NotErrorIs(t, report.Err, two)
		g.Cancel(two) // after the end
		require.Equal(t, report, g.Finish())
	})
}

// TestNothingHangsOrPanicsAfterTheEnd calls all there is, on any goroutine and on what was the UI thread.
func TestNothingHangsOrPanicsAfterTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		l := &scriptLoop{}
		var ctx context.Context
		var task *Task
		var future *Future[int]
		boom := errors.New("boom")
		g, err := Start(l, func(c context.Context) error {
			ctx = c
			task = Go(c, func(context.Context) error { return nil })
			future = Async(c, func(context.Context) (int, error) { return 3, nil })
			_ = Join(c)
			return boom
		}, nil)
		require.NoError(t, err)
		require.Equal(t, boom, l.embedded(g).Err)
		never := func() { t.Error("ran after the end") }
		all := func() {
			bg := context.Background()
			assert.Equal(t, boom, g.Wait(bg))
			assert.Equal(t, boom, g.Finish().Err)
			assert.Equal(t, ErrFinished, g.Post(never))
			g.Cancel(nil)
			<-g.Done()
			for _, late := range []*Task{
				g.Go(func(context.Context) error { never(); return nil }),
				Go(ctx, func(context.Context) error { never(); return nil }),
			} {
				<-late.Done()
				assert.Equal(t, ErrFinished, late.Err())
				assert.Equal(t, ErrFinished, late.Wait(bg))
				late.Cancel(nil)
				assert.Contains(t, late.String(), "TestNothingHangsOrPanicsAfterTheEnd")
			}
			f := Async(ctx, func(context.Context) (int, error) { never(); return 0, nil })
			_, err := f.Wait(bg)
			assert.Equal(t, ErrFinished, err)
			<-f.Done()
			assert.Equal(t, ErrFinished, RunOnMain(ctx, never))
			assert.Equal(t, ErrNoGuest, RunOnMain(bg, never))
			_, err = CallOnMain(ctx, func(context.Context) (int, error) { never(); return 0, nil })
			assert.Error(t, err)
			_, err = CallOnMain(context.WithoutCancel(ctx), func(context.Context) (int, error) { never(); return 0, nil })
			assert.Equal(t, ErrFinished, err)
			assert.NoError(t, task.Wait(bg))
			assert.NoError(t, task.Err())
			task.Cancel(nil)
			v, err := future.Wait(bg)
			assert.NoError(t, err)
			assert.Equal(t, 3, v)
			<-ctx.Done()
			assert.Error(t, ctx.Err())
			got, ok := FromContext(ctx)
			assert.True(t, ok)
			assert.Same(t, g, got)
			for verb, wait := range map[string]func(){
				"Sleep": func() { _ = Sleep(ctx, 1) },
				"Yield": func() { _ = Yield(ctx) },
				"Park":  func() { _ = Park(ctx) },
				"Join":  func() { _ = Join(ctx) },
				"Scope": func() { _ = Scope(ctx, func(context.Context) error { return nil }) },
				"Modal": func() { _ = Modal(ctx, never) },
				"Await": func() { _ = task.Await(ctx) },
				"Recv":  func() { _, _, _ = Recv(ctx, make(chan int)) },
				"Background": func() {
					_, _ = Background(ctx, func(context.Context) (int, error) { never(); return 0, nil })
				},
			} {
				func() {
					defer func() { assert.Contains(t, fmt.Sprint(recover()), "guest: "+verb+" called outside a task; use ") }()
					wait()
				}()
			}
		}
		all()
		elsewhere(all)
	})
}

func TestWaitIsRefusedOnTheHostsThreadOnly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		bg := context.Background()
		l := &scriptLoop{}
		g, err := Start(l, nil, nil)
		require.NoError(t, err)
		task := g.Go(func(ctx context.Context) error {
			assert.Equal(t, ErrWouldDeadlock, g.Wait(ctx), "in a task")
			return Park(ctx)
		})
		future := NewFuture[int]()
		assert.NoError(t, g.Post(func() { assert.Equal(t, ErrWouldDeadlock, g.Wait(bg), "in a posted function") }))
		l.post(func() {
			assert.Equal(t, ErrWouldDeadlock, g.Wait(bg), "in a handler of the host")
			assert.Equal(t, ErrWouldDeadlock, task.Wait(bg))
			_, err := future.Wait(bg)
			assert.Equal(t, ErrWouldDeadlock, err)
			_, err = CallOnMain(&g.root, func(context.Context) (int, error) { return 0, nil })
			assert.Equal(t, ErrWouldDeadlock, err)
		})
		var wg sync.WaitGroup
		wg.Go(func() { // another loop's thread
			other := &scriptLoop{}
			_, err := Run(other, func(ctx context.Context) (int, error) {
				o, _ := FromContext(ctx)
				assert.NoError(t, o.Post(func() {
					assert.NoError(t, g.Wait(bg), "allowed: that loop may block if it likes")
					assert.ErrorIs(t, task.Wait(bg), ErrQuit)
				}))
				return 0, Sleep(ctx, time.Second)
			}, nil)
			assert.NoError(t, err)
		})
		wg.Go(func() { // a goroutine that loses patience
			ctx, cancel := context.WithTimeoutCause(bg, time.Minute, errors.New("impatient"))
			defer cancel()
			err := g.Wait(ctx)
			assert.ErrorIs(t, err, context.DeadlineExceeded)
			assert.ErrorContains(t, err, "impatient")
			g.Cancel(nil)
		})
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		require.NoError(t, l.embedded(g).Err)
		require.NoError(t, g.Wait(bg), "after the end it answers anywhere")
		wg.Wait()
	})
}

func TestFinishAgainReturnsTheSameAnywhere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &scriptLoop{}
		g, err := Start(l, nil, nil)
		require.NoError(t, err)
		g.Go(park)
		time.AfterFunc(time.Second, l.quit)
		report := l.embedded(g)
		require.Len(t, report.Cancelled, 1, "not the guest's own wait for its end")
		require.Equal(t, report, g.Finish())
		elsewhere(func() { assert.Equal(t, report, g.Finish()) })
		require.Len(t, l.outcomes, 1)
	})
}

func park(ctx context.Context) error { return Park(ctx) }

func TestFinishWhileTheLoopRunsPanicsWithTheRemedy(t *testing.T) {
	const want = "guest: Finish called while the host's loop runs; call Cancel, and Finish after the loop has returned"
	synctest.Test(t, func(t *testing.T) {
		l := &scriptLoop{}
		_, err := Run(l, func(ctx context.Context) (int, error) {
			g, _ := FromContext(ctx)
			assert.PanicsWithValue(t, want, func() { g.Finish() }, "in a task")
			l.post(func() { assert.PanicsWithValue(t, want, func() { g.Finish() }, "in a handler") })
			l.onDone = func(host.Outcome) { assert.PanicsWithValue(t, want, func() { g.Finish() }, "in DoneCallback") }
			elsewhere(func() { assert.PanicsWithValue(t, want, func() { g.Finish() }, "anywhere") })
			return 0, Sleep(ctx, time.Second)
		}, nil)
		require.NoError(t, err)
	})
	synctest.Test(t, func(t *testing.T) { // embedded
		l := &scriptLoop{}
		var g *Guest
		g, err := Start(l, func(context.Context) error {
			assert.PanicsWithValue(t, want, func() { g.Finish() }, "in a task")
			return nil
		}, nil)
		require.NoError(t, err)
		l.onDone = func(host.Outcome) { assert.PanicsWithValue(t, want, func() { g.Finish() }, "in DoneCallback") }
		require.NoError(t, l.embedded(g).Err)
	})
}

func TestFinishOnAWrongGoroutinePanicsWithTheRemedy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &scriptLoop{stays: true}
		g, err := Start(l, nil, nil)
		require.NoError(t, err)
		time.AfterFunc(time.Second, l.quit)
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		require.NoError(t, l.Mainloop(nil))
		elsewhere(func() {
			assert.PanicsWithValue(t, "guest: Finish called on another thread than the host's loop ran on; "+
				"call it on the loop's goroutine, and lock that with runtime.LockOSThread before the loop", func() { g.Finish() })
		})
		require.NoError(t, g.Finish().Err)
	})
}

func TestFinishOfALoopThatNeverRanEndsTheGuest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g, err := Start(&scriptLoop{}, func(ctx context.Context) error { return Park(ctx) }, nil)
		require.NoError(t, err)
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		require.ErrorIs(t, g.Finish().Err, ErrHostGone)
	})
}

// What a shielded clean-up gets after the loop has gone: its grace, then ErrHostGone, then Goexit, then the report.

func TestShieldedWaitsAreServedUntilTheGraceAndThenRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &scriptLoop{}
		const grace = 3 * time.Second
		served := 0
		var other *Task
		_, err := Run(l, func(ctx context.Context) (int, error) {
			other = Go(ctx, func(ctx context.Context) error {
				_ = Park(ctx)
				shielded := context.WithoutCancel(ctx)
				v, err := Background(shielded, func(context.Context) (int, error) { time.Sleep(time.Second); return 6, nil })
				assert.NoError(t, err)
				assert.Equal(t, 6, v)
				ch := make(chan int)
				time.AfterFunc(time.Second, func() { ch <- 7 })
				v, _, err = Recv(shielded, ch)
				assert.NoError(t, err)
				assert.Equal(t, 7, v)
				served += 2
				_, _, err = Recv(shielded, ch)
				assert.Equal(t, ErrHostGone, err, "the grace is over")
				assert.Equal(t, ErrHostGone, Yield(shielded))
				assert.Equal(t, ErrHostGone, Park(shielded))
				assert.Equal(t, ErrHostGone, Modal(shielded, func() { t.Error("no loop to run it") }))
				assert.Equal(t, ErrHostGone, NewFuture[int]().awaitError(shielded))
				_, err = Background(shielded, func(context.Context) (int, error) { t.Error("ran"); return 0, nil })
				assert.Equal(t, ErrHostGone, err)
				return err
			})
			l.quit()
			err := Park(ctx)
			assert.ErrorIs(t, err, ErrHostGone)
			began := time.Now()
			for {
				err := Sleep(context.WithoutCancel(ctx), time.Second)
				if err != nil {
					assert.Equal(t, ErrHostGone, err)
					assert.Equal(t, grace, time.Since(began))
					return served, err
				}
				served++
			}
		}, &Options{Grace: grace})
		require.ErrorIs(t, err, ErrHostGone)
		require.ErrorIs(t, other.Err(), ErrHostGone)
		require.GreaterOrEqual(t, served, 4)
	})
}

func (f *Future[T]) awaitError(ctx context.Context) error {
	_, err := f.Await(ctx)
	return err
}

func TestATaskThatIgnoresTheEndIsEndedByGoexitAndItsDeferredCallsRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, c := &scriptLoop{}, &chapters{t: t}
		const grace = time.Second
		var task *Task
		began := time.Now()
		_, err := Run(l, func(ctx context.Context) (int, error) {
			task = Go(ctx, func(ctx context.Context) error {
				defer c.step(3)
				defer func() {
					assert.Equal(t, ErrHostGone, Sleep(context.WithoutCancel(ctx), 1))
					c.step(2)
				}()
				c.step(1)
				for {
					_ = Sleep(context.WithoutCancel(ctx), 10*time.Millisecond)
				}
			})
			l.quit()
			return 0, nil
		}, &Options{Grace: grace})
		require.ErrorIs(t, err, ErrHostGone)
		require.NotErrorIs(t, err, ErrGoexit, "the task did not ask for it")
		require.ErrorIs(t, task.Err(), ErrHostGone)
		require.Equal(t, grace, time.Since(began))
		c.step(4)
	})
}

func TestATaskThatLoopsInItsDeferredCallsIsNamedAsLeakedAndRunReturns(t *testing.T) {
	// Outside a bubble: what is leaked stays.
	l := &scriptLoop{}
	var inside context.Context
	var task *Task
	waited := make(chan error, 3)
	g, err := Start(l, func(ctx context.Context) error {
		task = Go(ctx, func(ctx context.Context) error {
			inside = ctx
			defer func() {
				for {
					_ = Yield(ctx)
				}
			}()
			for {
				_ = Sleep(context.WithoutCancel(ctx), time.Millisecond)
			}
		})
		go func() { waited <- task.Wait(context.Background()) }()
		go func() { <-ctx.Done(); waited <- nil }()
		if err := Yield(ctx); err != nil {
			return err
		}
		l.quit()
		return Park(ctx)
	}, &Options{Grace: 20 * time.Millisecond})
	require.NoError(t, err)
	began := time.Now()
	report := l.embedded(g)
	require.Less(t, time.Since(began), 10*time.Second)
	require.Len(t, report.Leaked, 1)
	require.Contains(t, report.Leaked[0].Name, "TestATaskThatLoopsInItsDeferredCalls")
	require.ErrorIs(t, task.Err(), ErrHostGone)
	for range 2 {
		if err := <-waited; err != nil {
			require.ErrorIs(t, err, ErrHostGone)
		}
	}
	// What starts in a leaked task's scope comes back ended, and nobody waits for it for ever.
	late := Go(inside, func(context.Context) error { t.Error("ran"); return nil })
	require.Equal(t, ErrFinished, late.Wait(context.Background()))
}

// strandedLoop can't be entered after its loop: as a host whose callbacks come through C, and which has lost its Enterer.
type strandedLoop struct{ scriptLoop }

func (l *strandedLoop) Enter(func()) {}

func TestAGuestThatCannotBeEnteredNamesAllTasksAndLetsAllWaitersGo(t *testing.T) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	l := &strandedLoop{}
	var inside context.Context
	waits := 0
	waited := make(chan error)
	wait := func(fn func() error) {
		waits++
		go func() { waited <- fn() }()
	}
	bg := context.Background()
	l.onMain = func(start func() error) bool {
		require.NoError(t, start())
		for fn := l.next(true); fn != nil; fn = l.next(true) {
			l.run(fn)
		}
		g, _ := FromContext(inside) // the loop has ended; the guest does not know yet
		require.NoError(t, g.Post(func() { t.Error("ran") }))
		unbegun := g.Go(func(context.Context) error { t.Error("ran"); return nil })
		wait(func() error { return unbegun.Wait(bg) })
		return false
	}
	_, err := Run(l, func(ctx context.Context) (int, error) {
		inside = ctx
		g, _ := FromContext(ctx)
		task := Go(ctx, park)
		future := Async(ctx, func(ctx context.Context) (int, error) { return 0, Park(ctx) })
		l.onAsk = func(fn func()) bool { return fmt.Sprintf("%p", fn) == fmt.Sprintf("%p", g.modal) } // lost
		Go(ctx, func(ctx context.Context) error { return Modal(ctx, func() { t.Error("ran") }) })
		wait(func() error { return task.Wait(bg) })
		wait(func() error { _, err := future.Wait(bg); return err })
		wait(func() error { return g.Wait(bg) })
		wait(func() error {
			_, err := CallOnMain(bg, func(ctx context.Context) (int, error) { return 0, Park(ctx) })
			return err
		})
		if err := Sleep(ctx, 20*time.Millisecond); err != nil {
			return 0, err
		}
		wait(func() error { <-ctx.Done(); return context.Cause(ctx) })
		l.onDone = func(host.Outcome) {
			assert.Panics(t, func() { g.Finish() })
			assert.Equal(t, ErrFinished, g.Post(func() { t.Error("ran") }))
		}
		l.quit()
		return 0, Park(ctx)
	}, nil)
	require.ErrorIs(t, err, ErrHostGone)
	g, _ := FromContext(inside)
	report := g.Finish()
	n := 0
	for _, leak := range report.Leaked {
		n += leak.N
	}
	require.Equal(t, 6, n)
	require.Equal(t, 1, report.Dropped)
	for range waits {
		require.ErrorIs(t, <-waited, ErrHostGone)
	}
	require.Len(t, l.outcomes, 1)
	<-inside.Done() // also for who asks only now
	require.ErrorIs(t, context.Cause(inside), ErrHostGone)
	g.modal() // much too late
	late := Go(inside, func(context.Context) error { t.Error("ran"); return nil })
	require.Equal(t, ErrFinished, late.Wait(bg), "the scope never ended, and yet nobody waits for ever")
}

// Panics and Goexit, where the guest calls what the user gave it.

func TestPanicsAndGoexitsAreReportedOnceWhereverTheyHappen(t *testing.T) {
	boom := errors.New("boom")
	for kind, harm := range map[string]func(){"panic": func() { panic(boom) }, "Goexit": runtime.Goexit} {
		want := boom
		if kind == "Goexit" {
			want = ErrGoexit
		}
		for place, main := range map[string]func(ctx context.Context, g *Guest) error{
			"main":              func(context.Context, *Guest) error { harm(); return nil },
			"main after a wait": func(ctx context.Context, _ *Guest) error { _ = Sleep(ctx, time.Second); harm(); return nil },
			"a deferred call":   func(ctx context.Context, _ *Guest) error { defer harm(); return Sleep(ctx, time.Second) },
			"a child": func(ctx context.Context, _ *Guest) error {
				Go(ctx, func(context.Context) error { harm(); return nil })
				return Park(ctx)
			},
			"a background": func(ctx context.Context, _ *Guest) error {
				_, err := Background(ctx, func(context.Context) (int, error) { harm(); return 0, nil })
				return err
			},
			"a scope": func(ctx context.Context, _ *Guest) error {
				return Scope(ctx, func(context.Context) error { harm(); return nil })
			},
			"a modal function": func(ctx context.Context, _ *Guest) error {
				if kind == "Goexit" {
					return ErrGoexit
				}
				return Modal(ctx, harm)
			},
			"a posted function": func(ctx context.Context, g *Guest) error { _ = g.Post(harm); return Sleep(ctx, time.Second) },
			"RunOnMain": func(ctx context.Context, g *Guest) error {
				if kind == "Goexit" {
					harm()
				}
				_ = RunOnMain(ctx, harm)
				return Sleep(ctx, time.Second)
			},
			"a task of the crew": func(ctx context.Context, g *Guest) error {
				g.Go(func(context.Context) error { harm(); return nil })
				return Sleep(ctx, time.Second)
			},
			"clean-up": func(ctx context.Context, g *Guest) error {
				g.Cancel(nil)
				_ = Park(ctx)
				_ = Sleep(context.WithoutCancel(ctx), time.Second)
				harm()
				return nil
			},
		} {
			t.Run(kind+" in "+place, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					var reported []error
					var g *Guest
					l := &scriptLoop{}
					g, err := Start(l, func(ctx context.Context) error { return main(ctx, g) },
						&Options{OnError: func(err error) { reported = append(reported, err) }})
					require.NoError(t, err)
					if err := l.embedded(g).Err; err != nil {
						reported = append(reported, err)
					}
					require.Len(t, reported, 1)
					require.ErrorIs(t, reported[0], want)
					if p := (*PanicError)(nil); kind == "panic" && assert.ErrorAs(t, reported[0], &p) {
						require.Contains(t, string(p.Stack), "end_test.go", "the user's own frame")
					}
				})
			})
		}
	}
}

func TestAHandlerOfErrorsThatPanicsOrExitsIsLoggedOnce(t *testing.T) {
	for name, harm := range map[string]func(){"panics": func() { panic("handler") }, "exits": runtime.Goexit} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var book logbook
				calls := 0
				_, err := Run(&scriptLoop{}, func(ctx context.Context) (int, error) {
					g, _ := FromContext(ctx)
					assert.NoError(t, g.Post(func() { panic("one") }))
					g.Go(func(context.Context) error { return errors.New("two") })
					return 0, Sleep(ctx, time.Second)
				}, &Options{Logger: book.logger(), OnError: func(error) { calls++; harm() }})
				require.NoError(t, err)
				require.Equal(t, 2, calls)
				require.Len(t, book.lines(), 2)
			})
		})
	}
}

func TestADoneCallbackThatPanicsOrExitsDoesNotKeepTheGuestAlive(t *testing.T) {
	for name, harm := range map[string]func(){"panics": func() { panic("host") }, "exits": runtime.Goexit} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var book logbook
				l := &scriptLoop{onDone: func(host.Outcome) { harm() }}
				var g *Guest
				elsewhere(func() {
					var err error
					_, err = Run(l, func(ctx context.Context) (int, error) { g, _ = FromContext(ctx); return 0, nil },
						&Options{Logger: book.logger()})
					assert.NoError(t, err)
				})
				<-g.Done()
				require.NoError(t, g.Wait(t.Context()))
				require.Empty(t, liveGuests())
				require.Len(t, l.outcomes, 1)
				if name == "panics" {
					require.Equal(t, 1, book.count("unobserved panic"))
				}
			})
		})
	}
}

func TestAPanicInADeferredCallDuringGoexitIsNotLost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		boom := errors.New("boom")
		_, err := Run(&scriptLoop{}, func(context.Context) (int, error) {
			defer func() { panic(boom) }()
			runtime.Goexit()
			return 0, nil
		}, nil)
		require.ErrorIs(t, err, boom)
		_, err = Run(&scriptLoop{}, func(context.Context) (int, error) {
			defer runtime.Goexit() // it swallows the panic, in plain Go too
			panic(boom)
		}, nil)
		require.ErrorIs(t, err, ErrGoexit)
	})
}

// TestTheHostMayDieAtAnyStep ends the loop at each of 200 steps of a busy program.
func TestTheHostMayDieAtAnyStep(t *testing.T) {
	steps := 200
	for n := 1; n <= steps; n++ {
		ok := t.Run(fmt.Sprint("step ", n), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { dieAt(t, int64(n)) })
		})
		if !ok {
			return
		}
	}
	synctest.Test(t, func(t *testing.T) {
		require.Greater(t, dieAt(t, 1<<40), int64(steps), "the story is long enough")
	})
}

func dieAt(t *testing.T, deadly int64) int64 {
	const grace = 2 * time.Second
	l := &scriptLoop{}
	var at atomic.Int64
	tick := func() {
		if at.Add(1) == deadly {
			l.quit()
		}
	}
	l.onTurn = tick
	begun, undone := 0, 0 // without a lock: all tasks are on one thread
	task := func(fn func(ctx context.Context) error) func(ctx context.Context) error {
		return func(ctx context.Context) error {
			begun++
			defer func() { undone++; tick() }()
			tick()
			return fn(ctx)
		}
	}
	release := make(chan struct{}) // for what heeds nothing
	var waiters sync.WaitGroup
	bg := context.Background()
	wait := func(fn func() error) {
		waiters.Go(func() {
			err := fn()
			if err != nil && !errors.Is(err, ErrHostGone) && !errors.Is(err, ErrFinished) && !errors.Is(err, context.Canceled) {
				t.Errorf("a waiting goroutine got %v", err)
			}
		})
	}
	var died time.Time
	l.onMain = func(start func() error) bool {
		if err := start(); err != nil {
			return false
		}
		for fn := l.next(true); fn != nil; fn = l.next(true) {
			l.run(fn)
		}
		died = time.Now()
		return false
	}
	stubborn := 0
	var g *Guest
	_, err := Run(l, task2(task, func(ctx context.Context) error {
		g, _ = FromContext(ctx)
		ch := make(chan int)
		go func() {
			defer close(ch)
			for i := range 10 {
				select {
				case ch <- i:
				case <-ctx.Done():
					return
				}
				time.Sleep(100 * time.Millisecond)
			}
		}()
		sleeper := Go(ctx, task(func(ctx context.Context) error {
			for range 20 {
				if err := Sleep(ctx, 70*time.Millisecond); err != nil {
					return err
				}
				tick()
			}
			return nil
		}))
		Go(ctx, task(func(ctx context.Context) error {
			for range 20 {
				if err := Yield(ctx); err != nil {
					return err
				}
				tick()
			}
			return nil
		}))
		Go(ctx, task(func(ctx context.Context) error {
			for range Each(ctx, ch) {
				if tick(); ctx.Err() != nil {
					break
				}
			}
			return ctx.Err()
		}))
		Go(ctx, task(func(ctx context.Context) error { // modal
			for range 10 {
				if err := Modal(ctx, func() { tick(); l.nest(); tick() }); err != nil {
					return err
				}
				if err := Sleep(ctx, 90*time.Millisecond); err != nil {
					return err
				}
			}
			return nil
		}))
		Go(ctx, task(func(ctx context.Context) error { // background, and back from there
			for range 10 {
				_, err := Background(ctx, func(ctx context.Context) (int, error) {
					tick()
					time.Sleep(50 * time.Millisecond)
					assert.Contains(t, []error{nil, ErrFinished}, RunOnMain(ctx, tick))
					return CallOnMain(ctx, func(ctx context.Context) (int, error) {
						return 0, task(func(ctx context.Context) error { return Sleep(ctx, 10*time.Millisecond) })(ctx)
					})
				})
				if err != nil {
					return err
				}
			}
			return nil
		}))
		Go(ctx, task(func(ctx context.Context) error { // shielded clean-up, longer than the grace
			defer func() {
				shielded := context.WithoutCancel(ctx)
				for range 5 {
					if err := Sleep(shielded, time.Second); err != nil {
						return
					}
					tick()
				}
			}()
			return Sleep(ctx, 800*time.Millisecond)
		}))
		Go(ctx, task(func(ctx context.Context) error { // a background function that heeds nothing
			if err := Sleep(ctx, 300*time.Millisecond); err != nil {
				return nil
			}
			stubborn++
			_, err := Background(ctx, func(context.Context) (int, error) {
				select {
				case <-release:
				case <-time.After(time.Minute):
				}
				return 0, nil
			})
			if errors.Is(err, ErrAbandoned) {
				return nil
			}
			return err
		}))
		joiner := Async(ctx, func(ctx context.Context) (int, error) { // joining
			return 1, task(func(ctx context.Context) error {
				return Scope(ctx, func(ctx context.Context) error {
					for range 5 {
						Go(ctx, task(func(ctx context.Context) error {
							tick()
							return Sleep(ctx, 400*time.Millisecond)
						}))
					}
					return sleeper.Await(ctx)
				})
			})(ctx)
		})
		wait(func() error { return sleeper.Wait(bg) })
		wait(func() error { _, err := joiner.Wait(bg); return err })
		wait(func() error { return g.Wait(bg) })
		wait(func() error { <-ctx.Done(); return nil })
		wait(func() error {
			for range 20 {
				_, err := CallOnMain(context.WithoutCancel(ctx), func(ctx context.Context) (int, error) {
					return 0, task(func(ctx context.Context) error { return Sleep(ctx, 30*time.Millisecond) })(ctx)
				})
				if err != nil {
					return err
				}
			}
			return nil
		})
		wait(func() error { // posts, until it is told that it is over
			for {
				if err := g.Post(tick); err != nil {
					return err
				}
				time.Sleep(40 * time.Millisecond)
			}
		})
		return Sleep(ctx, 1200*time.Millisecond)
	}), &Options{Grace: grace, Logger: mute()})
	_ = err // whatever came first

	require.LessOrEqual(t, time.Since(died), 3*grace)
	require.Equal(t, begun, undone, "deferred calls")
	require.Len(t, l.outcomes, 1)
	if g != nil {
		report := g.Finish()
		require.Empty(t, report.Leaked)
		require.Zero(t, report.Dropped)
		for _, a := range report.Abandoned {
			require.Equal(t, 1, a.N)
			require.Equal(t, 1, stubborn)
			require.True(t, strings.Contains(a.Name, "dieAt"), a.Name)
		}
	}
	synctest.Wait()
	close(release)
	waiters.Wait() // or the bubble fails
	return at.Load()
}

// task2 makes a main function with a result of a plain one.
func task2(task func(func(context.Context) error) func(context.Context) error, fn func(context.Context) error) func(context.Context) (int, error) {
	return func(ctx context.Context) (int, error) { return 0, task(fn)(ctx) }
}
