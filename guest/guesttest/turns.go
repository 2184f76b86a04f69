package guesttest

import "time"

// Virtual time has no say over who never lets it move, nor over who makes it move in very small
// steps. So turns are limited, too.
const (
	turnsAtOnce = 1 << 20 // at the same instant
	turnsAfter  = 1 << 18 // after the body has returned
)

// turns counts what the guest's loop has done. UI thread only.
type turns struct {
	n       int // at this instant
	after   int // the body has returned
	instant time.Time
}

// countTurns ends the test when there are too many turns, and shuffles the batch if that was
// asked for.
func (r *trial) countTurns(n int, swap func(i, j int)) {
	c := &r.turns
	if now := time.Now(); !now.Equal(c.instant) {
		c.instant, c.n = now, 0
	}
	c.n++
	if r.returned.Load() {
		c.after++
	}
	if max(c.n-turnsAtOnce, c.after-turnsAfter) == 0 {
		tooMany := &overdue{!r.returned.Load(), r.guest.Stats().Tasks - 1, max(c.n, c.after)}
		if r.overdue.CompareAndSwap(nil, tooMany) {
			r.guest.Cancel(errOverdue)
		}
	}
	if r.shuffle != nil {
		r.shuffle(n, swap)
	}
}
