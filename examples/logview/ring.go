package logview

import "iter"

// A Ring keeps the newest lines, up to a limit. Every line keeps its number, from 0. So a loop
// that ranges over a Ring in pieces knows its position while lines are added and dropped. UI
// thread only.
type Ring struct {
	lines []string // line n is in n % limit
	limit int
	end   int
}

// A Line is a line and its number.
type Line struct {
	Number int
	Text   string
}

// NewRing returns an empty ring for limit lines.
func NewRing(limit int) *Ring { return &Ring{limit: limit} }

// Add adds lines, the oldest first.
func (r *Ring) Add(lines ...string) {
	for _, line := range lines {
		if len(r.lines) < r.limit {
			r.lines = append(r.lines, line)
		} else {
			r.lines[r.end%r.limit] = line
		}
		r.end++
	}
}

// First returns the number of the oldest kept line.
func (r *Ring) First() int { return r.end - len(r.lines) }

// End returns the number of the next line.
func (r *Ring) End() int { return r.end }

// At returns line n, which must be kept.
func (r *Ring) At(n int) string { return r.lines[n%r.limit] }

// Lines ranges over the kept lines, and over lines that are added meanwhile. It skips lines that
// are dropped before their turn.
func (r *Ring) Lines() iter.Seq[Line] {
	return func(yield func(Line) bool) {
		for n := r.First(); n < r.end; n = max(n+1, r.First()) {
			if !yield(Line{n, r.At(n)}) {
				return
			}
		}
	}
}

// Clone returns a ring with the same lines and numbers.
func (r *Ring) Clone() *Ring {
	c := *r
	c.lines = append([]string(nil), r.lines...)
	return &c
}
