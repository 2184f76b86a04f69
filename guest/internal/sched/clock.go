package sched

import "time"

// The clock tells when the loop has used up its turn on the UI thread. Reading the time costs most of
// a switch, so it is read after every step while steps are slow, and after up to maxStride of them
// while they are fast. The steps are counted, too: in a synctest bubble time stands still while
// anything runs.
type clock struct {
	now    time.Duration // the latest reading, since the loop's epoch
	end    time.Duration // of this turn
	steps  int           // left in this turn
	stride int           // steps from one reading to the next
	left   int           // steps until the next reading
}

const (
	maxSteps  = 10_000
	maxStride = 32
	slowStep  = 50 * time.Microsecond
)

// Since reads the loop's clock, which counts from Init. Any goroutine.
func (l *Loop) Since() time.Duration { return time.Since(l.epoch) }

// startClock begins a new budget.
func (l *Loop) startClock() {
	now := l.Since()
	l.clock = clock{now: now, end: now + l.budget, steps: maxSteps, stride: 1, left: 1}
}

// Spent counts one step and reports whether the budget of the turn is spent. UI thread only.
func (l *Loop) Spent() bool {
	l.clock.left--
	return l.clock.left <= 0 && l.readClock()
}

func (l *Loop) readClock() bool {
	c := &l.clock
	c.steps -= c.stride
	last := c.now
	c.now = l.Since()
	switch {
	case c.now-last > slowStep:
		c.stride = 1
	case c.stride < maxStride:
		c.stride *= 2
	}
	c.left = c.stride
	if c.steps > 0 && c.now < c.end {
		return false
	}
	c.left = 0 // every further question is answered here
	return true
}
