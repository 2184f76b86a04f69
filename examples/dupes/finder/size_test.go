package finder

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestSizesAreWrittenForPeople(t *testing.T) {
	for bytes, want := range map[int64]string{
		0:             "0 B",
		999:           "999 B",
		1000:          "1.0 kB",
		1049:          "1.0 kB",
		9949:          "9.9 kB",
		9950:          "10 kB",
		999_499:       "999 kB",
		999_500:       "1.0 MB",
		1_500_000_000: "1.5 GB",
		math.MaxInt64: "9.2 EB",
	} {
		require.Equal(t, want, Size(bytes), bytes)
	}
}
