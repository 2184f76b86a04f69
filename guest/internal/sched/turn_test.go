package sched

import (
	"runtime"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// The pump takes in the inbox and applies control messages only between two batches.
func TestABatchIsASnapshot(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, s := newClient(t), &story{t: t}
		c.run(func(main *task) {
			c.pump.Post(func() {
				s.step(2)
				c.pump.Push(s.says(8)) // ready at once, but not in this batch
				c.pump.Control(applied(s.says(6)))
				c.pump.Post(s.says(9))
			})
			c.start(func(t *task) {
				s.step(3)
				t.yield()
				s.step(10)
			})
			c.pump.Post(s.says(4))
			c.pump.Control(applied(s.says(1))) // before all posts
			main.yield()
			s.step(5)
			c.pump.Control(applied(s.says(7)))
			main.yield()
			s.step(11)
			c.pump.Post(func() {
				s.step(12)
				c.pump.Push(s.says(14)) // the same, but not in this batch either
				c.pump.Control(applied(s.says(13)))
			})
			main.sleep(time.Second)
			s.step(15)
		})
		s.step(16)
	})
}

func TestBatchRunsEverythingReadyBeforeAnythingRunsTwice(t *testing.T) {
	const tasks, rounds = 50, 20
	synctest.Test(t, func(t *testing.T) {
		c, s := newClient(t), &story{t: t}
		for i := range int32(tasks) {
			c.start(func(t *task) {
				for r := range int32(rounds) {
					s.step(r*tasks + i + 1)
					t.yield()
				}
			})
		}
		c.run(func(*task) {})
		s.step(rounds*tasks + 1)
	})
}

func TestEntriesRunInOrderOfArrival(t *testing.T) {
	t.Run("of whatever kind", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			c, s := newClient(t), &story{t: t}
			first, second := signal{}, signal{}
			c.start(func(t *task) { t.await(&first); s.step(3) })
			c.start(func(t *task) { t.await(&second); s.step(2) })
			c.run(func(main *task) {
				main.yield()
				c.pump.Post(s.says(1))
				second.raise() // its waiter came later, but is served first
				first.raise()
				c.start(func(*task) { s.step(4) })
				c.pump.Post(s.says(5))
				c.pump.PostQuietly(s.says(6))
				main.yield() // behind what was posted before
				s.step(7)
				co := c.start(func(t *task) { t.park(); s.step(10) })
				main.yield()
				c.pump.Post(s.says(9))
				c.pump.Push(s.says(8)) // ahead of the inbox
				c.pump.Ready(co.co, co.co.Seq())
				main.yield()
				s.step(11)
			})
			s.step(12)
		})
	})
	t.Run("also many at once", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			c, s := newClient(t), &story{t: t}
			const entries = 10*chunkLen + 1
			for n := range int32(entries) {
				if n%3 == 0 {
					c.start(func(*task) { s.step(n + 1) })
				} else {
					c.pump.Post(s.says(n + 1))
				}
			}
			c.run(func(*task) { s.step(entries + 1) })
		})
	})
	t.Run("of each goroutine", func(t *testing.T) {
		const goroutines, posts = 4, 2000
		c := newClient(t)
		var last [goroutines]int
		var wg sync.WaitGroup
		for i := range goroutines {
			wg.Go(func() {
				for n := range posts {
					c.pump.Post(func() {
						if last[i] != n {
							t.Errorf("post %d of goroutine %d came as number %d", n, i, last[i])
						}
						last[i]++
					})
				}
			})
		}
		go func() { wg.Wait(); c.cancel() }()
		c.spin()
		for _, n := range last {
			require.Equal(t, posts, n)
		}
	})
}

