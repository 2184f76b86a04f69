package guest

import (
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
)

// Seeded returns a source of random numbers for a test that says its seed, and takes it back by
// LODGER_SEED.
func Seeded(t testing.TB) *rand.Rand {
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
