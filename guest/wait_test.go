package guest_test

import (
	"context"
	"errors"
	"runtime"
	"runtime/debug"
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
						short, cancel := context.WithTimeout(ctx, time.Second)
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
					assert.Contains(t, text, "take the context of Background or Submit, or start a task with Go", name)
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

// TestWaitLendsItsPlaceInThePool: what it waits for may need one.
func TestWaitLendsItsPlaceInThePool(t *testing.T) {
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		ctx = flow.WithExecutor(ctx, flow.NewPool(1))
		for name, wait := range map[string]func(ctx context.Context, ch <-chan int) error{
			"Sleep": func(ctx context.Context, _ <-chan int) error { return guest.Sleep(ctx, time.Minute) },
			"Recv":  func(ctx context.Context, ch <-chan int) error { _, _, err := flow.Recv(ctx, ch); return err },
			"Background": func(ctx context.Context, _ <-chan int) error {
				return inBackground(ctx, func(ctx context.Context) { assert.NoError(t, guest.Sleep(ctx, time.Second)) })
			},
			"Background elsewhere": func(ctx context.Context, _ <-chan int) error {
				return inBackground(flow.WithExecutor(ctx, flow.NewPool(1)), func(context.Context) { time.Sleep(time.Second) })
			},
		} {
			ch := make(chan int, 1)
			first := guest.Go(ctx, func(ctx context.Context) error {
				return inBackground(ctx, func(ctx context.Context) { assert.NoError(t, wait(ctx, ch), name) })
			})
			assert.NoError(t, guest.Yield(ctx))
			assert.NoError(t, inBackground(ctx, func(context.Context) { ch <- 1 }), name)
			assert.NoError(t, first.Wait(ctx))
		}
		return nil
	}))
}

// A goroutine that has set the fault bit for its own ends is no task: the waits that cost more
// than a switch ask for the thread. (The quick ones take the bit for proof while a single guest
// lives: mark.go says so.)
func TestFaultBitDoesNotMakeATask(t *testing.T) {
	needThreads(t, "the bit is all there is")
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		task := guest.Go(ctx, park)
		for name, wait := range waits(task) {
			switch name {
			case "Yield", "Sleep of 0", "Task.Wait", "Future.Wait", "settled Wait":
				continue
			}
			text, over := "", make(chan struct{})
			go func() { // while a task runs
				defer close(over)
				debug.SetPanicOnFault(true)
				text = panicOf(func() { _ = wait(ctx) })
			}()
			<-over
			assert.Contains(t, text, "called on a goroutine with the context of a task", name)
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

// TestWaitOnAnyGuestsThreadIsRefused: in a handler of its own window it would freeze that, and
// two guests each other. In a task it parks.
func TestWaitOnAnyGuestsThreadIsRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		bg := context.Background()
		handed := make(chan *guest.Guest, 1)
		go func() {
			assert.ErrorIs(t, really(quiet(), func(ctx context.Context) error {
				handed <- guestOf(ctx)
				return guest.Park(ctx)
			}), guest.ErrQuit)
		}()
		other := <-handed
		task := other.Go(func(ctx context.Context) error { return guest.Sleep(ctx, time.Minute) })
		loop := headless.New()
		_, err := guest.Run(loop, func(ctx context.Context) (int, error) {
			loop.RunSyncSoonThreadsafe(func() {
				assert.ErrorIs(t, task.Wait(bg), guest.ErrWouldDeadlock)
				assert.ErrorIs(t, other.Wait(bg), guest.ErrWouldDeadlock)
			})
			began := time.Now()
			assert.NoError(t, task.Wait(ctx))
			assert.Equal(t, time.Minute, time.Since(began))
			other.Cancel(nil)
			assert.ErrorIs(t, other.Wait(ctx), guest.ErrQuit)
			return 0, nil
		}, quiet())
		require.NoError(t, err)
	})
}