// The host's other functions run between turns, no matter what keeps the pump busy.
func TestATurnKeepsItsBudget(t *testing.T) {
	for name, busy := range map[string]func(c *client, step func() bool){
		"tasks that yield": func(c *client, step func() bool) {
			for range 2 {
				c.start(func(t *task) {
					for step() {
						t.yield()
					}
				})
			}
		},
		"posts that post themselves": func(c *client, step func() bool) {
			var again func()
			again = func() {
				if step() {
					c.pump.Post(again)
				}
			}
			c.pump.Post(again)
		},
		"posts that exit": func(c *client, step func() bool) {
			var again func()
			again = func() {
				if step() {
					c.pump.Post(again)
					runtime.Goexit()
				}
			}
			c.pump.Post(again)
		},
		"a flood of posts": func(c *client, step func() bool) {
			for range 4 * maxSteps {
				c.pump.Post(func() { step() })
			}
		},
		"a flood of tasks": func(c *client, step func() bool) {
			for range 4 * maxSteps {
				c.start(func(*task) { step() })
			}
		},
		"a wait that is satisfied at once": func(c *client, step func() bool) {
			c.start(func(t *task) {
				for step() {
					if c.pump.Spent() { // as each wait of the client does
						t.yield()
					}
				}
			})
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := newClient(t)
				turn, longest, others := 0, 0, 0
				var other func()
				other = func() {
					turn = 0
					if others++; others < 5 {
						c.main.Post(other)
					} else {
						c.cancel()
					}
				}
				busy(c, func() bool {
					turn++
					longest = max(longest, turn)
					require.Less(t, turn, 10*maxSteps, "the thread is kept")
					return others < 5
				})
				c.main.Post(other)
				c.spin()
				require.Equal(t, 5, others)
				require.LessOrEqual(t, longest, maxSteps+2*maxStride)
				require.Greater(t, longest, maxSteps/4)
				require.Zero(t, len(c.heard.faults))
			})
		})
	}
	t.Run("also in time", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			c, last, longest := newClient(t), time.Now(), time.Duration(0)
			c.main.OnTurn = func() { last = time.Now() }
			c.run(func(t *task) {
				for range 1000 {
					time.Sleep(100 * time.Microsecond)
					longest = max(longest, time.Since(last))
					t.yield()
				}
			})
			require.Equal(t, budget, longest)
		})
	})
}

func TestTurnsAreNumberedInTheProcess(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newClient(t)
		c.run(func(*task) {
			outer := c.pump.Turn()
			inner := newClient(t)
			inner.startMain(func(*task) {
				require.True(t, c.pump.InTurn())
				require.True(t, inner.pump.InTurn())
				require.Greater(t, inner.pump.Turn(), outer, "the innermost has the latest")
			})
			inner.spinLocked()
			require.Equal(t, 1, inner.heard.drained)
			require.Equal(t, outer, c.pump.Turn())
		})
		require.False(t, c.pump.InTurn())
	})
}

func TestCurrentIsTheCoroutineOfTheRunningTask(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newClient(t)
		nothing := func() { require.Nil(t, c.pump.Current()) }
		c.pump.Post(nothing)
		c.start(func(*task) {})
		c.pump.Post(nothing) // in the coroutine of the task before
		c.run(func(main *task) {
			require.Same(t, main.co, c.pump.Current())
			other := c.start(func(t *task) {
				require.Same(c.t, t.co, c.pump.Current())
				t.park()
				require.Same(c.t, t.co, c.pump.Current())
			})
			main.yield()
			require.Same(t, main.co, c.pump.Current())
			c.pump.SetCurrent(nil) // inside a function that is not the task's code
			nothing()
			c.pump.SetCurrent(main.co)
			c.pump.Post(nothing)
			other.cancel()
			main.yield()
			main.yield()
			require.Same(t, main.co, c.pump.Current())
			require.True(t, other.done)
		})
		nothing()
	})
}

func TestAloneMeansThatNothingElseCanRun(t *testing.T) {
	for name, disturb := range map[string]func(c *client){
		"":                  func(*client) {},
		"a post":            func(c *client) { c.pump.Post(func() {}) },
		"a quiet post":      func(c *client) { c.pump.PostQuietly(func() {}) },
		"a ready function":  func(c *client) { c.pump.Push(func() {}) },
		"a control message": func(c *client) { c.pump.Control(applied(func() {})); c.pump.Controls() },
		"a deadline":        func(c *client) { c.pump.SetDeadline(c.pump.Deadline(time.Second)) },
		"a sleeper":         func(c *client) { c.start(func(t *task) { t.sleep(time.Second) }) },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := newClient(t)
				c.run(func(main *task) {
					main.yield()
					require.True(t, c.pump.Alone())
					disturb(c)
					require.Equal(t, name == "", c.pump.Alone())
				})
			})
		})
	}
	synctest.Test(t, func(t *testing.T) {
		c := newShuffled(t, func(int, func(i, j int)) {})
		c.run(func(*task) { require.False(t, c.pump.Alone(), "a shuffle is to see every wait") })
	})
}
