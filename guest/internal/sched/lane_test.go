package sched

import (
	"math/rand/v2"
	"os"
	"runtime/debug"
	"slices"
	"strconv"
	"testing"
)

// long is set where the tests that grow with the time they are given get much of it.
var long = os.Getenv("LODGER_LONG") != ""

// raced is set in a build for the race detector, in which memory and time say nothing, and
// each coroutine leaves 10 kB and more behind in the detector: crowds are smaller there.
var raced = func() bool {
	info, ok := debug.ReadBuildInfo()
	return ok && slices.Contains(info.Settings, debug.BuildSetting{Key: "-race", Value: "true"})
}()

// seeded returns random numbers for a test that logs their seed, and takes it back by
// LODGER_SEED.
func seeded(t testing.TB) *rand.Rand {
	t.Helper()
	seed := rand.Uint64()
	if text := os.Getenv("LODGER_SEED"); text != "" {
		var err error
		if seed, err = strconv.ParseUint(text, 10, 64); err != nil {
			t.Fatal("LODGER_SEED: ", err)
		}
	}
	t.Logf("replay with LODGER_SEED=%d", seed)
	return rand.New(rand.NewPCG(seed, 0))
}
