package sched

import "time"

// A side is where an entry comes from.
type side uint8

const (
	neither side = iota
	own          // the guest itself: ready tasks, due timers, what the UI thread starts and posts
	others       // other goroutines
)

// The shares are what each side has used of a turn. Entries run first come, first served, until
// one side has used half of the turn. Then the other side goes first, until it has used its
// half, too. If a side has used half of a turn that was too short for both, it comes second in
// the next turn. So a single long step can't take a whole turn from the other side every time.
// Nothing else carries over to the next turn.
type shares struct {
	side  side             // the side whose step is being measured
	used  [3]time.Duration // by each side, in this turn
	half  time.Duration    // of a turn
	first side             // the side that goes first from the start
}

// begin begins a turn. behind says that the turn before left something to do.
func (s *shares) begin(behind bool, half time.Duration) {
	s.first = neither
	if behind && s.used[others] >= half {
		s.first = own
	} else if behind && s.used[own] >= half {
		s.first = others
	}
	s.side, s.used, s.half = own, [3]time.Duration{}, half
}

// favoured returns the side that goes first now, or neither.
func (s *shares) favoured() side {
	switch {
	case s.used[own] < s.half && (s.first == own || s.used[others] >= s.half):
		return own
	case s.used[others] < s.half && (s.first == others || s.used[own] >= s.half):
		return others
	}
	return neither
}
