//go:build cgo

package gtkhost_test

import (
	"context"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/gotk3/gotk3/glib"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/host"
	gtkhost "github.com/golodger/lodger/hosts/gtk"
	"github.com/golodger/lodger/internal/screentest"
)

// A nested loop is all that a modal dialog is to the main context, so these stories need no
// display; package gtkui plays them with real dialogs.

// spin runs a nested loop until done says so, as a dialog does until it is answered.
func spin(t *testing.T, done func() bool) {
	loop := glib.MainLoopNew(nil, false)
	late := time.Now().Add(10 * time.Second)
	timer := glib.TimeoutAdd(1, func() bool {
		if done() || time.Now().After(late) {
			loop.Quit()
		}
		return true
	})
	defer glib.SourceRemove(timer)
	loop.Run()
	assert.True(t, time.Now().Before(late), "the nested loop's end did not come")
}

// counters are ten tasks that count.
type counters [10]int

func (c *counters) start(ctx context.Context) {
	for i := range c {
		guest.Go(ctx, func(ctx context.Context) error {
			for {
				c[i]++
				if err := guest.Sleep(ctx, time.Millisecond); err != nil {
					return err
				}
			}
		})
	}
}

// growing returns a condition: each has grown since.
func (c *counters) growing() func() bool {
	before := *c
	return func() bool {
		for i := range c {
			if c[i] < before[i]+3 {
				return false
			}
		}
		return true
	}
}

// raise calls fn one callback deeper, as a signal that Go code raises does.
func raise(fn func()) {
	action := glib.SimpleActionNew("raise", nil)
	action.Connect("activate", fn)
	action.Activate(nil)
}

// inIdle calls fn from the loop, in a callback of GLib's, and waits for its end. In a task.
func inIdle(ctx context.Context, fn func()) error {
	done := guest.NewFuture[struct{}]()
	glib.IdleAdd(func() {
		fn()
		done.Resolve(struct{}{})
	})
	_, err := done.Wait(ctx)
	return err
}

// patient are options for a log that stays empty also where everything is slow.
func patient(log *screentest.Log) *guest.Options {
	return &guest.Options{Logger: log.Logger(), SlowTurn: -1}
}

// run is gtkhost.Run for a story with ten counting tasks.
func run(t *testing.T, log *screentest.Log, story func(ctx context.Context, h *gtkhost.Host, c *counters)) {
	t.Helper()
	locked(t)
	h, err := gtkhost.New()
	require.NoError(t, err)
	var c counters
	err = guest.RunTask(h, func(ctx context.Context) error {
		return guest.Supervise(ctx, func(ctx context.Context) error {
			crowd := guest.Go(ctx, func(ctx context.Context) error {
				c.start(ctx)
				return nil
			})
			defer crowd.Cancel(nil)
			story(ctx, h, &c)
			grown := c.growing() // and after it all go on
			for !grown() {
				if err := guest.Sleep(ctx, time.Millisecond); err != nil {
					return err
				}
			}
			return nil
		})
	}, patient(log))
	require.NoError(t, err)
}

func TestTasksGoOnInNestedLoops(t *testing.T) {
	for name, open := range map[string]func(ctx context.Context, h *gtkhost.Host, dialog func()) error{
		"Modal": func(ctx context.Context, _ *gtkhost.Host, dialog func()) error { return guest.Modal(ctx, dialog) },
		"RunSyncSoonNative": func(ctx context.Context, h *gtkhost.Host, dialog func()) error {
			done := guest.NewFuture[struct{}]()
			h.RunSyncSoonNative(func() { dialog(); done.Resolve(struct{}{}) })
			_, err := done.Wait(ctx)
			return err
		},
		"glib.IdleAdd": func(ctx context.Context, _ *gtkhost.Host, dialog func()) error { return inIdle(ctx, dialog) },
		"a signal's handler": func(ctx context.Context, _ *gtkhost.Host, dialog func()) error {
			return inIdle(ctx, func() { raise(dialog) })
		},
	} {
		t.Run(name, func(t *testing.T) {
			log := new(screentest.Log)
			run(t, log, func(ctx context.Context, h *gtkhost.Host, c *counters) {
				result := ""
				guest.Go(ctx, func(ctx context.Context) (err error) {
					result, err = guest.Background(ctx, func(context.Context) (string, error) { return "here", nil })
					return err
				})
				opened := 0
				require.NoError(t, open(ctx, h, func() {
					opened++
					grown := c.growing()
					spin(t, func() bool { return grown() && result == "here" })
				}))
				require.Equal(t, 1, opened)
			})
			require.Empty(t, log.Text())
		})
	}
}

