package guest

import "time"

// The clock tells when the guest has used up its turn on the UI thread. Reading the time costs most of a switch, so it
// is read after every step while steps are slow, and after up to maxStride of them while they are fast. The switches are
// counted too: in a synctest bubble time stands still while anything runs.
type clock struct {
	now    time.Duration // the last reading, since the guest's epoch
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

// since reads the guest's clock. Any goroutine.
func (g *Guest) since() time.Duration { return time.Since(g.epoch) }

// startTurn begins a new budget.
func (g *Guest) startTurn() {
	now := g.since()
	g.clock = clock{now: now, end: now + g.budget, steps: maxSteps, stride: 1, left: 1}
}

// spent counts one step and reports whether the turn is over. UI thread only.
func (g *Guest) spent() bool {
	g.clock.left--
	return g.clock.left <= 0 && g.lookAtClock()
}

func (g *Guest) lookAtClock() bool {
	c := &g.clock
	c.steps -= c.stride
	last := c.now
	c.now = g.since()
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
