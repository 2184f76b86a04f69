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
	"github.com/golodger/lodger/hosts/headless"
)

// waits are all that only a task may call.
func waits(task *guest.Task) map[string]func(ctx context.Context) {
	nothing := func(context.Context) error { return nil }
	return map[string]func(ctx context.Context){
		"Sleep":      func(ctx context.Context) { _ = guest.Sleep(ctx, time.Second) },
		"Sleep of 0": func(ctx context.Context) { _ = guest.Sleep(ctx, 0) },
		"Yield":      func(ctx context.Context) { _ = guest.Yield(ctx) },
		"Park":       func(ctx context.Context) { _ = guest.Park(ctx) },
		"Join":       func(ctx context.Context) { _ = guest.Join(ctx) },
		"Scope":      func(ctx context.Context) { _ = guest.Scope(ctx, nothing) },
		"Supervise":  func(ctx context.Context) { _ = guest.Supervise(ctx, nothing) },
		"Recv":       func(ctx context.Context) { _, _, _ = guest.Recv(ctx, make(chan int)) },
		"Each": func(ctx context.Context) {
			for range guest.Each(ctx, make(chan int)) {
			}
		},
		"Background":    func(ctx context.Context) { _ = inBackground(ctx, func(context.Context) {}) },
		"Modal":         func(ctx context.Context) { _ = guest.Modal(ctx, func() {}) },
		"Task.Await":    func(ctx context.Context) { _ = task.Await(ctx) },
		"Future.Await":  func(ctx context.Context) { _, _ = guest.NewFuture[int]().Await(ctx) },
		"settled Await": func(ctx context.Context) { f := guest.NewFuture[int](); f.Resolve(1); _, _ = f.Await(ctx) },
	}
}

func TestWaitOutsideATaskPanicsWithTheRemedy(t *testing.T) {
	for name, place := range map[string]struct {
		at     func(ctx context.Context, loop *headless.Loop, call func())
		remedy string
	}{
		"in a goroutine of a task": {func(ctx context.Context, _ *headless.Loop, call func()) {
			_ = inBackground(ctx, func(context.Context) { call() })
		}, "outside a task; use "},
		"in a goroutine while a task runs": {func(_ context.Context, _ *headless.Loop, call func()) {
			over := make(chan struct{})
			go func() { defer close(over); call() }()
			<-over
		}, "outside a task; use "},
		"in a posted function": {func(ctx context.Context, _ *headless.Loop, call func()) {
			_ = guestOf(ctx).Post(call)
			_ = guest.Sleep(ctx, time.Second)
		}, "on the UI thread outside a task; start a task"},
		"in RunOnMain": {func(ctx context.Context, _ *headless.Loop, call func()) {
			_ = guest.RunOnMain(ctx, call)
		}, "on the UI thread outside a task; start a task"},
		"in Modal": {func(ctx context.Context, _ *headless.Loop, call func()) {
			_ = guest.Modal(ctx, call)
		}, "on the UI thread outside a task; start a task"},
		"in a handler": {func(ctx context.Context, loop *headless.Loop, call func()) {
			loop.RunSyncSoonThreadsafe(call)
			_ = guest.Sleep(ctx, time.Second)
		}, "on the UI thread outside a task; start a task"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				loop := headless.New()
				_, err := guest.Run(loop, func(ctx context.Context) (int, error) {
					task := guest.Go(ctx, park)
					for wait, call := range waits(task) {
						text := "not called"
						place.at(ctx, loop, func() { text = panicOf(func() { call(ctx) }) })
						assert.Regexp(t, `^guest: \w+ called `, text, wait)
						assert.Contains(t, text, place.remedy, wait)
					}
					task.Cancel(nil)
					return 0, guest.Sleep(ctx, time.Second)
				}, nil)
				require.NoError(t, err)
			})
		})
	}
}

// A goroutine that has set the fault bit for its own ends is no task: the waits that cost more
// than a switch ask for the thread. (The quick ones take the bit for proof while a single guest
// lives: mark.go says so.)
func TestFaultBitDoesNotMakeATask(t *testing.T) {
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		task := guest.Go(ctx, park)
		for wait, call := range waits(task) {
			switch wait {
			case "Yield", "Join", "Scope", "Supervise", "Task.Await", "Future.Await", "settled Await":
				continue
			}
			text, over := "", make(chan struct{})
			go func() { // while a task runs
				defer close(over)
				debug.SetPanicOnFault(true)
				text = panicOf(func() { call(ctx) })
			}()
			<-over
			assert.Contains(t, text, "outside a task; use ", wait)
		}
		task.Cancel(nil)
		return guest.Sleep(ctx, time.Second)
	}))
}

