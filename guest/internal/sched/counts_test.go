package sched

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

func TestCountsAreOfThisMomentOnTheUIThread(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newClient(t)
		c.run(func(main *task) {
			for range 3 {
				c.start(func(t *task) { t.sleep(time.Minute) })
			}
			require.Equal(t, Counts{Begun: 1, Queued: 3}, c.pump.Counts(true))
			main.yield()
			require.Equal(t, Counts{Begun: 4, Sleeping: 3}, c.pump.Counts(true))
			c.pump.Post(func() {})
			c.pump.Push(func() {})
			c.pump.Defer(func() {}, nil)
			require.Equal(t, Counts{Begun: 4, Sleeping: 3, Queued: 3}, c.pump.Counts(true))
			main.sleep(time.Hour)
			require.Equal(t, Counts{Begun: 1}, c.pump.Counts(true))
		})
	})
}

func TestCountsElsewhereAreOfTheLatestTurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newClient(t)
		parked := Counts{Begun: 2, Sleeping: 1}
		c.start((*task).park)
		c.start(func(t *task) { t.sleep(time.Hour) })
		go func() {
			require.Equal(t, Counts{Queued: 2}, c.pump.Counts(false), "the pump has not run")
			time.Sleep(time.Second)
			require.Equal(t, parked, c.pump.Counts(false))
			c.main.Post(func() {
				c.pump.Post(func() {})
				parked.Queued = 1
				require.Equal(t, parked, c.pump.Counts(false))
			})
			time.Sleep(time.Second)
			c.cancel()
		}()
		synctest.Wait()
		c.spin()
	})
}
