package headless_test

import (
	"math/rand/v2"
	"os"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/hosts/headless"
	"github.com/golodger/lodger/internal/ordeal"
)

// TestLoopMayQuitAtAnyStep quits at each step of a busy program, as rudely as a toolkit does.
func TestLoopMayQuitAtAnyStep(t *testing.T) {
	quitAt := func(t *testing.T, step int) (steps int) {
		synctest.Test(t, func(t *testing.T) {
			l := headless.New()
			var err error
			steps, err = ordeal.Run(l, &ordeal.Options{Deadly: step, Kill: l.Quit})
			require.NoError(t, err, "killed at step %d", step)
		})
		return steps
	}
	steps := quitAt(t, 0)
	require.Greater(t, steps, 100)
	for step := 1; step <= steps; step++ {
		quitAt(t, step)
	}
}

// TestGuestSurvivesALoopThatLosesRepeatsAndDelays plays the same program to its end.
func TestGuestSurvivesALoopThatLosesRepeatsAndDelays(t *testing.T) {
	rounds := uint64(200)
	if os.Getenv("LODGER_LONG") != "" {
		rounds = 20_000
	}
	for seed := range rounds {
		synctest.Test(t, func(t *testing.T) {
			_, err := ordeal.Run(ordeal.Hostile(headless.New(), rand.New(rand.NewPCG(seed, 0))), nil)
			require.NoError(t, err, "seed %d", seed)
		})
	}
}
