package sched

import (
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// A witness records what a pump tells its watcher.
type witness struct {
	turns []Turn
	steps []Step

	takes time.Duration // how long a look takes

	mu    sync.Mutex
	looks []Held
}

// watchedClient is a client whose pump is watched from the start.
func watchedClient(t *testing.T) (*client, *witness) {
	c, w := newClient(t), new(witness)
	c.pump.Watch(w.watcher(c))
	return c, w
}

func (w *witness) watcher(c *client) *Watcher {
	return &Watcher{
		Long: budget,
		Turn: func(turn Turn) { c.here(); w.turns = append(w.turns, turn) },
		Step: func(s Step) { c.here(); w.steps = append(w.steps, s) },
		Look: func(by Held) any {
			time.Sleep(w.takes)
			w.mu.Lock()
			defer w.mu.Unlock()
			w.looks = append(w.looks, by)
			return len(w.looks)
		},
	}
}

// looked returns how often the pump called Look.
func (w *witness) looked() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.looks)
}

// lasted returns how long the long steps lasted.
func (w *witness) lasted() (list []time.Duration) {
	for _, s := range w.steps {
		list = append(list, s.For)
	}
	return list
}

const ms = time.Millisecond

func TestWatcherHearsOfEachTurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, w := watchedClient(t)
		c.run(func(t *task) {
			t.sleep(100 * ms)
			holdThread(3 * ms)
			t.sleep(100 * ms)
			holdThread(300 * ms)
			t.sleep(ms)
		})
		require.Len(t, w.turns, 3, "the last one has ended the pump")
		require.Equal(t, Turn{}, w.turns[0])
		require.Equal(t, Turn{100 * ms, 100 * ms, 103 * ms}, w.turns[1])
		require.Equal(t, Turn{203 * ms, 203 * ms, 503 * ms}, w.turns[2])
	})
}

// The watcher learns what held the thread: a task that begins, goes on, waits or returns, or a
// function.
func TestWatcherHearsOfLongSteps(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, w := watchedClient(t)
		var main *task
		main = c.startMain(func(t *task) {
			holdThread(5 * ms) // the task begins, and waits
			t.yield()
			holdThread(3 * ms) // too short to be reported
			t.yield()
			holdThread(6 * ms) // the task goes on, and waits
			returns := c.start(func(*task) { holdThread(7 * ms) })
			c.pump.Post(func() { holdThread(8 * ms) })
			c.pump.Post(func() {})
			goesOn := c.start(func(t *task) { t.yield(); holdThread(9 * ms) })
			t.sleep(time.Second)
			require.Equal(c.t, []time.Duration{5 * ms, 6 * ms, 7 * ms, 8 * ms, 9 * ms}, w.lasted())
			require.Same(c.t, main.co, w.steps[0].What)
			require.Same(c.t, main.co, w.steps[1].What)
			require.Same(c.t, returns, w.steps[2].What)
			require.IsType(c.t, func() {}, w.steps[3].What)
			require.Same(c.t, goesOn, w.steps[4].What)
			for _, s := range w.steps {
				require.Equal(c.t, ByTurn, s.By)
			}
			require.Equal(c.t, 8*ms, w.steps[1].Began)
		})
		c.spin()
	})
}

// A long step among many fast ones is reported alone, with its own length.
func TestWatcherTellsOneStepFromAnother(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, w := watchedClient(t)
		var slow *task
		c.startMain(func(t *task) {
			for i := range 200 {
				other := c.start(func(*task) {
					if i == 101 {
						holdThread(20 * ms)
					}
				})
				if i == 101 {
					slow = other
				}
			}
			t.sleep(time.Second)
		})
		c.spin()
		require.Equal(t, []time.Duration{20 * ms}, w.lasted())
		require.Same(t, slow, w.steps[0].What)
	})
}

// The pump looks at a step when it has lasted for twice the budget, and again whenever its
// length has doubled.
func TestLongStepIsLookedAt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, w := watchedClient(t)
		c.run(func(t *task) {
			holdThread(7 * ms)
			t.yield()
			require.Zero(c.t, w.looked())
			holdThread(9 * ms)
			t.yield()
			require.Equal(c.t, 1, w.looked())
			holdThread(time.Second)
			t.yield()
			require.Equal(c.t, 1+7, w.looked()) // 8 ms, 16, …, 512
			t.sleep(time.Second)
		})
		require.Len(t, w.steps, 3)
		require.Nil(t, w.steps[0].Seen)
		require.Equal(t, 1, w.steps[1].Seen)
		require.Equal(t, 8, w.steps[2].Seen)
	})
}

