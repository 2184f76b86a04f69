package logview

import "iter"

// A Ring keeps the newest lines, up to a limit. Lines have numbers, from 0, which stay with them:
// what ranges over a Ring in pieces, while lines come and go, knows where it is. Not for several
// goroutines: it lives on the UI thread.
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

// First returns the number of the oldest line that is kept, and End one more than that of the
// newest.
func (r *Ring) First() int { return r.end - len(r.lines) }

// End returns the number of the line that comes next.
func (r *Ring) End() int { return r.end }

// At returns line n, which must be kept.
func (r *Ring) At(n int) string { return r.lines[n%r.limit] }

// Lines ranges over the lines that are kept, and over those that are added meanwhile. Lines that
// are dropped before their turn are left out.
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
