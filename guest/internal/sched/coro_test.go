package sched

import (
	"math"
	"runtime/debug"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

func TestOnlyTheCurrentWaitIsWoken(t *testing.T) {
	t.Run("and not an earlier or a later one", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			c, s := newClient(t), &story{t: t}
			c.run(func(main *task) {
				waits := c.start(func(t *task) {
					seq := t.co.Seq()
					c.pump.Wake(t.co, seq)
					c.pump.Wake(t.co, seq) // a second wake-up must not end the next wait
					c.pump.Ready(t.co, seq)
					t.park()
					s.step(2)
					c.pump.Wake(t.co, seq)
					c.pump.Wake(t.co, t.co.Seq()+1)
					t.park()
					s.step(4)
				})
				s.step(1)
				for range 3 {
					main.yield()
				}
				s.step(3)
				c.pump.Wake(waits.co, waits.co.Seq())
				main.yield()
				s.step(5)
			})
			s.step(6)
		})
	})
	t.Run("and nothing in a coroutine that was left", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			c, s := newClient(t), &story{t: t}
			c.run(func(main *task) {
				var co *Coro
				var seq uint32
				c.start(func(t *task) {
					co, seq = t.co, t.co.Seq()
					s.step(1)
				})
				main.yield()
				c.pump.Wake(co, seq) // the coroutine is idle
				main.yield()
				s.step(2)
				next := c.start(func(t *task) {
					s.step(3)
					t.park()
					s.step(5)
				})
				main.yield()
				require.Same(t, co, next.co, "it is used again")
				c.pump.Wake(co, seq)
				main.yield()
				s.step(4)
				next.cancel()
			})
			s.step(6)
		})
	})
	t.Run("by the pump alone", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			c, s := newClient(t), &story{t: t}
			one := c.start(func(t *task) { t.park(); s.step(5) })
			two := c.start(func(t *task) { t.park(); s.step(7) })
			c.run(func(main *task) {
				c.main.Post(func() { // a handler of the host
					s.step(3)
					c.pump.Wake(one.co, one.co.Seq())
					s.step(4)
				})
				s.step(1)
				main.yield()
				s.step(2)
				main.sleep(time.Second)
				c.pump.Ready(two.co, two.co.Seq())
				c.pump.Wake(two.co, two.co.Seq())
				s.step(6)
			})
			s.step(8)
		})
	})
}

// The count of waits skips zero when it overflows, because zero means that the coroutine has
// ended. A coroutine needs only minutes for four thousand million waits.
func TestCountOfWaitsSkipsZeroOnOverflow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, begun := newClient(t), 0
		c.run(func(t *task) {
			begun++
			t.co.seq = math.MaxUint32 - 2
			for range 5 {
				require.NotZero(c.t, t.co.Seq())
				t.sleep(time.Millisecond)
			}
			require.Equal(c.t, uint32(3), t.co.Seq())
		})
		require.Equal(t, 1, begun)
	})
}

// A look does not resume a coroutine in a wait that is not visitable, even after one that is.
func TestOnlyAVisitableWaitIsVisited(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, woken := newClient(t), false
		c.run(func(main *task) {
			other := c.start(func(t *task) {
				c.pump.Requeue(t.co)
				t.co.ParkVisitably()
				t.co.Unpark()
				t.co.Park()
				woken = true
			})
			main.yield()
			main.yield()
			visited := true
			c.pump.Control(applied(func() {
				visited = c.pump.Visit(other.co, func() {})
				require.False(c.t, woken)
			}))
			main.yield()
			require.False(c.t, visited)
			other.cancel()
			main.yield()
			main.yield()
			require.True(c.t, woken)
		})
	})
}

// One coroutine runs one function after the other, as long as none of them waits.
func TestCoroutineRunsOneFunctionAfterTheOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, s := newClient(t), &story{t: t}
		var first, second, third *Coro
		c.start(func(t *task) { first = t.co; s.step(1) })
		c.pump.Post(s.says(2))
		c.start(func(t *task) { second = t.co; s.step(3); t.yield() })
		c.run(func(t *task) { third = t.co; s.step(4) })
		require.Same(t, first, second)
		require.NotSame(t, second, third, "one that waits keeps its coroutine")
	})
}

// Coroutines have the mark of a guest's goroutines; see package place.
func TestCoroutinesAreMarked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newClient(t)
		c.run(func(t *task) {
			require.True(c.t, debug.SetPanicOnFault(true))
			t.yield()
			require.True(c.t, debug.SetPanicOnFault(true))
		})
	})
}
