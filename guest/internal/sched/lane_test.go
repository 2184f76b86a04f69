package sched

import (
	"math/rand/v2"
	"os"
	"runtime/debug"
	"slices"
	"strconv"
	"testing"
)

// long makes the tests run for much longer that can use the time.
var long = os.Getenv("LODGER_LONG") != ""

// raced reports a build with the race detector. There memory and time say nothing, and each
// coroutine leaves 10 kB or more behind in the detector, so tests use fewer of them.
var raced = func() bool {
	info, ok := debug.ReadBuildInfo()
	return ok && slices.Contains(info.Settings, debug.BuildSetting{Key: "-race", Value: "true"})
}()

// seeded returns random numbers for a test. It logs their seed, and takes the seed from
// LODGER_SEED if that is set.
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
