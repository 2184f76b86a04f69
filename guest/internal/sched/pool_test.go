package sched

import (
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// crowd starts n tasks that need a coroutine each, and waits for their end. Must be called in a
// task.
func (c *client) crowd(main *task, n int) {
	for range n {
		c.start((*task).yield)
	}
	for range 3 {
		main.yield()
	}
}

// A trimming is a turn that leaves fewer idle coroutines than the one before.
type trimming struct {
	after time.Duration
	left  int
}

// watchPool returns a list to which each later trimming is added. Read it on the UI thread, or
// after the main loop.
func (c *client) watchPool() *[]trimming {
	var seen []trimming
	start, last := time.Now(), 0
	c.onTurnEnded = func() {
		if n := len(c.pump.idle); n < last {
			seen = append(seen, trimming{time.Since(start), n})
		}
		last = len(c.pump.idle)
	}
	return &seen
}

func TestIdleCoroutinesAreKeptForReuseAndBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newClient(t)
		var idle []int
		c.run(func(main *task) {
			for _, n := range []int{10, 3 * maxIdle, 10} {
				for range n {
					c.start((*task).yield)
				}
				for c.live > 1 {
					main.yield()
				}
				idle = append(idle, len(c.pump.idle))
			}
		})
		require.Equal(t, []int{10, maxIdle, maxIdle}, idle)
		require.Empty(t, c.pump.idle, "and end with the pump")
	})
}

// A coroutine that finds no room in the pool ends at once, however its last task has ended.
func TestCoroutinesWithoutRoomEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newClient(t)
		const crowd = 3 * maxIdle
		c.run(func(main *task) {
			made := map[*Coro]bool{}
			for i := range crowd {
				c.start(func(t *task) {
					made[t.co] = true
					t.co.Entered()
					t.yield()
					switch {
					case i%4 == 1:
						panic("the task's")
					case i%4 == 2:
						runtime.Goexit()
					}
				})
			}
			for c.live > 1 {
				main.yield()
			}
			require.Equal(t, maxIdle, len(c.pump.idle))
			for _, co := range c.pump.idle {
				delete(made, co)
			}
			require.Equal(t, crowd-maxIdle, len(made))
			for co := range made {
				_, lives := co.next()
				require.False(t, lives)
			}
		})
		require.Equal(t, crowd/4, c.heard.recovered)
		require.Equal(t, crowd/4, len(c.heard.exited))
		require.Empty(t, c.heard.faults)
	})
}

func TestIdleCoroutinesAreEndedAfterAWhile(t *testing.T) {
	const size = 100
	t.Run("in a pump that sleeps, which is called once", func(t *testing.T) {
		for _, crowds := range []int{1, 4} {
			synctest.Test(t, func(t *testing.T) {
				c := newClient(t)
				seen := c.watchPool()
				goroutines := runtime.NumGoroutine()
				time.AfterFunc(1000*time.Hour, func() {
					c.pump.inbox.mu.Lock()
					require.Nil(t, c.pump.inbox.watchdog.timer, "no timer is left")
					c.pump.inbox.mu.Unlock()
					// main and this, and perhaps those of the runtime that call clean-ups
					require.LessOrEqual(t, runtime.NumGoroutine(), goroutines+minIdle+2+3)
					c.cancel()
				})
				var asked int64
				var last time.Duration
				c.run(func(main *task) {
					for range crowds {
						main.sleep(keepFor * 2 / 3)
						c.crowd(main, size)
					}
					asked, last = c.main.Asked.Load(), c.pump.Since()
					main.park()
				})
				require.Equal(t, asked+2, c.main.Asked.Load(), "once, and for the cancellation")
				require.Len(t, *seen, 1)
				require.Equal(t, minIdle, (*seen)[0].left)
				require.GreaterOrEqual(t, (*seen)[0].after-last, keepFor)
				require.LessOrEqual(t, (*seen)[0].after-last, keepFor+2*lostAfter)
			})
		}
	})
	t.Run("in a pump with turns, without one more", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			c := newClient(t)
			seen := c.watchPool()
			c.run(func(main *task) {
				c.crowd(main, size)
				asked := c.main.Asked.Load()
				for range 60 {
					main.sleep(time.Second)
					c.crowd(main, minIdle+4) // the guest goes on needing these
				}
				require.EqualValues(t, asked+60, c.main.Asked.Load())
			})
			require.Equal(t, []trimming{{2 * keepFor, minIdle + 4}}, *seen)
		})
	})
	t.Run("but not those that a crowd needs again and again", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			c := newClient(t)
			seen := c.watchPool()
			c.run(func(main *task) {
				for range 20 {
					c.crowd(main, size)
					main.sleep(keepFor - lostAfter)
				}
				require.Len(t, c.pump.idle, size)
			})
			require.Empty(t, *seen)
		})
	})
	t.Run("nor the last few, for which no pump is called", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			c := newClient(t)
			seen := c.watchPool()
			time.AfterFunc(1000*time.Hour, c.cancel)
			var asked int64
			c.run(func(main *task) {
				c.crowd(main, minIdle)
				asked = c.main.Asked.Load()
				main.park()
			})
			require.Equal(t, asked+1, c.main.Asked.Load(), "the cancellation")
			require.Empty(t, *seen)
		})
	})
}
