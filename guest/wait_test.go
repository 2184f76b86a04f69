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

// waits are all waits. They end by themselves or, those that say so, with their context.
func waits(task *guest.Task) map[string]func(ctx context.Context) error {
	return map[string]func(ctx context.Context) error{
		"Sleep":      func(ctx context.Context) error { return guest.Sleep(ctx, time.Second) },
		"Sleep of 0": func(ctx context.Context) error { return guest.Sleep(ctx, 0) },
		"Yield":      guest.Yield,
		"Park":       guest.Park,
		"Recv":       func(ctx context.Context) error { _, _, err := flow.Recv(ctx, make(chan int)); return err },
		"Each": func(ctx context.Context) (last error) {
			for _, err := range flow.Each(ctx, make(chan int)) {
				last = err
			}
			return last
		},
		"Background":  func(ctx context.Context) error { return inBackground(ctx, func(context.Context) {}) },
		"Task.Wait":   func(ctx context.Context) error { return task.Wait(ctx) },
		"Future.Wait": func(ctx context.Context) error { _, err := guest.NewFuture[int]().Wait(ctx); return err },
		"settled Wait": func(ctx context.Context) error {
			f := guest.NewFuture[int]()
			f.Resolve(1)
			_, err := f.Wait(ctx)
			return err
		},
		"All":         func(ctx context.Context) error { _, err := guest.All(ctx, guest.NewFuture[int]()); return err },
		"Queue.Close": func(ctx context.Context) error { return new(guest.Queue[int]).Close(ctx) },
	}
}

// structures are all that belongs to a task.
func structures() map[string]func(ctx context.Context) {
	nothing := func(context.Context) error { return nil }
	return map[string]func(ctx context.Context){
		"Join":      func(ctx context.Context) { _ = guest.Join(ctx) },
		"Scope":     func(ctx context.Context) { _ = guest.Scope(ctx, nothing) },
		"Supervise": func(ctx context.Context) { _ = guest.Supervise(ctx, nothing) },
		"Modal":     func(ctx context.Context) { _ = guest.Modal(ctx, func() {}) },
	}
}

// A spot is where a wait may be tried.
type spot func(ctx context.Context, loop *headless.Loop, call func(ctx context.Context))

// onTheUIThread are the spots on the UI thread outside a task.
var onTheUIThread = map[string]spot{
	"in a posted function": func(ctx context.Context, _ *headless.Loop, call func(ctx context.Context)) {
		_ = guestOf(ctx).Post(func() { call(ctx) })
		_ = guest.Sleep(ctx, time.Second)
	},
	"in RunOnMain": func(ctx context.Context, _ *headless.Loop, call func(ctx context.Context)) {
		_ = guest.RunOnMain(ctx, func() { call(ctx) })
	},
	"in Modal": func(ctx context.Context, _ *headless.Loop, call func(ctx context.Context)) {
		_ = guest.Modal(ctx, func() { call(ctx) })
	},
	"in a handler": func(ctx context.Context, loop *headless.Loop, call func(ctx context.Context)) {
		loop.RunSyncSoonThreadsafe(func() { call(ctx) })
		_ = guest.Sleep(ctx, time.Second)
	},
	"in a handler, with another context": func(ctx context.Context, loop *headless.Loop, call func(ctx context.Context)) {
		loop.RunSyncSoonThreadsafe(func() { call(context.Background()) })
		_ = guest.Sleep(ctx, time.Second)
	},
}

func TestWaitOnTheUIThreadOutsideATaskIsRefused(t *testing.T) {
	for name, at := range onTheUIThread {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				loop := headless.New()
				var log journal
				_, err := guest.Run(loop, func(ctx context.Context) (int, error) {
					task := guest.Go(ctx, park)
					for name, wait := range waits(task) {
						tried := false
						at(ctx, loop, func(ctx context.Context) {
							tried = true
							err := wait(ctx)
							assert.ErrorIs(t, err, guest.ErrWouldDeadlock, name)
							assert.ErrorContains(t, err, "called on the UI thread outside a task; start a task there with Go", name)
						})
						assert.True(t, tried)
					}
					for name, structure := range structures() {
						at(ctx, loop, func(ctx context.Context) {
							assert.Equal(t, "guest: "+name+" called on the UI thread outside a task; start a task there with Go",
								panicOf(func() { structure(ctx) }))
						})
					}
					task.Cancel(nil)
					return 0, guest.Sleep(ctx, time.Second)
				}, &guest.Options{Logger: log.logger()})
				require.NoError(t, err)
				require.Contains(t, log.String(), "guest: a wait was refused")
				require.Contains(t, log.String(), "at=wait_test.go:")
			})
		})
	}
}

