package guesttest

import (
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"
)

// shuffleVar is the environment variable that turns shuffling on, or repeats a seed.
const shuffleVar = "LODGER_SHUFFLE"

// shuffler returns what reorders the tasks of a batch, or nil. When the test fails, it prints
// how to repeat it.
func shuffler(t *testing.T, asked bool) func(n int, swap func(i, j int)) {
	t.Helper()
	seed := rand.Uint64() >> 40 // short enough to be typed
	switch v := os.Getenv(shuffleVar); v {
	case "":
		if !asked {
			return nil
		}
	case "off":
		return nil
	case "on":
	default:
		n, err := strconv.ParseUint(v, 10, 64)
		if err != nil {
			t.Fatalf("guesttest: %s is %q; set it to on, off or a seed", shuffleVar, v)
		}
		seed = n
	}
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("guesttest: tasks were shuffled; to repeat: %s=%d go test -run '%s'", shuffleVar, seed, pattern(t.Name()))
		}
	})
	return rand.New(rand.NewPCG(seed, 0)).Shuffle
}

// pattern is what -run wants for one test.
func pattern(name string) string { return "^" + strings.ReplaceAll(name, "/", "$/^") + "$" }