// TestTwoGuestsDoNotFreezeEachOther: a window's handler waits for a loop whose function calls
// the window.
func TestTwoGuestsDoNotFreezeEachOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		loop := headless.New()
		_, err := guest.Run(loop, func(window context.Context) (int, error) {
			handed, over := make(chan *guest.Guest, 1), make(chan struct{})
			go func() {
				defer close(over)
				_ = really(quiet(), func(ctx context.Context) error { handed <- guestOf(ctx); return guest.Park(ctx) })
			}()
			other := <-handed
			f := asyncIn(context.Background(), other, func(context.Context) (int, error) {
				return guest.CallOnMain(window, func(context.Context) (int, error) { return 7, nil })
			})
			loop.RunSyncSoonThreadsafe(func() {
				_, err := f.Wait(context.Background())
				assert.ErrorIs(t, err, guest.ErrWouldDeadlock)
			})
			v, err := f.Wait(window)
			assert.Equal(t, 7, v)
			other.Cancel(nil)
			_, _, _ = flow.Recv(window, over)
			return 0, err
		}, quiet())
		require.NoError(t, err)
	})
}

func TestResultReadsWithoutWaiting(t *testing.T) {
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		f := guest.NewFuture[int]()
		_, ok, err := f.Result()
		assert.False(t, ok)
		assert.NoError(t, err)
		f.Resolve(7)
		done := false
		assert.NoError(t, guestOf(ctx).Post(func() { // in a handler, too
			v, ok, err := f.Result()
			assert.Equal(t, 7, v)
			assert.True(t, ok)
			assert.NoError(t, err)
			done = true
		}))
		failed := guest.NewFuture[int]()
		failed.Reject(errBoom)
		_, ok, err = failed.Result()
		assert.True(t, ok)
		assert.Equal(t, errBoom, err)
		assert.NoError(t, guest.Yield(ctx))
		assert.True(t, done)
		return nil
	}))
}

func TestFaultBitOfTheUsersOwnGoroutineIsHarmless(t *testing.T) {
	needThreads(t, "the bit is all there is")
	n := 0
	require.NoError(t, really(nil, func(ctx context.Context) error {
		g := guestOf(ctx)
		return inBackground(ctx, func(ctx context.Context) {
			var wg sync.WaitGroup
			for range 4 {
				wg.Go(func() {
					debug.SetPanicOnFault(true)
					for range 200 {
						assert.NoError(t, g.Post(func() { n++ }))
						assert.NoError(t, guest.Go(ctx, func(ctx context.Context) error { n++; return guest.Yield(ctx) }).Wait(ctx))
						assert.NoError(t, guest.RunOnMain(ctx, func() { n++ }))
						_, err := guest.CallOnMain(ctx, func(context.Context) (int, error) { n++; return 0, nil })
						assert.NoError(t, err)
					}
					assert.True(t, debug.SetPanicOnFault(true), "the bit is the user's")
				})
			}
			wg.Wait()
		})
	}))
	require.Equal(t, 4*4*200, n)
}

func TestFaultBitOfTheHostsGoroutineIsGivenBack(t *testing.T) {
	for _, was := range []bool{false, true} {
		over := make(chan bool)
		go func() {
			debug.SetPanicOnFault(was)
			assert.NoError(t, really(nil, func(context.Context) error { return nil }))
			over <- debug.SetPanicOnFault(false)
		}()
		require.Equal(t, was, <-over)
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

func TestMisuseAtTheCallIsRefusedThere(t *testing.T) {
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		g := guestOf(ctx)
		for want, call := range map[string]func(){
			"Go called with a nil function":                  func() { guest.Go(ctx, nil) },
			"(*Guest).Go called with a nil function":         func() { g.Go(nil) },
			"Post called with a nil function":                func() { _ = g.Post(nil) },
			"Async called with a nil function":               func() { guest.Async[int](ctx, nil) },
			"RunOnMain called with a nil function":           func() { _ = guest.RunOnMain(ctx, nil) },
			"CallOnMain called with a nil function":          func() { _, _ = guest.CallOnMain[int](ctx, nil) },
			"Background called with a nil function":          func() { _, _ = guest.Background[int](ctx, nil) },
			"Scope called with a nil function":               func() { _ = guest.Scope(ctx, nil) },
			"Supervise called with a nil function":           func() { _ = guest.Supervise(ctx, nil) },
			"Modal called with a nil function":               func() { _ = guest.Modal(ctx, nil) },
			"Go called with a context that no guest made":    func() { guest.Go(context.Background(), park) },
			"Async called with a context that no guest made": func() { guest.Async(context.Background(), func(context.Context) (int, error) { return 0, nil }) },
		} {
			assert.Contains(t, panicOf(call), "guest: "+want)
		}
		return guest.Sleep(ctx, time.Second)
	}))
	require.Contains(t, panicOf(func() { _, _ = guest.Start(nil, park, nil) }), "guest: Start called with a nil host")
	require.Contains(t, panicOf(func() { _, _ = guest.Run[int](nil, nil, nil) }), "guest: Run called with a nil host")
	_, ok := guest.FromContext(context.Background())
	require.False(t, ok)
}