func TestWaitAfterTheEndPanicsWithTheRemedy(t *testing.T) {
	var late context.Context
	var task *guest.Task
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		late = ctx
		task = guest.Go(ctx, func(context.Context) error { return nil })
		return nil
	}))
	for wait, call := range waits(task) {
		require.Contains(t, panicOf(func() { call(late) }), "outside a task; use ", wait)
	}
	for wait, call := range waits(task) {
		require.Contains(t, panicOf(func() { call(t.Context()) }), "outside a task; use ", wait)
	}
}

func TestBlockingWaitOnTheUIThreadIsRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		loop := headless.New()
		_, err := guest.Run(loop, func(ctx context.Context) (int, error) {
			g := guestOf(ctx)
			task, f := guest.Go(ctx, park), guest.NewFuture[int]()
			a := guest.Async(ctx, func(ctx context.Context) (int, error) { return 0, guest.Sleep(ctx, time.Minute) })
			blocking := func() {
				assert.Equal(t, guest.ErrWouldDeadlock, task.Wait(ctx))
				assert.Equal(t, guest.ErrWouldDeadlock, g.Wait(ctx))
				_, err := f.Wait(ctx)
				assert.Equal(t, guest.ErrWouldDeadlock, err)
				_, err = a.Wait(ctx)
				assert.Equal(t, guest.ErrWouldDeadlock, err)
			}
			blocking()
			_ = g.Post(blocking)
			_ = guest.RunOnMain(ctx, blocking)
			_ = guest.Modal(ctx, blocking)
			loop.RunSyncSoonThreadsafe(blocking)
			_ = guest.Sleep(ctx, time.Second)
			f.Resolve(7)
			v, err := f.Wait(ctx) // nothing to wait for
			assert.Equal(t, 7, v)
			task.Cancel(nil)
			_ = task.Await(ctx)
			assert.ErrorIs(t, task.Wait(ctx), context.Canceled)
			return 0, err
		}, nil)
		require.NoError(t, err)
	})
}

func TestBlockingWaitOnAnotherLoopsThreadIsAllowed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		handed := make(chan *guest.Task, 1)
		over := make(chan struct{})
		go func() {
			defer close(over)
			assert.NoError(t, really(nil, func(ctx context.Context) error {
				task := guest.Go(ctx, func(ctx context.Context) error { return guest.Sleep(ctx, time.Minute) })
				handed <- task
				return task.Await(ctx)
			}))
		}()
		task := <-handed
		require.NoError(t, really(nil, func(ctx context.Context) error {
			// it holds our thread up, but it ends
			return errors.Join(task.Wait(ctx), guest.Sleep(ctx, time.Second))
		}))
		<-over
	})
}

func TestFaultBitOfTheUsersOwnGoroutineIsHarmless(t *testing.T) {
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
		return waiter.Await(ctx)
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
			func() { guest.AsyncOn(none, guestOf(ctx), quickly) },
			func() { guest.After(none, 1, park) },
			func() { guest.Every(none, 1, park, nil) },
			func() { guest.Submit(none, quickly) },
			func() { guest.NewQueue[int](nil).Add(none, quickly) },
			func() { _ = guest.Yield(none) },
			func() { _ = guest.Sleep(none, 1) },
			func() { _ = guest.Park(none) },
			func() { _ = guest.Join(none) },
			func() { _ = guest.Scope(none, park) },
			func() { _ = guest.Modal(none, func() {}) },
			func() { _, _ = guest.Background(none, quickly) },
			func() { _, _, _ = guest.Recv(none, make(chan int)) },
			func() { _, _ = guest.CallOnMain(none, quickly) },
			func() { _ = guest.RunOnMain(none, func() {}) },
			func() { _, _ = f.Await(none) },
			func() { _ = guest.Go(ctx, park).Await(none) },
			func() { _ = f.OnDone(none, func(int, error) {}) },
			func() { guest.NewProgress(none, func(int) {}) },
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
			assert.Equal(t, guest.ErrHostBusy, err)
			_, err = guest.Run(loop, func(context.Context) (int, error) { t.Error("it ran"); return 0, nil }, nil)
			assert.Equal(t, guest.ErrHostBusy, err)
			return 0, nil
		}, nil)
		require.NoError(t, err)
		_, err = guest.Start(loop, park, nil)
		require.Equal(t, guest.ErrHostBusy, err, "also when it has ended")
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
				_, err := f.Await(ctx)
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
