//go:build cgo

package gtkhost_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gotk3/gotk3/glib"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/flow"
	"github.com/golodger/lodger/host"
	gtkhost "github.com/golodger/lodger/hosts/gtk"
	"github.com/golodger/lodger/internal/looptest"
	"github.com/golodger/lodger/internal/screentest"
)

// locked locks the test's goroutine to its thread, as a program does in main. GLib takes any
// thread for its loop.
func locked(t *testing.T) {
	runtime.LockOSThread()
	t.Cleanup(runtime.UnlockOSThread)
}

func newHost(t *testing.T) *gtkhost.Host {
	t.Helper()
	locked(t)
	h, err := gtkhost.New()
	require.NoError(t, err)
	return h
}

func ExampleRun() {
	err := gtkhost.Run(func(ctx context.Context) error {
		answer, err := guest.Background(ctx, func(context.Context) (int, error) { return 6 * 7, nil })
		fmt.Println("the answer is", answer)
		return err
	}, nil)
	fmt.Println(err)
	// Output:
	// the answer is 42
	// <nil>
}

func ExampleHost() {
	runtime.LockOSThread() // the package has done so for main
	defer runtime.UnlockOSThread()
	loop := glib.MainLoopNew(nil, false) // the program's own

	h, err := gtkhost.New()
	if err != nil {
		fmt.Println(err)
		return
	}
	g, err := guest.Start(h, nil, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	g.Go(func(ctx context.Context) error {
		defer fmt.Println("unwound")
		fmt.Println("in the loop")
		loop.Quit()
		return guest.Park(ctx)
	})
	loop.Run()
	fmt.Println(g.Finish().Err)
	// Output:
	// in the loop
	// unwound
	// <nil>
}

func TestRunReturnsMainsError(t *testing.T) {
	boom := errors.New("boom")
	require.ErrorIs(t, gtkhost.Run(func(context.Context) error { return boom }, nil), boom)
}

func TestGuestMovesIntoAProgramWithItsOwnLoop(t *testing.T) {
	h := newHost(t)
	loop := glib.MainLoopNew(nil, false)
	steps := 0
	step := func(want int) {
		steps++
		assert.Equal(t, want, steps)
		assert.True(t, h.OnThread())
	}
	g, err := guest.Start(h, func(ctx context.Context) error {
		defer step(5)
		step(2)
		if current, ok := host.Current(); !ok || current != host.Host(h) {
			t.Error("not the current host")
		}
		if _, err := guest.Background(ctx, func(context.Context) (int, error) {
			assert.False(t, h.OnThread(), "Background is on the UI thread")
			return 0, nil
		}); err != nil {
			return err
		}
		step(3)
		if err := guest.Sleep(ctx, 10*time.Millisecond); err != nil {
			return err
		}
		step(4)
		loop.Quit()
		return guest.Park(ctx)
	}, nil)
	require.NoError(t, err)
	_, err = guest.Start(h, nil, nil)
	require.ErrorContains(t, err, "already served a guest")
	step(1)
	loop.Run()
	require.ErrorIs(t, g.Finish().Err, guest.ErrHostGone)
	step(6)
	ran := false
	h.RunSyncSoonThreadsafe(func() { ran = true })
	iterate(20 * time.Millisecond)
	require.False(t, ran, "a function posted after the end ran")
}

// iterate runs the default context for a while.
func iterate(d time.Duration) {
	for end := time.Now().Add(d); time.Now().Before(end); runtime.Gosched() {
		glib.MainContextDefault().Iteration(false)
	}
}

// A guest that ends takes its host with it, and leaves the program's loop alone.
func TestProgramsLoopOutlivesTheGuest(t *testing.T) {
	h := newHost(t)
	loop := glib.MainLoopNew(nil, false)
	g, err := guest.Start(h, func(context.Context) error { return nil }, nil)
	require.NoError(t, err)
	outlived := false
	glib.TimeoutAdd(1, func() bool {
		select {
		case <-g.Done():
			outlived = true
			loop.Quit()
			return false
		default:
			return true
		}
	})
	loop.Run()
	require.True(t, outlived)
	require.NoError(t, g.Finish().Err)
	require.ErrorContains(t, h.Mainloop(func() error { return nil }), "make a new host")
}

func TestMainloopRunsOnce(t *testing.T) {
	h := newHost(t)
	require.NoError(t, guest.RunTask(h, func(context.Context) error { return nil }, nil))
	require.EqualError(t, h.Mainloop(func() error { return nil }), "gtkhost: Mainloop called twice; make a new host with New")
}

// When nobody owns the default context, any thread may iterate it, and would dispatch our source.
func TestAnotherThreadThatIteratesTheContextRunsNothingOfOurs(t *testing.T) {
	h := newHost(t)
	var wrong, right atomic.Int64
	look := func() {
		if h.OnThread() {
			right.Add(1)
		} else {
			wrong.Add(1)
		}
	}
	for range 10 {
		h.RunSyncSoonThreadsafe(look)
	}
	var wg sync.WaitGroup
	wg.Go(func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		h.RunSyncSoonThreadsafe(look)
		iterate(20 * time.Millisecond)
	})
	wg.Wait()
	require.Zero(t, right.Load()+wrong.Load())
	iterate(20 * time.Millisecond)
	require.Equal(t, []int64{0, 11}, []int64{wrong.Load(), right.Load()})
}

