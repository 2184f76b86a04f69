package sched

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// stepsOf counts the steps of a turn in which each step takes d.
func stepsOf(p *Pump, d time.Duration) (steps int, took time.Duration) {
	start := time.Now()
	p.clock.start(false)
	for {
		time.Sleep(d)
		steps++
		if p.Spent() || steps > 10*maxSteps {
			return steps, time.Since(start)
		}
	}
}

func TestClockEndsATurnWithItsTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := &Pump{clock: clock{budget: 4 * time.Millisecond, epoch: time.Now()}}
		steps, _ := stepsOf(p, time.Second)
		require.Equal(t, 1, steps, "a slow step is the last")
		steps, took := stepsOf(p, time.Millisecond)
		require.Equal(t, 4, steps)
		require.Equal(t, 4*time.Millisecond, took)
		for _, step := range []time.Duration{time.Microsecond, 10 * time.Microsecond, 49 * time.Microsecond} {
			_, took := stepsOf(p, step)
			require.GreaterOrEqual(t, took, 4*time.Millisecond)
			require.LessOrEqual(t, took, 4*time.Millisecond+maxStride*step, "one stride too long at most")
		}
	})
}

func TestClockEndsATurnWithItsStepsWhereTimeStandsStill(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := &Pump{clock: clock{budget: 4 * time.Millisecond, epoch: time.Now()}}
		steps, took := stepsOf(p, 0)
		require.Zero(t, took)
		require.InDelta(t, maxSteps, steps, maxStride)
		require.True(t, p.Spent(), "and stays over")
		p.clock.start(false)
		require.False(t, p.Spent(), "until the next")
	})
}

func TestClockIsReadAtEachStepAfterASlowOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := &Pump{clock: clock{budget: 4 * time.Millisecond, epoch: time.Now()}}
		p.clock.start(false)
		for range 1000 { // fast: the stride is long
			require.False(t, p.Spent())
		}
		n := 0
		for over := false; !over; n++ {
			time.Sleep(100 * time.Microsecond)
			over = p.Spent()
		}
		require.Equal(t, 40, n, "the first reading comes in time, and after it one at each step")
	})
}
