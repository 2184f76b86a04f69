package sched

import "time"

// The clock tells when the pump has used up its turn on the UI thread. Reading the time costs
// most of a switch. So the clock reads it after every step while steps are slow, and after up
// to maxStride steps while they are fast. It also counts the steps: in a synctest bubble time
// stands still while anything runs.
type clock struct {
	epoch  time.Time
	budget time.Duration // of a turn

	shares
	now    time.Duration // the latest reading, since the epoch
	end    time.Duration // of this turn
	steps  int           // left in this turn
	stride int           // steps from one reading to the next
	left   int           // steps until the next reading
	single bool          // read it after every step

	slow func(d time.Duration, steps int) // called after steps that took d, if that is slow
}

const (
	maxSteps  = 10_000
	maxStride = 32
	slowStep  = 50 * time.Microsecond
)

// since reads the time. Any goroutine. In a testing/synctest bubble other than the pump's, the
// result is decades off. So a time that was read there must not be stored (see watch).
func (c *clock) since() time.Duration { return time.Since(c.epoch) }

// start begins a new budget. behind says that the turn before left something to do.
func (c *clock) start(behind bool) {
	c.begin(behind, c.budget/2)
	c.now = c.since()
	c.end, c.steps, c.stride, c.left = c.now+c.budget, maxSteps, 1, 1
}

// turn returns how long this turn has lasted, up to the latest reading.
func (c *clock) turn() time.Duration { return c.now - c.end + c.budget }

// spent counts one step and reports whether the budget is spent.
func (c *clock) spent() bool {
	c.left--
	return c.left <= 0 && c.read()
}

// uncount takes back one step, because it will be counted again.
func (c *clock) uncount() { c.left++ }

// turnTo says that the next step belongs to side s. The time before that is charged to the
// other side. The first step of s is measured by itself.
func (c *clock) turnTo(s side) {
	if c.side == s {
		return
	}
	if c.left < c.stride {
		c.read()
	}
	c.side, c.stride, c.left = s, 1, 1
}

func (c *clock) read() bool {
	steps, last := c.stride-c.left, c.now
	c.steps -= steps
	c.now = c.since()
	c.used[c.side] += max(c.now-last, time.Duration(steps)*(c.budget/maxSteps))
	switch {
	case c.now-last > slowStep:
		c.stride = 1
		if c.slow != nil && steps > 0 {
			c.slow(c.now-last, steps)
		}
	case c.stride < maxStride && !c.single:
		c.stride *= 2
	}
	c.left = c.stride
	if c.steps > 0 && c.now < c.end {
		return false
	}
	c.stride, c.left = 1, 1 // every further call of spent comes here
	return true
}
