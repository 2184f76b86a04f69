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

// The code of a Runnable is that between Entered and Left.
func TestPanicOfARunnablesCodeIsItsOwn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, s := newClient(t), &story{t: t}
		var atOnce, later, afterAPost, onTheWayOut *task
		c.run(func(main *task) {
			atOnce = c.start(func(t *task) { t.co.Entered(); s.step(1); blowUp() })
			c.pump.Post(s.says(2))
			c.pump.Post(blowUp)
			afterAPost = c.start(func(t *task) { t.co.Entered(); s.step(3); blowUp() })
			later = c.start(func(t *task) { t.co.Entered(); s.step(4); t.yield(); s.step(7); blowUp() })
			onTheWayOut = c.start(func(t *task) {
				defer func() { t.yield(); s.step(8) }()
				t.co.Entered()
				s.step(5)
				blowUp()
			})
			c.pump.Post(s.says(6))
			main.yield()
			main.yield()
			main.yield()
			s.step(9)
		})
		s.step(10)
		for _, one := range []*task{atOnce, later, afterAPost, onTheWayOut} {
			require.True(t, one.done)
		}
		require.Len(t, c.heard.panicked, 4)
		for _, panicked := range c.heard.panicked {
			require.Equal(t, "boom", panicked.value)
			require.Contains(t, panicked.stack, "sched.blowUp(")
		}
		require.Len(t, c.heard.failed, 1)
		require.Empty(t, c.heard.faults)
		require.Empty(t, c.heard.exited)
		require.Zero(t, c.pump.Counts(true).Begun)
	})
}

// What panics leaves the coroutine to the next.
func TestCoroutineOfAPanicIsUsedAgain(t *testing.T) {
	for name, boom := range map[string]func(c *client){
		"a Runnable":        func(c *client) { c.start(func(t *task) { t.co.Entered(); blowUp() }) },
		"a posted function": func(c *client) { c.pump.Post(blowUp) },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := newClient(t)
				c.run(func(main *task) {
					var first, second *Coro
					c.start(func(t *task) { first = t.co })
					boom(c)
					main.yield()
					boom(c)
					c.start(func(t *task) { second = t.co })
					main.yield()
					require.Same(c.t, first, second)
					require.Equal(c.t, internal, second.code)
				})
				require.Empty(t, c.heard.faults)
			})
		})
	}
}

// A Runnable of which a panic is told may still leave by Goexit. Then it does not go on.
func TestGoexitAfterAPanicWasTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newClient(t)
		var left *task
		c.run(func(main *task) {
			left = c.start(func(t *task) {
				t.co.Entered()
				defer blowUp()
				runtime.Goexit()
			})
			main.yield()
		})
		require.Len(t, c.heard.panicked, 1)
		require.Equal(t, []*task{left}, c.heard.exited)
		require.Zero(t, c.heard.recovered)
		require.Empty(t, c.heard.faults)
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
		"a Runnable that has panicked": func(c *client) {
			c.onRecovered = blowUp
			c.start(func(t *task) { t.co.Entered(); panic("another") })
		},
		"a Runnable that was left": func(c *client) {
			c.start(func(t *task) { t.co.Entered(); t.co.Left(); blowUp() })
		},
		"Panicked": func(c *client) {
			c.onPanicked = blowUp
			c.start(func(t *task) { t.co.Entered(); panic("another") })
		},
		"Exited": func(c *client) { c.onExited = blowUp; c.pump.Post(runtime.Goexit) },
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
