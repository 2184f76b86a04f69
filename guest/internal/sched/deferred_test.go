package sched

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

func TestDeferredFunctionsRunFirstInTheNextTurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, s := newClient(t), &story{t: t}
		c.run(func(main *task) {
			turn := c.pump.Turn()
			c.pump.Defer(s.says(3), nil)
			c.pump.Defer(s.says(4), nil)
			c.main.Post(func() { // the host's window comes first
				s.step(2)
				c.pump.Post(s.says(5))
			})
			s.step(1)
			main.yield() // this waits for a batch, not for a turn
			require.Equal(t, turn, c.pump.Turn())
			main.sleep(time.Second)
			require.Greater(t, c.pump.Turn(), turn)
		})
		s.step(6)
	})
}

func TestDeferredFunctionsOfAnOwnerAreFlushed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, s := newClient(t), &story{t: t}
		mine, others := new(int), new(int)
		c.run(func(main *task) {
			c.pump.Defer(s.says(9), others)
			c.pump.Defer(s.says(4), mine)
			c.pump.Defer(s.says(10), nil)
			c.pump.Defer(s.says(5), mine)
			c.pump.Push(s.says(6))
			c.pump.Post(s.says(7))
			s.step(1)
			c.pump.FlushDeferred(mine)
			require.Equal(t, 4+2, c.pump.Counts(true).Queued)
			c.pump.Push(s.says(8)) // behind what was posted before the flush
			c.pump.Control(applied(s.says(3)))
			s.step(2)
			main.yield()
		})
		s.step(11)
	})
}

// Deferred functions that are flushed belong to the batch that has begun.
func TestDeferredFunctionsThatAreFlushedBelongToTheBatch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, s := newClient(t), &story{t: t}
		c.run(func(main *task) {
			c.pump.Push(func() {
				s.step(1)
				c.pump.Defer(s.says(2), s)
				c.pump.Control(applied(s.says(5)))
				c.pump.Push(s.says(6))
				c.pump.FlushDeferred(s)
			})
			c.pump.Push(s.says(3))
			main.yield()
			s.step(4) // the last of the batch, as before
		})
		s.step(7)
	})
}

func TestDeferredFunctionsRunBeforeWhatParksBehindThem(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, s := newClient(t), &story{t: t}
		c.run(func(main *task) {
			turn := c.pump.Turn()
			c.pump.ParkBehindDeferred(main.co)
			require.Equal(t, turn, c.pump.Turn(), "behind nothing")
			s.step(1)
			c.pump.Defer(s.says(2), nil)
			c.pump.ParkBehindDeferred(main.co)
			s.step(3)
			require.Greater(t, c.pump.Turn(), turn)
		})
		s.step(4)
	})
}

func TestDeferredFunctionsRunBeforeDrained(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, s := newClient(t), &story{t: t}
		c.onDrained = s.says(4)
		c.run(func(*task) {
			s.step(1)
			c.pump.Defer(s.says(2), nil)
			c.pump.Post(s.says(3))
		})
		s.step(5)
	})
}