// deeper opens nested loops one inside the other, each by open, and calls look in each, on the
// way in and on the way out.
func deeper(t *testing.T, levels int, open func(fn func()), look func(level int)) {
	var next func(level int)
	next = func(level int) {
		look(level)
		if level == levels {
			return
		}
		closed := false
		open(func() { next(level + 1); closed = true })
		spin(t, func() bool { return closed })
		look(level)
	}
	next(0)
}

func TestFourStackedDialogs(t *testing.T) {
	fromIdle := func(fn func()) { glib.IdleAdd(fn) }
	fromSignal := func(fn func()) { glib.IdleAdd(func() { raise(fn) }) } // two levels each
	for name, open := range map[string]func(func()){"one level each": fromIdle, "two levels each": fromSignal} {
		t.Run(name, func(t *testing.T) {
			log := new(screentest.Log)
			run(t, log, func(ctx context.Context, _ *gtkhost.Host, c *counters) {
				looked := 0
				require.NoError(t, guest.Modal(ctx, func() {
					deeper(t, 3, open, func(int) { looked++; spin(t, c.growing()) })
				}))
				require.Equal(t, 7, looked)
			})
			require.Empty(t, log.Text())
		})
	}
	t.Run("by Modal", func(t *testing.T) {
		log := new(screentest.Log)
		run(t, log, func(ctx context.Context, _ *gtkhost.Host, c *counters) {
			open, closed := 0, 0
			var all []*guest.Task
			for range 4 {
				all = append(all, guest.Go(ctx, func(ctx context.Context) error {
					return guest.Modal(ctx, func() {
						open++
						mine := open
						spin(t, func() bool { return open == 4 })
						spin(t, c.growing())
						// the last that was opened is the first that closes
						spin(t, func() bool { return closed == 4-mine })
						closed++
					})
				}))
			}
			for _, task := range all {
				require.NoError(t, task.Wait(ctx))
			}
			require.Equal(t, 4, closed)
		})
		require.Empty(t, log.Text())
	})
}

// More Modal calls than there is depth: those that would hold the tasks up wait until there is
// room, and all are made.
func TestModalCallForWhichThereIsNoDepthWaits(t *testing.T) {
	log := new(screentest.Log)
	run(t, log, func(ctx context.Context, _ *gtkhost.Host, c *counters) {
		const calls = 20
		most, open, closed := 0, 0, 0
		var all []*guest.Task
		for range calls {
			all = append(all, guest.Go(ctx, func(ctx context.Context) error {
				return guest.Modal(ctx, func() {
					open++
					most = max(most, open)
					spin(t, c.growing()) // others are opened meanwhile, inside
					spin(t, c.growing())
					open--
					closed++
				})
			}))
		}
		for _, task := range all {
			require.NoError(t, task.Wait(ctx))
		}
		require.Equal(t, calls, closed)
		require.Greater(t, most, 4)
	})
	require.Empty(t, log.Text())
}