// TestWaitOnAGoroutineBlocksIt with the context of Background, or any that is no task's: the
// same helper serves on both sides.
func TestWaitOnAGoroutineBlocksIt(t *testing.T) {
	for name, wait := range waits(nil) {
		t.Run(name, func(t *testing.T) {
			require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
				task := guest.Go(ctx, func(ctx context.Context) error { return guest.Sleep(ctx, time.Second) })
				wait := wait
				if name == "Task.Wait" {
					wait = task.Wait
				}
				ticks := 0
				clock := guest.Every(ctx, 100*time.Millisecond, func(context.Context) error { ticks++; return nil }, nil)
				err := inBackground(ctx, func(ctx context.Context) {
					for _, ctx := range []context.Context{ctx, context.Background()} {
						// Longer than any wait that ends: two timers of one instant have no order.
						short, cancel := context.WithTimeout(ctx, 1500*time.Millisecond)
						err := wait(short)
						assert.True(t, err == nil && short.Err() == nil || errors.Is(err, context.DeadlineExceeded), "%s: %v", name, err)
						cancel()
						assert.ErrorIs(t, wait(short), short.Err(), "no wait begins when its context is done")
					}
				})
				assert.NoError(t, err)
				assert.NoError(t, guest.Sleep(ctx, time.Second))
				assert.GreaterOrEqual(t, ticks, 9, "the UI thread lives on")
				clock.Cancel(nil)
				return nil
			}))
		})
	}
}

func TestWaitOnAGoroutineWithATasksContextPanics(t *testing.T) {
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		task := guest.Go(ctx, park)
		derived, cancel := context.WithTimeout(ctx, time.Hour)
		defer cancel()
		for name, wait := range waits(task) {
			for _, ctx := range []context.Context{ctx, derived, context.WithoutCancel(ctx)} {
				for _, where := range []func(func()){
					func(call func()) { _ = inBackground(ctx, func(context.Context) { call() }) },
					func(call func()) { // while a task runs
						over := make(chan struct{})
						go func() { defer close(over); call() }()
						<-over
					},
				} {
					text := "not called"
					where(func() { text = panicOf(func() { _ = wait(ctx) }) })
					assert.Contains(t, text, "called on a goroutine with the context of a task", name)
					assert.Contains(t, text, "use the context of Background or Submit, or start a task with Go", name)
				}
			}
		}
		for name, structure := range structures() {
			assert.NoError(t, inBackground(ctx, func(ctx context.Context) {
				assert.Equal(t, "guest: "+name+" called outside a task; start a task there with Go", panicOf(func() { structure(ctx) }))
			}))
		}
		task.Cancel(nil)
		return guest.Sleep(ctx, time.Second)
	}))
}

func TestWaitAfterTheEnd(t *testing.T) {
	var late context.Context
	var task *guest.Task
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		late = ctx
		task = guest.Go(ctx, func(context.Context) error { return nil })
		return nil
	}))
	done, cancel := context.WithCancel(t.Context())
	cancel()
	for name, wait := range waits(task) {
		require.Contains(t, panicOf(func() { _ = wait(late) }), "called on a goroutine with the context of a task", name)
		require.ErrorIs(t, wait(done), context.Canceled, name)
	}
	require.NoError(t, task.Wait(t.Context()))
	for name, structure := range structures() {
		require.Equal(t, "guest: "+name+" called outside a task; start a task there with Go", panicOf(func() { structure(late) }))
	}
}

// Which task waits is the one that runs, whatever its context says.
func TestTaskMayWaitUnderTheContextOfAnother(t *testing.T) {
	s := &story{t: t}
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		var theirs context.Context
		other := guest.Go(ctx, func(ctx context.Context) error { theirs = ctx; return guest.Park(ctx) })
		waiter := guest.Go(ctx, func(ctx context.Context) error {
			s.step(1)
			err := guest.Sleep(theirs, time.Hour)
			s.step(2)
			assert.ErrorIs(t, err, errBoom, "their cancellation ended it")
			assert.NoError(t, ctx.Err())
			return nil
		})
		_ = guest.Sleep(ctx, time.Second)
		other.Cancel(errBoom)
		return waiter.Wait(ctx)
	}))
}

