package sched

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

func TestQuantilesAreOfTheLatest(t *testing.T) {
	var r recent
	require.Zero(t, r.quantiles())
	r.add(-time.Hour)
	r.add(2 * aLifetime)
	require.Zero(t, r.quantiles(), "of another clock")
	for i := range 1000 {
		r.add(time.Duration(i+1) * time.Millisecond)
	}
	require.Equal(t, Quantiles{872 * time.Millisecond, 998 * time.Millisecond, 1000 * time.Millisecond}, r.quantiles())
	r = recent{}
	r.add(time.Second)
	require.Equal(t, Quantiles{time.Second, time.Second, time.Second}, r.quantiles())
}

func TestTurnsAndDelaysAreMeasured(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newClient(t)
		c.start(func(main *task) {
			main.sleep(time.Minute)
			c.pump.Post(func() { holdThread(20 * time.Millisecond) })
			main.sleep(time.Minute)
			c.main.Post(func() { c.cancel(); holdThread(30 * time.Millisecond) })
			main.park()
		})
		c.spin()
		turns, delays := c.pump.Latest()
		require.Equal(t, 20*time.Millisecond, turns.Max)
		require.Zero(t, turns.P50)
		require.Zero(t, delays.P50)
		require.Equal(t, 30*time.Millisecond, delays.Max)
	})
}
