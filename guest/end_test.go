package guest

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/host"
	"github.com/golodger/lodger/internal/looptest"
)

func TestGuestEndsInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, c := &scriptLoop{}, &chapters{t: t}
		release := make(chan struct{})
		var g *Guest
		l.OnDone = func(host.Outcome) {
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
				assert.Equal(t, errAbandoned, err)
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
		report := embedded(l, g)
		require.Equal(t, 4*time.Second, time.Since(began), "the grace, and the task's own clean-up")
		require.ErrorIs(t, report.Err, ErrQuit)
		require.Len(t, report.Abandoned, 1)
		for name, n := range report.Abandoned {
			require.Contains(t, name, "TestGuestEndsInOrder")
			require.Equal(t, 1, n)
		}
		require.Len(t, l.Outcomes, 1)
		require.ErrorIs(t, l.Outcomes[0].Err, ErrQuit)
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
		report := embedded(l, g)
		require.ErrorIs(t, report.Err, ErrQuit)
		require.Empty(t, report.Abandoned)
		require.Equal(t, 5*time.Second, time.Since(began))
	})
}

// TestEndComesAtOnceAfterASlowLastStep: a last step that uses the budget up must not make the
// pump fall asleep.
func TestEndComesAtOnceAfterASlowLastStep(t *testing.T) {
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
			spendBudget(g) // the budget is spent by this step
			return nil
		}, nil)
		require.NoError(t, err)
		require.NoError(t, embedded(l, g).Err)
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
			assert.ErrorIs(t, ctx.Err(), context.Canceled, "it takes effect at once")
			assert.Equal(t, one, context.Cause(ctx))
			err := Yield(ctx)
			assert.ErrorIs(t, err, one)
			return err
		}, nil)
		require.NoError(t, err)
		report := embedded(l, g)
		require.ErrorIs(t, report.Err, one)
		require.NotErrorIs(t, report.Err, two)
		g.Cancel(two) // after the end
		require.Equal(t, report, g.Finish())
	})
}

// TestNothingHangsOrPanicsAfterTheEnd calls all there is, on any goroutine and on what was the
// UI thread.
func TestNothingHangsOrPanicsAfterTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		defer looptest.Lock()()
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
		require.Equal(t, boom, embedded(l, g).Err)
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
				"Wait":  func() { _ = task.Wait(ctx) },
				"Background": func() {
					_, _ = Background(ctx, func(context.Context) (int, error) { never(); return 0, nil })
				},
			} {
				assert.PanicsWithValue(t, onGoroutine(verb), wait)
			}
			for verb, structure := range map[string]func(){
				"Join":  func() { _ = Join(ctx) },
				"Scope": func() { _ = Scope(ctx, func(context.Context) error { return nil }) },
				"Modal": func() { _ = Modal(ctx, never) },
			} {
				assert.PanicsWithValue(t, "guest: "+verb+" called outside a task; start a task there with Go", structure)
			}
		}
		all()
		elsewhere(all)
	})
}

// onGoroutine is the panic of a wait on a goroutine with the context of a task.
func onGoroutine(verb string) string {
	return "guest: " + verb + " called on a goroutine with the context of a task, with which only the task itself may wait; " +
		"use the context of Background or Submit, or start a task with Go"
}

func TestWaitIsRefusedOnAnyGuestsThread(t *testing.T) {
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
		assert.NoError(t, g.Post(func() { assert.ErrorIs(t, g.Wait(bg), ErrWouldDeadlock, "in a posted function") }))
		l.Post(func() {
			assert.ErrorIs(t, g.Wait(bg), ErrWouldDeadlock, "in a handler of the host")
			assert.ErrorIs(t, task.Wait(bg), ErrWouldDeadlock)
			_, err := future.Wait(bg)
			assert.ErrorIs(t, err, ErrWouldDeadlock)
			_, err = CallOnMain(&g.root, func(context.Context) (int, error) { return 0, nil })
			assert.Equal(t, ErrWouldDeadlock, err)
		})
		var wg sync.WaitGroup
		wg.Go(func() { // another loop's thread
			other := &scriptLoop{}
			_, err := Run(other, func(ctx context.Context) (int, error) {
				o, _ := FromContext(ctx)
				assert.NoError(t, o.Post(func() {
					assert.ErrorIs(t, g.Wait(bg), ErrWouldDeadlock, "its window would freeze, and two guests each other")
					assert.ErrorIs(t, task.Wait(bg), ErrWouldDeadlock)
				}))
				assert.NoError(t, Sleep(ctx, time.Second))
				assert.NoError(t, g.Wait(ctx), "a task of another guest")
				assert.ErrorIs(t, task.Wait(ctx), ErrQuit)
				return 0, nil
			}, nil)
			assert.NoError(t, err)
		})
		wg.Go(func() { // a goroutine that loses maxRefused
			ctx, cancel := context.WithTimeoutCause(bg, time.Minute, errors.New("impatient"))
			defer cancel()
			err := g.Wait(ctx)
			assert.ErrorIs(t, err, context.DeadlineExceeded)
			assert.ErrorContains(t, err, "impatient")
			g.Cancel(nil)
		})
		defer looptest.Lock()()
		require.NoError(t, embedded(l, g).Err)
		require.NoError(t, g.Wait(bg), "after the end it answers anywhere")
		wg.Wait()
	})
}