// A task is woken twice in one batch, by what it waits for and by a cancellation. The second
// wake-up belongs to a wait that is over.
func TestLateWakeUpEndsNoLaterWait(t *testing.T) {
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		var order []string
		f := guest.NewFuture[int]()
		task := func(name string) *guest.Task {
			return guest.Go(ctx, func(ctx context.Context) error {
				_, err := f.Wait(ctx)
				ctx = context.WithoutCancel(ctx)
				for _, step := range "123" {
					order = append(order, name+string(step))
					_ = guest.Yield(ctx)
				}
				return err
			})
		}
		a := task("a")
		task("b")
		for range 3 {
			_ = guest.Yield(ctx) // both wait
		}
		f.Resolve(0)
		a.Cancel(nil)
		err := guest.Join(ctx)
		assert.Equal(t, []string{"a1", "b1", "a2", "b2", "a3", "b3"}, order)
		return err
	}))
}

// A brokenContext is a program's own context whose AfterFunc, which package context calls, fails.
type brokenContext struct {
	context.Context
	done chan struct{}
	fail func()
}

func (c brokenContext) Done() <-chan struct{}        { return c.done }
func (c brokenContext) AfterFunc(func()) func() bool { c.fail(); return nil }

// A wait that fails before it begins leaves nothing behind: neither the scope's cancellation nor
// what was waited for reaches the next wait, whether the task goes on or another one has the
// coroutine.
func TestWaitWithABrokenContextLeavesNothingBehind(t *testing.T) {
	brief := func(ctx context.Context) error { return guest.Sleep(ctx, time.Millisecond) }
	waits := map[string]func(own, broken context.Context, word *guest.Future[string]){
		"Park":   func(_, broken context.Context, _ *guest.Future[string]) { _ = guest.Park(broken) },
		"Sleep":  func(_, broken context.Context, _ *guest.Future[string]) { _ = guest.Sleep(broken, time.Millisecond) },
		"Future": func(_, broken context.Context, word *guest.Future[string]) { _, _ = word.Wait(broken) },
		"Task":   func(own, broken context.Context, _ *guest.Future[string]) { _ = guest.Go(own, brief).Wait(broken) },
		"Join": func(own, broken context.Context, _ *guest.Future[string]) {
			guest.Go(own, brief)
			_ = guest.Join(broken)
		},
	}
	ends := map[string]func(){"panic": func() { panic("AfterFunc") }, "Goexit": runtime.Goexit}
	for name, wait := range waits {
		for how, end := range ends {
			t.Run(name+" "+how, func(t *testing.T) {
				require.NoError(t, virtually(t, quiet(), func(ctx context.Context) error {
					word := guest.NewFuture[string]()
					task := guest.Go(ctx, func(ctx context.Context) error {
						return guest.Supervise(ctx, func(ctx context.Context) error {
							broken := guest.Go(ctx, func(own context.Context) error {
								wait(own, brokenContext{own, make(chan struct{}), end}, word)
								return errors.New("the wait has not failed")
							})
							err := broken.Wait(ctx)
							assert.Equal(t, how == "panic", errors.As(err, new(*guest.PanicError)))
							assert.Equal(t, how == "Goexit", errors.Is(err, guest.ErrGoexit))
							return guest.Park(ctx)
						})
					})
					recovered := guest.Go(ctx, func(ctx context.Context) error {
						return guest.Supervise(ctx, func(own context.Context) error {
							func() {
								defer func() { _ = recover() }()
								wait(own, brokenContext{own, make(chan struct{}), func() { panic("AfterFunc") }}, word)
							}()
							return slept(t, context.WithoutCancel(own))
						})
					})
					assert.NoError(t, guest.Sleep(ctx, 10*time.Millisecond))
					others := []*guest.Task{recovered}
					for range 3 {
						others = append(others, guest.Go(ctx, func(ctx context.Context) error { return slept(t, ctx) }))
					}
					assert.NoError(t, guest.Sleep(ctx, 10*time.Millisecond))
					word.Resolve("late")
					task.Cancel(nil)
					recovered.Cancel(nil)
					assert.True(t, guest.Cancelled(task.Wait(ctx)))
					for _, other := range others {
						if err := other.Wait(ctx); err != nil && other != recovered {
							return err
						}
					}
					return nil
				}))
			})
		}
	}
}

// slept sleeps for a second, and fails the test if the sleep is shorter or longer.
func slept(t *testing.T, ctx context.Context) error {
	began := time.Now()
	err := guest.Sleep(ctx, time.Second)
	assert.Equal(t, time.Second, time.Since(began))
	return err
}