// On another thread than the running loop's, GLib would have a second loop wait until the first
// one has ended.
func TestSecondLoopOnAnotherThreadIsRefused(t *testing.T) {
	const elsewhere = "gtkhost: GLib's main loop runs on another thread; start tasks in its guest with (*guest.Guest).Go, " +
		"or make the host on the loop's own thread"
	made, running, done := make(chan struct{}), make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		early, err := gtkhost.New()
		assert.NoError(t, err)
		close(made)
		<-running
		assert.EqualError(t, early.Mainloop(func() error { return nil }), elsewhere)
		_, err = gtkhost.New()
		assert.EqualError(t, err, elsewhere)
		assert.EqualError(t, gtkhost.Run(func(context.Context) error { return nil }, nil), elsewhere)
	}()
	<-made
	inTask(t, func(ctx context.Context) {
		close(running)
		_, _, err := flow.Recv(ctx, done)
		require.NoError(t, err)
	})
}

// The commonest way there: main makes the host without having been locked to its thread.
func TestLoopOnAnotherThreadThanItsHostIsReported(t *testing.T) {
	log := quietly(t)
	h := newHost(t)
	ran := false
	h.RunSyncSoonThreadsafe(func() { ran = true })
	ended := make(chan error)
	go func() {
		ended <- gtkhost.Run(func(ctx context.Context) error { // an idle loop, which nothing wakes
			_, err := guest.Background(ctx, func(ctx context.Context) (any, error) {
				return nil, log.Wait(ctx, "lock the goroutine to its thread before it makes the host")
			})
			return err
		}, nil)
	}()
	require.NoError(t, <-ended)
	require.Equal(t, 1, strings.Count(log.Text(), "runs on another thread than its host"), log.Text())
	require.False(t, ran)
	require.NoError(t, h.Mainloop(func() error { h.RunSyncSoonThreadsafe(func() { h.DoneCallback(host.Outcome{}) }); return nil }))
	require.True(t, ran, "its own loop runs what has waited")
}

// quietly sends the default logger's lines to a buffer.
func quietly(t *testing.T) *screentest.Log {
	log := new(screentest.Log)
	looptest.DefaultLog(t, log.Logger())
	return log
}

func TestPanicInAPostedFunctionIsLoggedAndTheLoopGoesOn(t *testing.T) {
	log := quietly(t)
	h := newHost(t)
	steps := 0
	err := guest.RunTask(h, func(ctx context.Context) error {
		h.RunSyncSoonThreadsafe(func() { steps++; panic("in a function") })
		h.RunSyncSoonThreadsafe(func() { steps++ })
		h.RunSyncSoonNative(func() { steps++; panic("in a native one") })
		for steps < 3 {
			if err := guest.Sleep(ctx, time.Millisecond); err != nil {
				return err
			}
		}
		return nil
	}, nil)
	require.NoError(t, err)
	require.Equal(t, 2, strings.Count(log.Text(), "gtkhost: a function panicked; the loop goes on without it"), log.Text())
	require.Contains(t, log.Text(), "in a function")
	require.Contains(t, log.Text(), "host_test.go")
}

// A panic in a callback of gotk3's goes through GLib and ends the program; but the tasks unwind
// first.
func TestPanicThatLeavesTheLoopUnwindsTheTasks(t *testing.T) {
	if !inChild(t) {
		return
	}
	runtime.LockOSThread()
	deferred := 0
	defer func() { fmt.Println(deferred, recover()) }()
	_ = gtkhost.Run(func(ctx context.Context) error {
		for range 10 {
			guest.Go(ctx, func(ctx context.Context) error {
				defer func() { deferred++ }()
				_ = guest.Park(ctx)
				return guest.Sleep(context.WithoutCancel(ctx), time.Millisecond)
			})
		}
		glib.TimeoutAdd(10, func() { raise(func() { panic("in a handler") }) })
		return guest.Park(ctx)
	}, nil)
}

