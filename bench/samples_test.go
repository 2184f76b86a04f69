package main

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/bench/work"
)

func TestSpreadIsTheMedianBetweenItsQuartiles(t *testing.T) {
	q, ok := spreadOf([]float64{5, 1, 4, 2, 3})
	require.True(t, ok)
	require.Equal(t, spread{2, 3, 4}, q)
	q, _ = spreadOf([]float64{1, 2})
	require.Equal(t, spread{1.25, 1.5, 1.75}, q)
	_, ok = spreadOf(nil)
	require.False(t, ok)
}

func TestRatioComparesWhatWasMeasuredInTheSameRound(t *testing.T) {
	s := samples{}
	say := func(contender string, round int, values ...float64) {
		for _, v := range values {
			s.add("house", round, work.Sample{Contender: contender, Workload: "switch", Value: v})
		}
	}
	of, to := key{"house", "ours", "switch", 0}, key{"house", "theirs", "switch", 0}
	_, ok := s.ratio(of, to)
	require.False(t, ok, "nothing is measured yet")
	say("ours", 0, 10, 20)
	say("theirs", 0, 5, 10)
	// the machine is slow now, for both; and theirs was measured once only
	say("ours", 1, 200, 200)
	say("theirs", 1, 100)
	say("ours", 2, 1)
	q, ok := s.ratio(of, to)
	require.True(t, ok)
	require.Equal(t, spread{2, 2, 2}, q)
}
