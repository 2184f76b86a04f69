package sched

import (
	"slices"
	"time"
)

// recent keeps the latest measurements of a duration.
type recent struct {
	n    int         // measurements so far
	list [256]uint32 // in units of 100 ns
}

const recentUnit = 100 * time.Nanosecond

// add adds d, unless it was measured with another clock (see watch).
func (r *recent) add(d time.Duration) {
	if d < 0 || d > aLifetime {
		return
	}
	r.list[r.n%len(r.list)] = uint32(min(d/recentUnit, 1<<32-1))
	r.n++
}

// quantiles returns the median, the 99th percentile and the maximum.
func (r *recent) quantiles() (q Quantiles) {
	n := min(r.n, len(r.list))
	if n == 0 {
		return q
	}
	sorted := slices.Clone(r.list[:n])
	slices.Sort(sorted)
	at := func(i int) time.Duration { return time.Duration(sorted[i]) * recentUnit }
	return Quantiles{at((n - 1) / 2), at((n*99 - 1) / 100), at(n - 1)}
}

// Quantiles summarizes the latest measurements of a duration.
type Quantiles struct{ P50, P99, Max time.Duration }

// Latest returns how long the latest turns took, and how long the host took to answer the
// latest wake-ups of a sleeping pump. It covers up to 256 of each. Any goroutine.
func (p *Pump) Latest() (turns, delays Quantiles) {
	b := &p.inbox
	b.mu.Lock()
	t, d := b.took, b.delays
	b.mu.Unlock()
	return t.quantiles(), d.quantiles()
}