// The callbacks are counted anew whenever somebody may have called C since, be it in a handler,
// in a nested loop, or elsewhere; and not only when a nested loop opens, but also when it has
// closed.
func TestConstantDepthIsKeptWhereverALoopHasBeen(t *testing.T) {
	h := newHost(t)
	depths, seen := map[int]bool{}, 0
	turn := func() {
		ran := false
		h.RunSyncSoonThreadsafe(func() { ran = true; seen++; depths[host.CallbackDepth()] = true })
		for !ran {
			glib.MainContextDefault().Iteration(true)
		}
	}
	inLoop := func(fn func()) { // one callback deeper
		done := false
		glib.IdleAdd(func() { fn(); done = true })
		for !done {
			glib.MainContextDefault().Iteration(true)
		}
	}
	for range 3 {
		turn()
		turn()
		inLoop(func() {
			turn()
			inLoop(func() { turn(); raise(turn); turn() })
			turn()
			turn()
		})
		turn()
		h.Enter(func() { depths[host.CallbackDepth()] = true })
		raise(turn)
		turn()
	}
	require.Equal(t, 33, seen)
	require.Len(t, depths, 1, "%v", depths)
}

// A loop that sleeps is woken from any goroutine, as often as anybody posts, also when many do
// at once.
func TestEveryPostFromAGoroutineEndsTheLoopsSleep(t *testing.T) {
	h := newHost(t)
	const goroutines, posts = 8, 500
	ran := 0
	for range goroutines {
		go func() {
			back := make(chan struct{})
			for range posts {
				h.RunSyncSoonThreadsafe(func() { ran++; go func() { back <- struct{}{} }() })
				<-back
			}
		}()
	}
	for ran < goroutines*posts {
		glib.MainContextDefault().Iteration(true)
	}
}

// The second runs in the nested loop of the first, though nobody posts any more.
func TestNativeFunctionDoesNotWaitForAnother(t *testing.T) {
	h := newHost(t)
	first, second := false, false
	h.RunSyncSoonNative(func() { spin(t, func() bool { return second }); first = true })
	h.RunSyncSoonNative(func() { second = true })
	for !first {
		glib.MainContextDefault().Iteration(true)
	}
}

// A task deep in dialogs asks for a native function, and nothing else happens. It runs in the
// first loop that has room, as soon as the dialog above that is closed.
func TestANativeFunctionForWhichThereIsNoRoomRunsWhenThereIs(t *testing.T) {
	log := new(screentest.Log)
	locked(t)
	h, err := gtkhost.New()
	require.NoError(t, err)
	err = guest.RunTask(h, func(ctx context.Context) error {
		constant := 0
		h.RunSyncSoonThreadsafe(func() { constant = host.CallbackDepth() })
		for constant == 0 {
			require.NoError(t, guest.Sleep(ctx, time.Millisecond))
		}
		g, _ := guest.FromContext(ctx)
		asked, ran := false, false
		require.NoError(t, inIdle(ctx, func() {
			// The loop of level 0 calls at a depth of 2.
			deeper(t, constant-2, func(fn func()) { glib.IdleAdd(fn) }, func(level int) {
				switch {
				case level+2 == constant:
					g.Go(func(ctx context.Context) error {
						asked = true
						return guest.Modal(ctx, func() { ran = true })
					})
					end := time.Now().Add(20 * time.Millisecond)
					spin(t, func() bool { return asked && time.Now().After(end) })
					assert.False(t, ran, "it would hold the tasks up here")
				case level+3 == constant && asked:
					spin(t, func() bool { return ran })
				}
			})
		}))
		require.True(t, ran)
		return nil
	}, patient(log))
	require.NoError(t, err)
	require.Empty(t, log.Text())
}

// cpu returns how much of the processor this process has used.
func cpu() time.Duration {
	var use syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &use)
	return time.Duration(use.Utime.Nano() + use.Stime.Nano())
}