// A look stops the world, so a long rest follows a long look.
func TestProbeRestsAfterALook(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newClient(t)
		var w atomic.Int32
		c.pump.Watch(&Watcher{Long: budget, Turn: func(Turn) {}, Step: func(Step) {}, Look: func(Held) any {
			time.Sleep(10 * ms)
			return w.Add(1)
		}})
		c.run(func(t *task) {
			for range 50 {
				holdThread(20 * ms)
				t.yield()
			}
			t.sleep(time.Second)
		})
		require.InDelta(t, 2, w.Load(), 1) // looks in a second
	})
}

// What Look saw of one step is not reported for the next.
func TestLookThatComesTooLateIsDropped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, w := watchedClient(t)
		w.takes = 6 * ms // the look ends in the next step
		c.run(func(t *task) {
			holdThread(10 * ms)
			t.yield()
			holdThread(7 * ms)
			t.yield()
			t.sleep(time.Second)
		})
		require.Equal(t, 1, w.looked())
		require.Len(t, w.steps, 2)
		require.Nil(t, w.steps[0].Seen)
		require.Nil(t, w.steps[1].Seen)
	})
}

// A handler of the host holds the thread while the pump has something to do.
func TestWatcherHearsOfAnOwedTurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, w := watchedClient(t)
		c.run(func(t *task) {
			c.main.RunSyncSoonThreadsafe(func() {
				holdThread(10 * ms)
				c.pump.Post(func() {})
				holdThread(390 * ms)
			})
			t.sleep(time.Second)
			require.Len(c.t, w.steps, 1)
			require.Equal(c.t, Step{By: ByHost, Began: 10 * ms, For: 390 * ms, Seen: 3}, w.steps[0])
			turn := w.turns[len(w.turns)-1]
			require.Equal(c.t, Turn{10 * ms, 400 * ms, 400 * ms}, turn)
		})
	})
}

func TestStandingSaysWhatGoesOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, _ := watchedClient(t)
		type now struct {
			by    Held
			since time.Duration
		}
		at := func(d time.Duration, want now) {
			time.AfterFunc(d, func() {
				by, since := c.pump.Standing()
				require.Equal(c.t, want, now{by, since})
			})
		}
		c.run(func(t *task) {
			at(5*ms, now{Free, 0})
			at(15*ms, now{ByTurn, 10 * ms})
			at(35*ms, now{ByHost, 30 * ms})
			t.sleep(10 * ms)
			holdThread(10 * ms)
			c.main.RunSyncSoonThreadsafe(func() { time.Sleep(10 * ms); c.pump.Poke(); holdThread(10 * ms) })
			t.sleep(time.Second)
		})
	})
}

// A turn that has begun before the watch is told of, with the long step that ends in it, whether
// that is a task's or a function's.
func TestWatcherHearsOfTheTurnThatRuns(t *testing.T) {
	for name, holds := range map[string]func(c *client){
		"task":     func(c *client) { c.start(func(t *task) { holdThread(300 * ms); t.yield() }) },
		"function": func(c *client) { c.pump.Post(func() { holdThread(300 * ms) }) },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c, w := newClient(t), new(witness)
				c.run(func(t *task) {
					t.sleep(100 * ms)
					holds(c)
					time.AfterFunc(50*ms, func() { c.pump.Watch(w.watcher(c)) })
					t.sleep(time.Second)
				})
				require.GreaterOrEqual(t, len(w.turns), 1)
				require.Equal(t, Turn{100 * ms, 100 * ms, 400 * ms}, w.turns[0])
				require.Len(t, w.steps, 1)
				require.Equal(t, 300*ms, w.steps[0].For)
				require.Equal(t, 100*ms, w.steps[0].Began)
				require.NotNil(t, w.steps[0].Seen)
			})
		})
	}
}

