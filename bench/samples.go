package main

import (
	"math"
	"slices"

	"github.com/golodger/lodger/bench/work"
)

// A key identifies samples of the same kind.
type key struct {
	house, contender, workload string
	param                      int
}

// samples contains all measurements.
type samples map[key]*series

type series struct {
	rounds [][]float64
	why    string // why there are none
}

func (s samples) add(house string, round int, one work.Sample) {
	k := key{house, one.Contender, one.Workload, one.Param}
	if s[k] == nil {
		s[k] = &series{}
	}
	if one.Why != "" {
		s[k].why = one.Why
		return
	}
	for len(s[k].rounds) <= round {
		s[k].rounds = append(s[k].rounds, nil)
	}
	s[k].rounds[round] = append(s[k].rounds[round], one.Value)
}

func (s samples) rounds(k key) [][]float64 {
	if found := s[k]; found != nil {
		return found.rounds
	}
	return nil
}

func (s samples) spread(k key) (spread, bool) { return spreadOf(slices.Concat(s.rounds(k)...)) }

// A spread is a median with its quartiles.
type spread struct{ low, median, high float64 }

func spreadOf(values []float64) (s spread, ok bool) {
	if len(values) == 0 {
		return s, false
	}
	sorted := slices.Sorted(slices.Values(values))
	at := func(q float64) float64 {
		place := q * float64(len(sorted)-1)
		below := math.Floor(place)
		a, b := sorted[int(below)], sorted[int(math.Ceil(place))]
		return a + (b-a)*(place-below)
	}
	return spread{at(0.25), at(0.5), at(0.75)}, true
}

// ratio compares samples of about the same time: in each round the first with the first, the
// second with the second. If one side has fewer samples, they are compared more than once.
func (s samples) ratio(of, to key) (spread, bool) {
	var list []float64
	ofRounds, toRounds := s.rounds(of), s.rounds(to)
	for r := range min(len(ofRounds), len(toRounds)) {
		a, b := ofRounds[r], toRounds[r]
		if len(a) == 0 || len(b) == 0 {
			continue
		}
		for i := range max(len(a), len(b)) {
			if base := b[i%len(b)]; base != 0 {
				list = append(list, a[i%len(a)]/base)
			}
		}
	}
	return spreadOf(list)
}