func TestDeeperThanTheConstantDepthTasksWaitAndDoNotSpin(t *testing.T) {
	const long = 20 * time.Millisecond
	log, waited, used := new(screentest.Log), time.Duration(0), time.Duration(0)
	run(t, log, func(ctx context.Context, h *gtkhost.Host, c *counters) {
		constant := 0
		h.RunSyncSoonThreadsafe(func() { constant = host.CallbackDepth() })
		for constant == 0 {
			require.NoError(t, guest.Sleep(ctx, time.Millisecond))
		}
		fromHandler := func(fn func()) { glib.IdleAdd(func() { fn() }) }
		require.NoError(t, inIdle(ctx, func() {
			deeper(t, 2*constant, fromHandler, func(int) {
				if host.CallbackDepth() < constant {
					spin(t, c.growing())
					return
				}
				before, end, start := *c, time.Now().Add(long), cpu()
				spin(t, func() bool { return time.Now().After(end) })
				assert.Equal(t, before, *c, "no task may run deeper than the constant depth")
				waited, used = waited+long, used+cpu()-start
			})
		}))
	})
	require.Empty(t, log.Text())
	require.NotZero(t, waited)
	require.Less(t, used, waited/2)
}

func TestNestedLoopStraightInATaskHoldsAllUpAndIsReported(t *testing.T) {
	// by how the log begins to name it
	for name, open := range map[string]func(ctx context.Context, dialog func()) error{
		"task gtk_test.run.func": func(_ context.Context, dialog func()) error { dialog(); return nil },
		"the posted function gtk_test.TestNestedLoopStraightInATask": func(ctx context.Context, dialog func()) error {
			g, _ := guest.FromContext(ctx)
			done := guest.NewFuture[struct{}]()
			require.NoError(t, g.Post(func() { dialog(); done.Resolve(struct{}{}) }))
			_, err := done.Wait(ctx)
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			log := new(screentest.Log)
			run(t, log, func(ctx context.Context, _ *gtkhost.Host, c *counters) {
				require.NoError(t, open(ctx, func() {
					before := *c
					spin(t, func() bool { return log.Text() != "" })
					end := time.Now().Add(50 * time.Millisecond)
					spin(t, func() bool { return time.Now().After(end) })
					assert.Equal(t, before, *c)
				}))
			})
			require.Equal(t, 1, strings.Count(log.Text(), "\n"), log.Text())
			require.Contains(t, log.Text(), name)
			require.Contains(t, log.Text(), "runs a nested loop, so all tasks pause until it returns. Call it through guest.Modal")
		})
	}
}

// Two guests in one loop: while a task of one spins a loop of its own, the other has no place
// where it may be resumed, though on that task's stack it seems to have one.
func TestTaskWithItsOwnLoopHoldsUpTheOtherGuestsToo(t *testing.T) {
	log := new(screentest.Log)
	run(t, log, func(ctx context.Context, _ *gtkhost.Host, _ *counters) {
		other, err := gtkhost.New()
		require.NoError(t, err)
		count := 0
		g, err := guest.Start(other, func(ctx context.Context) error {
			for {
				count++
				if err := guest.Sleep(ctx, time.Millisecond); err != nil {
					return err
				}
			}
		}, patient(log))
		require.NoError(t, err)
		grows := func() {
			for before := count; count < before+3; {
				require.NoError(t, guest.Sleep(ctx, time.Millisecond))
			}
		}
		grows()
		before, end := count, time.Now().Add(50*time.Millisecond)
		spin(t, func() bool { return time.Now().After(end) })
		require.Equal(t, before, count)
		grows()
		g.Cancel(nil)
		_, err = guest.Background(ctx, func(ctx context.Context) (int, error) { return 0, g.Wait(ctx) })
		require.ErrorIs(t, err, guest.ErrQuit)
	})
	require.Empty(t, log.Text())
}

func TestRunInATaskOfAnotherGuest(t *testing.T) {
	log := new(screentest.Log)
	run(t, log, func(ctx context.Context, _ *gtkhost.Host, c *counters) {
		before := *c
		steps := 0
		require.NoError(t, gtkhost.Run(func(ctx context.Context) error {
			for range 3 {
				steps++
				if err := guest.Sleep(ctx, time.Millisecond); err != nil {
					return err
				}
				if err := guest.Modal(ctx, func() { spin(t, func() bool { return true }) }); err != nil {
					return err
				}
			}
			return nil
		}, patient(log)))
		require.Equal(t, 3, steps)
		assert.Equal(t, before, *c)
	})
}