// steps has a hundred tasks take a thousand steps in turn. Those that do nothing are fast, so the
// clock is soon read rarely.
func steps(c *client, step func(n int)) {
	for i := range 100 {
		c.start(func(t *task) {
			for round := range 10 {
				step(100*round + i)
				t.yield()
			}
		})
	}
}

// If the clock was not read after each step, it is not known which of them was the slow one.
func TestWatcherIsNotToldTheWrongStep(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, w := newClient(t), new(witness)
		c.run(func(t *task) {
			t.sleep(100 * ms)
			steps(c, func(n int) {
				if n == 550 {
					holdThread(300 * ms)
				}
			})
			time.AfterFunc(50*ms, func() { c.pump.Watch(w.watcher(c)) })
			t.sleep(time.Second)
		})
		require.Len(t, w.steps, 1)
		require.Nil(t, w.steps[0].What)
		require.Equal(t, 300*ms, w.steps[0].For)
		require.NotNil(t, w.steps[0].Seen)
	})
}

// Many short steps between two readings of the clock are no long one.
func TestWatcherTakesShortStepsForNoLongOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, w := newClient(t), new(witness)
		c.run(func(t *task) {
			t.sleep(100 * ms)
			time.AfterFunc(ms, func() { c.pump.Watch(w.watcher(c)) })
			steps(c, func(n int) {
				if n > 300 {
					holdThread(budget / 10)
				}
			})
			t.sleep(time.Second)
		})
		require.NotEmpty(t, w.turns)
		require.Empty(t, w.steps)
	})
}

// Before the watch begins and after it has ended, the pump reports nothing and reads the clock
// rarely.
func TestWatchEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, w := watchedClient(t)
		c.run(func(t *task) {
			holdThread(10 * ms)
			t.yield()
			require.True(c.t, c.pump.clock.single)
			c.pump.Watch(nil)
			t.yield()
			turns := len(w.turns)
			for range 20 {
				holdThread(time.Second)
				t.sleep(time.Second)
			}
			require.Len(c.t, w.steps, 1)
			require.Len(c.t, w.turns, turns)
			require.False(c.t, c.pump.clock.single)
			for range 100 {
				t.yield()
			}
			require.Equal(c.t, maxStride, c.pump.clock.stride)
			require.Nil(c.t, c.pump.ran)
		})
		require.Equal(t, 1, w.looked())
	})
}

// While the pump sleeps, the probe's timer does not run. A stopped pump has no watch.
func TestProbeSleepsWithThePump(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, w := watchedClient(t)
		due := func() time.Duration {
			c.pump.inbox.mu.Lock()
			defer c.pump.inbox.mu.Unlock()
			return c.pump.inbox.probe.due
		}
		c.run(func(t *task) {
			time.AfterFunc(time.Minute, func() { require.Zero(c.t, due()) })
			t.sleep(time.Hour)
			require.Less(c.t, len(w.turns), 10)
		})
		c.pump.Watch(&Watcher{})
		require.Nil(t, c.pump.inbox.probe.watcher)
	})
}

// What panics after a long step is reported under its own name.
func TestStepEndedByAPanicHasItsName(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, w := watchedClient(t)
		c.run(func(main *task) {
			c.start(func(*task) {})
			c.pump.Post(func() { holdThread(10 * ms); blowUp() })
			boom := c.start(func(t *task) { t.co.Entered(); holdThread(11 * ms); blowUp() })
			later := c.start(func(t *task) { t.co.Entered(); t.yield(); holdThread(12 * ms); blowUp() })
			main.sleep(time.Second)
			require.Equal(c.t, []time.Duration{10 * ms, 11 * ms, 12 * ms}, w.lasted())
			require.IsType(c.t, func() {}, w.steps[0].What)
			require.Same(c.t, boom, w.steps[1].What)
			require.Same(c.t, later, w.steps[2].What)
		})
	})
}

// A posted function that ends by Goexit is not reported under the name of the one before it.
func TestStepEndedByGoexitHasNoName(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, w := watchedClient(t)
		c.run(func(t *task) {
			c.pump.Post(func() {})
			c.pump.Post(func() { holdThread(10 * ms); runtime.Goexit() })
			t.sleep(time.Second)
		})
		require.Len(t, w.steps, 1)
		require.Nil(t, w.steps[0].What)
	})
}
