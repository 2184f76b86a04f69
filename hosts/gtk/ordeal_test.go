//go:build cgo

package gtkhost_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/internal/ordeal"
)

// TestGuestSurvivesALoopThatLosesRepeatsAndDelays plays a busy program on GLib's loop, misused
// by a host that breaks its contract.
func TestGuestSurvivesALoopThatLosesRepeatsAndDelays(t *testing.T) {
	seeds := uint64(5)
	if os.Getenv("LODGER_LONG") != "" {
		seeds = 200
	}
	for seed := range seeds {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			_, err := ordeal.Run(ordeal.Hostile(newHost(t), rand.New(rand.NewPCG(seed, 0))), nil)
			require.NoError(t, err)
		})
	}
}