func TestNilContextNamesTheRemedy(t *testing.T) {
	var none context.Context
	quickly := func(context.Context) (int, error) { return 0, nil }
	f := guest.NewFuture[int]()
	require.ErrorIs(t, virtually(t, nil, func(ctx context.Context) error {
		for _, call := range []func(){
			func() { guest.Go(none, park) },
			func() { guest.Async(none, quickly) },
			func() { guest.After(none, 1, park) },
			func() { guest.Every(none, 1, park, nil) },
			func() { guest.Submit(none, quickly) },
			func() { new(guest.Queue[int]).Add(none, quickly) },
			func() { _ = guest.Yield(none) },
			func() { _ = guest.Sleep(none, 1) },
			func() { _ = guest.Park(none) },
			func() { _ = guest.Join(none) },
			func() { _ = guest.Scope(none, park) },
			func() { _ = guest.Modal(none, func() {}) },
			func() { _, _ = guest.Background(none, quickly) },
			func() { _, _, _ = flow.Recv(none, make(chan int)) },
			func() { _, _ = guest.CallOnMain(none, quickly) },
			func() { _ = guest.RunOnMain(none, func() {}) },
			func() { _, _ = f.Wait(none) },
			func() { _ = guest.Go(ctx, park).Wait(none) },
			func() { _ = f.OnDone(none, func(int, error) {}) },
			func() { flow.NewProgress(none, func(int) {}) },
			func() { guest.FromContext(none) },
			func() { _ = guestOf(ctx).Wait(none) },
		} {
			assert.Equal(t, "guest: called with a nil context; pass the context of a task, or context.Background()", panicOf(call))
		}
		guestOf(ctx).Cancel(nil)
		return guest.Yield(context.WithoutCancel(ctx))
	}), guest.ErrQuit)
	require.Contains(t, panicOf(func() { _, _ = f.Wait(none) }), "guest: called with a nil context")
}

func TestZeroGuestNamesTheRemedy(t *testing.T) {
	for _, g := range []*guest.Guest{nil, new(guest.Guest)} {
		for verb, call := range map[string]func(){
			"Go":     func() { g.Go(park) },
			"Post":   func() { _ = g.Post(func() {}) },
			"Cancel": func() { g.Cancel(nil) },
			"Done":   func() { g.Done() },
			"Wait":   func() { _ = g.Wait(t.Context()) },
			"Finish": func() { g.Finish() },
			"State":  func() { g.State() },
			"Ending": func() { g.Ending() },
			"Stats":  func() { g.Stats() },
		} {
			require.Equal(t, "guest: "+verb+" called on a nil or zero Guest; make one with Start, or take it from a context with FromContext", panicOf(call))
		}
	}
}

func TestHostServesOneGuest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		loop := headless.New()
		_, err := guest.Run(loop, func(context.Context) (int, error) {
			_, err := guest.Start(loop, park, nil)
			assert.ErrorContains(t, err, "already served a guest")
			_, err = guest.Run(loop, func(context.Context) (int, error) { t.Error("it ran"); return 0, nil }, nil)
			assert.ErrorContains(t, err, "already served a guest")
			return 0, nil
		}, nil)
		require.NoError(t, err)
		_, err = guest.Start(loop, park, nil)
		require.ErrorContains(t, err, "already served a guest", "also when it has ended")
	})
}

func TestOptionsOutOfRangeAreRefused(t *testing.T) {
	loop := headless.New()
	_, err := guest.Start(loop, park, &guest.Options{Grace: -1})
	require.ErrorContains(t, err, "Options.Grace")
	_, err = guest.Start(loop, park, &guest.Options{Budget: -1})
	require.ErrorContains(t, err, "Options.Budget")
	_, err = guest.Run(loop, func(context.Context) (int, error) { return 7, nil }, nil)
	require.NoError(t, err, "the host is still free")
}

func TestBalancedLockOSThreadInATaskIsFine(t *testing.T) {
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		runtime.LockOSThread()
		runtime.UnlockOSThread()
		return guest.Sleep(ctx, time.Second)
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