// In a loop of the program's own nobody can tell any more where the thread is: the tasks stay
// as they are, and the panic is seen.
func TestPanicThatLeavesTheProgramsOwnLoopIsSeen(t *testing.T) {
	if !inChild(t) {
		return
	}
	runtime.LockOSThread()
	h, err := gtkhost.New()
	require.NoError(t, err)
	g, err := guest.Start(h, nil, nil)
	require.NoError(t, err)
	g.Go(guest.Park)
	defer func() { fmt.Println(10, recover()) }()
	defer g.Finish()
	glib.TimeoutAdd(10, func() { panic("in a handler") })
	glib.MainLoopNew(nil, false).Run()
}

func TestBusyGuestLeavesWorseSourcesTheirTurn(t *testing.T) {
	idles := map[glib.Priority]int{}
	ready := 0
	locked(t)
	err := gtkhost.Run(func(ctx context.Context) error {
		return guest.Supervise(ctx, func(ctx context.Context) error {
			for _, p := range []glib.Priority{glib.PRIORITY_HIGH_IDLE, glib.PRIORITY_DEFAULT_IDLE, glib.PRIORITY_LOW} {
				glib.IdleAddPriority(p, func() { idles[p]++ })
			}
			// Both go on, however slow the machine is: so it is busy until both have, and not
			// for a time.
			limit := time.Now().Add(10 * time.Second)
			for (len(idles) < 3 || ready <= 1000) && time.Now().Before(limit) {
				if err := guest.Yield(ctx); err != nil {
					return err
				}
				if ready++; ready == 1 {
					guest.Go(ctx, func(ctx context.Context) error { // so that every Yield switches
						for guest.Yield(ctx) == nil {
						}
						return nil
					})
				}
			}
			return errors.New("enough")
		})
	}, nil)
	require.EqualError(t, err, "enough")
	require.Len(t, idles, 3)
	require.Greater(t, ready, 1000)
}

// A function that posts itself makes short turns. GLib's loop comes to sources of a lower
// priority all the same: once in a while, not after each turn.
func TestShortTurnsLeaveWorseSourcesTheirTurn(t *testing.T) {
	h := newHost(t)
	turns, idles := 0, map[glib.Priority]int{}
	priorities := []glib.Priority{glib.PRIORITY_HIGH_IDLE + 50, glib.PRIORITY_DEFAULT_IDLE, glib.PRIORITY_LOW}
	var last glib.SourceHandle
	var begin, end time.Time
	err := h.Mainloop(func() error {
		var turn func()
		turn = func() {
			if turns++; turns == 1 {
				begin = time.Now()
			}
			if len(idles) == len(priorities) && turns > 2000 || turns > 5_000_000 {
				end = time.Now()
				h.DoneCallback(host.Outcome{})
				return
			}
			h.RunSyncSoonNotThreadsafe(turn)
		}
		turn()
		for _, p := range priorities {
			last = glib.IdleAddPriority(p, func() bool {
				idles[p]++
				return p == glib.PRIORITY_LOW // always ready: it counts iterations
			})
		}
		return nil
	})
	glib.SourceRemove(last)
	require.NoError(t, err)
	for _, p := range priorities[:2] {
		require.Equal(t, 1, idles[p])
	}
	const share = 200 * time.Microsecond
	require.LessOrEqual(t, idles[glib.PRIORITY_LOW], int(end.Sub(begin)/share)+2)
}

// Two hosts whose turns lie side by side give way together; else one would always be ready.
func TestTwoBusyHostsLeaveWorseSourcesTheirTurn(t *testing.T) {
	for name, work := range map[string]time.Duration{"short turns": 0, "long turns": time.Millisecond} {
		t.Run(name, func(t *testing.T) {
			hosts := [2]*gtkhost.Host{newHost(t), newHost(t)}
			defer hosts[0].DoneCallback(host.Outcome{})
			defer hosts[1].DoneCallback(host.Outcome{})
			turns, idled := 0, false
			over := func() bool { return idled || turns > 2_000_000 || work > 0 && turns > 500 }
			begin := func(h *gtkhost.Host) {
				var turn func()
				turn = func() {
					turns++
					for end := time.Now().Add(work); time.Now().Before(end); {
					}
					if !over() {
						h.RunSyncSoonNotThreadsafe(turn)
					}
				}
				h.RunSyncSoonNotThreadsafe(turn)
			}
			iterate := func() { glib.MainContextDefault().Iteration(false) }
			begin(hosts[0])
			iterate()
			begin(hosts[1]) // when the other has just run
			glib.IdleAdd(func() { idled = true })
			for !over() {
				iterate()
			}
			require.True(t, idled)
		})
	}
}

