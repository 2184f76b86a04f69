package logview

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestRingKeepsTheNewestAndTheirNumbers(t *testing.T) {
	for limit := 1; limit < 8; limit++ {
		r, all := NewRing(limit), []string{}
		for range 100 {
			batch := make([]string, rand.IntN(2*limit))
			for i := range batch {
				batch[i] = fmt.Sprint(len(all) + i)
			}
			all = append(all, batch...)
			r.Add(batch...)
			require.Equal(t, len(all), r.End())
			require.Equal(t, max(0, len(all)-limit), r.First())
			n := r.First()
			for line := range r.Clone().Lines() {
				require.Equal(t, Line{n, all[n]}, line)
				n++
			}
			require.Equal(t, r.End(), n)
		}
	}
}

func TestRingRangesOverWhatComesMeanwhile(t *testing.T) {
	r := NewRing(3)
	r.Add("0", "1", "2")
	var got []int
	for line := range r.Lines() {
		got = append(got, line.Number)
		switch line.Number {
		case 0:
			r.Add("3", "4", "5", "6") // 1, 2 and 3 are dropped
		case 5:
			r.Add("7")
		}
		require.Equal(t, fmt.Sprint(line.Number), line.Text)
	}
	require.Equal(t, []int{0, 4, 5, 6, 7}, got)
}
