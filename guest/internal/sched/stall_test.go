package sched

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// holdThread waits on the UI thread.
//
//go:noinline
func holdThread(d time.Duration) { time.Sleep(d) }

func TestStalledTurnIsReportedOnceWithItsStack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newClient(t)
		for range 3 {
			c.start((*task).park)
		}
		c.start(func(t *task) {
			for range 2 {
				t.sleep(time.Minute)
				holdThread(stalled - lostAfter) // long, but not a stall
				require.Empty(c.t, c.stalls())
			}
			t.sleep(time.Minute)
			began := time.Now()
			time.AfterFunc(stalled-time.Nanosecond, func() { require.Empty(c.t, c.stalls()) })
			time.AfterFunc(stalled+2*lostAfter, func() { require.Len(c.t, c.stalls(), 1) })
			holdThread(time.Minute)
			require.Equal(c.t, time.Minute, time.Since(began))
			c.cancel()
		})
		c.spin()
		require.Len(t, c.stalls(), 1)
		require.Contains(t, c.stalls()[0], "sched.holdThread")
	})
}

func TestStalledTurnIsReportedForEachTurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newClient(t)
		c.run(func(t *task) {
			for range 3 {
				c.pump.Post(func() { holdThread(2 * stalled) })
				t.sleep(time.Minute)
			}
		})
		require.Len(t, c.stalls(), 3)
	})
}

func TestNestedLoopIsNotReportedAsAStall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newClient(t)
		c.run(func(*task) {
			for range 10 {
				holdThread(lostAfter)
				c.main.Nest()
			}
		})
		require.Empty(t, c.stalls())
	})
}
