package guest

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// stepsOf counts the steps of a turn in which each takes d.
func stepsOf(g *Guest, d time.Duration) (steps int, took time.Duration) {
	start := time.Now()
	g.startTurn()
	for {
		time.Sleep(d)
		steps++
		if g.spent() {
			return steps, time.Since(start)
		}
	}
}

func TestATurnEndsWithItsTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := &Guest{budget: 4 * time.Millisecond, epoch: time.Now()}
		steps, _ := stepsOf(g, time.Second)
		require.Equal(t, 1, steps, "a slow step is the last")
		steps, took := stepsOf(g, time.Millisecond)
		require.Equal(t, 4, steps)
		require.Equal(t, 4*time.Millisecond, took)
		for _, step := range []time.Duration{time.Microsecond, 10 * time.Microsecond, 49 * time.Microsecond} {
			_, took := stepsOf(g, step)
			require.GreaterOrEqual(t, took, 4*time.Millisecond)
			require.LessOrEqual(t, took, 4*time.Millisecond+maxStride*step, "one stride too long at most")
		}
	})
}

func TestATurnEndsWithItsStepsWhereTimeStandsStill(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := &Guest{budget: 4 * time.Millisecond, epoch: time.Now()}
		steps, took := stepsOf(g, 0)
		require.Zero(t, took)
		require.InDelta(t, maxSteps, steps, maxStride)
		require.True(t, g.spent(), "and stays over")
		g.startTurn()
		require.False(t, g.spent(), "until the next")
	})
}

func TestAfterASlowStepTheClockIsReadAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := &Guest{budget: 4 * time.Millisecond, epoch: time.Now()}
		g.startTurn()
		for range 1000 { // fast: the stride is long
			require.False(t, g.spent())
		}
		n := 0
		for over := false; !over; n++ {
			time.Sleep(100 * time.Microsecond)
			over = g.spent()
		}
		require.Equal(t, 40, n, "the first look comes in time, and after it every step is looked at")
	})
}
