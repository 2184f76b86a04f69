package sched

import "time"

// The clock tells when the pump has used up its turn on the UI thread. Reading the time costs
// most of a switch, so it is read after every step while steps are slow, and after up to
// maxStride of them while they are fast. The steps are counted, too: in a synctest bubble time
// stands still while anything runs.
type clock struct {
	epoch  time.Time
	budget time.Duration // of a turn

	now    time.Duration // the latest reading, since the epoch
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

// since reads the time. Any goroutine.
func (c *clock) since() time.Duration { return time.Since(c.epoch) }

// start begins a new budget.
func (c *clock) start() {
	c.now = c.since()
	c.end, c.steps, c.stride, c.left = c.now+c.budget, maxSteps, 1, 1
}

// spent counts one step and reports whether the budget is spent.
func (c *clock) spent() bool {
	c.left--
	return c.left <= 0 && c.read()
}

func (c *clock) read() bool {
	c.steps -= c.stride
	last := c.now
	c.now = c.since()
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