// A counted host counts what the guest asks of it.
type counted struct {
	*gtkhost.Host
	asked *atomic.Int64
}

func (h counted) RunSyncSoonThreadsafe(fn func()) {
	h.asked.Add(1)
	h.Host.RunSyncSoonThreadsafe(fn)
}

func (h counted) RunSyncSoonNotThreadsafe(fn func()) { h.RunSyncSoonThreadsafe(fn) }

func TestIdleGuestAsksForNothing(t *testing.T) {
	var asked atomic.Int64
	_, err := guest.Run(counted{newHost(t), &asked}, func(ctx context.Context) (int, error) {
		for range 1000 {
			guest.Go(ctx, guest.Park)
		}
		guest.Go(ctx, func(ctx context.Context) error { return guest.Sleep(ctx, time.Hour) })
		if err := guest.Sleep(ctx, 10*time.Millisecond); err != nil {
			return 0, err
		}
		_, err := guest.Background(ctx, func(context.Context) (int, error) {
			// the turn that has started this function ends, and another if it asked for that
			for range 2 {
				turned := make(chan struct{})
				glib.IdleAddPriority(glib.PRIORITY_LOW, func() { close(turned) })
				<-turned
			}
			before, used := asked.Load(), cpu()
			time.Sleep(300 * time.Millisecond)
			assert.Equal(t, before, asked.Load())
			assert.Less(t, cpu()-used, 50*time.Millisecond)
			return 0, nil
		})
		g, _ := guest.FromContext(ctx)
		g.Cancel(nil)
		return 0, err
	}, nil)
	require.ErrorIs(t, err, guest.ErrQuit)
}

func TestManyGuestsLeaveNothingBehind(t *testing.T) {
	locked(t)
	var before int
	for i := range 300 {
		if i == 50 {
			before = runtime.NumGoroutine()
		}
		require.NoError(t, gtkhost.Run(func(ctx context.Context) error { return guest.Yield(ctx) }, nil))
	}
	require.LessOrEqual(t, runtime.NumGoroutine(), before+5)
}

func TestEnterIsRefusedElsewhere(t *testing.T) {
	h := newHost(t)
	var wg sync.WaitGroup
	wg.Go(func() {
		assert.PanicsWithValue(t, "gtkhost: Enter called on another thread than the host's; call it where the loop runs, or ran",
			func() { h.Enter(func() {}) })
	})
	wg.Wait()
	require.PanicsWithValue(t, "gtkhost: NewLoop called with a nil function; use New for a plain GMainLoop",
		func() { _, _ = gtkhost.NewLoop(nil, nil) })
}

func TestEveryCallOfEnterRuns(t *testing.T) {
	h := newHost(t)
	depths := map[int]bool{}
	look := func() { depths[host.CallbackDepth()] = true }
	h.Enter(func() { look(); h.Enter(look) })
	for range 3 {
		done := false
		glib.IdleAdd(func() { h.Enter(look); raise(func() { h.Enter(look); done = true }) })
		for !done {
			glib.MainContextDefault().Iteration(true)
		}
	}
	require.Len(t, depths, 1)
	var deep func(n int)
	deep = func(n int) {
		if n == 0 {
			assert.PanicsWithValue(t, "gtkhost: Enter called too deep in callbacks from C; call it before the loop, or after",
				func() { h.Enter(func() {}) })
			return
		}
		raise(func() { deep(n - 1) })
	}
	deep(20)
}

// A loop that the program runs in its own way: gtk.Main and gtk.MainQuit, for example.
func ExampleNewLoop() {
	loop := glib.MainLoopNew(glib.MainContextDefault(), false)
	h, err := gtkhost.NewLoop(loop.Run, loop.Quit)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(guest.Run(h, func(context.Context) (string, error) { return "it runs", nil }, nil))
	// Output: it runs <nil>
}
