package sched

import (
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// blowUp stands for a mistake in a user's function.
//
//go:noinline
func blowUp() { panic("boom") }

func TestPanicOfAPostedFunctionIsItsOwn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, s := newClient(t), &story{t: t}
		c.pump.Post(s.says(1))
		c.pump.Post(blowUp)
		c.pump.Post(s.says(2))
		c.run(func(main *task) {
			s.step(3)
			c.pump.Push(blowUp)
			c.pump.Defer(func() { panic(nil) }, nil)
			main.sleep(time.Second)
			s.step(4)
		})
		require.Empty(t, c.heard.faults)
		require.Len(t, c.heard.failed, 3)
		for _, failed := range c.heard.failed[:2] {
			require.Equal(t, "boom", failed.value)
			require.Contains(t, failed.stack, "sched.blowUp(")
			require.Contains(t, failed.stack, PostedCaller+"(")
		}
		require.IsType(t, (*runtime.PanicNilError)(nil), c.heard.failed[2].value)
	})
}

// A panic of the pump itself is a fault: the pump resumes nothing afterwards, and its posts can
// be counted.
func TestPanicOfThePumpIsAFault(t *testing.T) {
	for name, fault := range map[string]func(c *client){
		"a control message": func(c *client) { c.pump.Control(applied(blowUp)) },
		"a function of the owner": func(c *client) {
			c.pump.Control(applied(func() { c.pump.PushLast(blowUp) }))
		},
		"a Runnable":             func(c *client) { c.start(func(*task) { blowUp() }) },
		"a Runnable that waited": func(c *client) { c.start(func(t *task) { t.yield(); blowUp() }) },
		"a Runnable that exits": func(c *client) {
			c.start(func(*task) { defer blowUp(); runtime.Goexit() })
		},
		"a shuffle": func(c *client) { c.pump.steer = &Steer{Shuffle: func(int, func(i, j int)) { blowUp() }} },
		"Exited":    func(c *client) { c.onExited = blowUp; c.pump.Post(runtime.Goexit) },
		"DeadlinePassed": func(c *client) {
			c.onDeadline = blowUp
			c.pump.SetDeadline(c.pump.Deadline(time.Nanosecond))
		},
		"TurnEnded": func(c *client) { c.onTurnEnded = blowUp },
		"Closed":    func(c *client) { c.onClosed = blowUp; c.cancel() },
		"Drained":   func(c *client) { c.onDrained = blowUp; c.cancel() },
	} {
		t.Run(name, func(t *testing.T) {
			onStage(t, func(t *testing.T) {
				c := newClient(t)
				c.pump.Post(func() {})
				fault(c)
				c.spinLocked()
				defer c.pump.stopCoros() // otherwise the bubble could not end
				require.Len(t, c.heard.faults, 1)
				require.Equal(t, "boom", c.heard.faults[0].value)
				require.Contains(t, c.heard.faults[0].stack, "sched.blowUp(", "the stack of the panic")
				require.Empty(t, c.heard.failed)
				require.False(t, c.pump.InTurn())
				require.Nil(t, c.pump.Current())
				asked := c.main.Asked.Load()
				c.pump.Post(func() { t.Error("ran") })
				c.pump.Poke()
				time.Sleep(time.Hour)
				require.Equal(t, asked, c.main.Asked.Load(), "the host is asked no more")
			})
		})
	}
}

// Abandon counts what has not run, even after a panic in Shuffle.
func TestAbandonCountsWhatHasNotRun(t *testing.T) {
	onStage(t, func(t *testing.T) {
		c := newShuffled(t, func(n int, _ func(i, j int)) {
			if n == 2 {
				blowUp()
			}
		})
		never := func() { t.Error("ran") }
		c.pump.Post(func() {
			c.pump.Defer(never, nil)
			for range 3 {
				c.pump.Post(never)
			}
			for range 2 {
				c.start(func(*task) { never() })
			}
			c.pump.PushLast(never)
		})
		c.spinLocked()
		defer c.pump.stopCoros()
		require.Len(t, c.heard.faults, 1)
		dropped, abandoned := 0, 0
		c.pump.Post(never)
		c.pump.Abandon(func() { dropped++ }, func(r Runnable) {
			require.IsType(t, (*task)(nil), r)
			abandoned++
		})
		require.Equal(t, 3+1+1, dropped)
		require.Equal(t, 2, abandoned)
		require.False(t, c.pump.Post(never))
		require.Zero(t, c.pump.Counts(true).Queued)
	})
}

// A Goexit ends only the function that calls it, and not the host's thread.
func TestGoexitEndsOnlyItsFunction(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, s := newClient(t), &story{t: t}
		var exits, exitsLater *task
		c.run(func(main *task) {
			exits = c.start(func(*task) {
				defer s.step(2)
				s.step(1)
				runtime.Goexit()
			})
			c.pump.Post(func() {
				s.step(3)
				runtime.Goexit()
			})
			exitsLater = c.start(func(t *task) {
				defer func() { t.yield(); s.step(6) }() // on the way out, too
				defer s.step(5)
				t.yield()
				runtime.Goexit()
			})
			c.pump.Post(s.says(4))
			for range 4 {
				main.yield()
			}
			c.pump.PushLast(func() { s.step(7); runtime.Goexit() })
			main.yield()
			s.step(8)
		})
		require.Equal(t, []*task{exits, nil, exitsLater, nil}, c.heard.exited)
		require.Empty(t, c.heard.faults)
		require.Empty(t, c.heard.failed)
		require.Equal(t, 1, c.heard.drained)
		s.step(9)
	})
}

// After a Goexit the pump does not use the coroutine again, so a wake-up finds nothing.
func TestGoexitLeavesNothingToWake(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newClient(t)
		c.run(func(main *task) {
			var co *Coro
			var seq uint32
			c.start(func(t *task) {
				co, seq = t.co, t.co.Seq()
				runtime.Goexit()
			})
			main.yield()
			require.Nil(t, c.heard.exited[0].co)
			require.NotEqual(t, seq, co.Seq())
			c.pump.Wake(co, seq)
			main.yield()
			next := c.start((*task).yield)
			main.yield()
			require.NotSame(t, co, next.co)
		})
	})
}

// A panic ends when a deferred function calls Goexit.
func TestGoexitAfterAPanicIsNoPanic(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newClient(t)
		c.run(func(*task) {
			defer runtime.Goexit()
			blowUp()
		})
		require.Len(t, c.heard.exited, 1)
		require.Empty(t, c.heard.faults)
	})
}

func TestPostedCallerNamesTheCallerOfPostedFunctions(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, callers := newClient(t), []string(nil)
		c.pump.Post(func() {
			pcs := make([]uintptr, 10)
			frames := runtime.CallersFrames(pcs[:runtime.Callers(1, pcs)])
			for frame, more := frames.Next(); more; frame, more = frames.Next() {
				callers = append(callers, frame.Function)
			}
			c.cancel()
		})
		c.spin()
		require.True(t, strings.HasSuffix(callers[1], PostedCaller), "%q", callers)
	})
}
