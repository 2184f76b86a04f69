package guesttest

import (
	"sync/atomic"
	"time"
)

// Virtual time stands still while tasks are ready, and it may move in very small steps. So the
// time limit alone does not end every test, and batches of tasks are limited, too. Turns of the
// loop would be no measure: while time stands still, a turn goes on for thousands of steps.
const (
	batchesAtOnce = 1 << 20 // at the same instant
	batchesAfter  = 1 << 18 // after the body has returned
)

// batches counts the batches of tasks that the guest has run. UI thread only, except for seen.
type batches struct {
	n       int // at this instant
	after   int // since the body has returned
	instant time.Time
	seen    atomic.Int64 // all batches, for other goroutines
}

// countBatch ends the test if there are too many batches.
func (r *trial) countBatch() {
	c := &r.batches
	c.seen.Add(1)
	if now := time.Now(); !now.Equal(c.instant) {
		c.instant, c.n = now, 0
	}
	c.n++
	if r.returned.Load() {
		c.after++
	}
	if max(c.n-batchesAtOnce, c.after-batchesAfter) == 0 {
		tooMany := &overdue{!r.returned.Load(), r.guest.Stats().Tasks - 1, max(c.n, c.after), ""}
		if r.overdue.CompareAndSwap(nil, tooMany) {
			r.guest.Cancel(errOverdue)
		}
	}
	if r.shuffled != nil {
		r.shuffled.atOnce = c.n
	}
}
