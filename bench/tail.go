package main

import (
	"fmt"
	"slices"

	"github.com/golodger/lodger/bench/work"
)

// A tail describes the end of a distribution.
type tail struct{ p50, p99, worst float64 }

func tailOf(values []float64) (t tail, ok bool) {
	if len(values) == 0 {
		return t, false
	}
	sorted := slices.Sorted(slices.Values(values))
	// with few samples, the p99 is the worst
	at := func(hundredths int) float64 { return sorted[(len(sorted)*hundredths+99)/100-1] }
	return tail{at(50), at(99), at(100)}, true
}

func (t tail) String() string {
	if patient(t.p50) == patient(t.worst) {
		return patient(t.worst)
	}
	return fmt.Sprintf("%s / %s / %s", patient(t.p50), patient(t.p99), patient(t.worst))
}

// patient formats a waiting time.
func patient(x float64) string {
	if x >= float64(work.Patience) {
		return "> 5 s"
	}
	return nanos(x)
}

// ratiosOfTails compares the p99 of each round.
func ratiosOfTails(ours, theirs [][]float64) (list []float64) {
	for i := range min(len(ours), len(theirs)) {
		a, ok := tailOf(ours[i])
		b, also := tailOf(theirs[i])
		if ok && also && b.p99 > 0 {
			list = append(list, a.p99/b.p99)
		}
	}
	return list
}
