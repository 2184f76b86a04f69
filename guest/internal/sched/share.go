package sched

import "time"

// A side is where an entry comes from.
type side uint8

const (
	neither side = iota
	own          // the guest: ready tasks, due timers, what the UI thread starts and posts
	others       // other goroutines
)

// The shares are what each side has used of a turn. Entries run first come, first served, until
// one side has used half of the turn: then the other goes first, until it has used its half,
// too. A side that has used half of a turn which was too short for both comes second in the
// next one, so that a single long step can't take a whole turn from the other side every time.
// No debt is kept beyond that.
type shares struct {
	side  side             // whose step is measured
	used  [3]time.Duration // by each side in this turn
	half  time.Duration    // of a turn
	first side             // that goes first from the start
}

// begin begins a turn. behind says that the one before has left something to do.
func (s *shares) begin(behind bool, half time.Duration) {
	s.first = neither
	if behind && s.used[others] >= half {
		s.first = own
	} else if behind && s.used[own] >= half {
		s.first = others
	}
	s.side, s.used, s.half = own, [3]time.Duration{}, half
}

// favoured returns the side that goes first now, if one does.
func (s *shares) favoured() side {
	switch {
	case s.used[own] < s.half && (s.first == own || s.used[others] >= s.half):
		return own
	case s.used[others] < s.half && (s.first == others || s.used[own] >= s.half):
		return others
	}
	return neither
}
