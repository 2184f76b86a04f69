package sched

import (
	"slices"
	"time"
)

// The pool keeps coroutines that have nothing to run, each with its stack, for what begins
// next. What a crowd has left there and nothing needs any more is ended after a while. Nothing is
// noted for each task, and no clock is read: at the end of a turn the pump knows roughly what
// time it is, and the watchdog has it called when there are no turns.

const (
	// maxIdle is how many idle coroutines are kept at most.
	maxIdle = 1024
	// minIdle is how many are kept however long nothing needs them: so an ordinary guest never
	// wakes for their sake.
	minIdle = 16
	// keepFor is how long the others are kept at least, when nothing needs them.
	keepFor = 10 * time.Second
)

// unneeded is what the pump knows of the need for its idle coroutines.
type unneeded struct {
	least  int           // so many were idle all the time since
	since  time.Duration // on the pump's clock
	rested time.Duration // the end of the latest turn
}

// takeCoro returns an idle coroutine.
func (p *Pump) takeCoro() *Coro {
	if n := len(p.idle); n > 0 {
		c := p.idle[n-1]
		p.idle[n-1] = nil
		p.idle = p.idle[:n-1]
		p.unneeded.least = min(p.unneeded.least, n-1)
		c.idle = false
		return c
	}
	return p.newCoro()
}

// giveCoro keeps an idle coroutine for later, or ends it.
func (p *Pump) giveCoro(c *Coro) {
	if len(p.idle) < maxIdle {
		p.idle = append(p.idle, c)
	} else {
		c.stop()
	}
}

// slept notes that nothing was needed while there were no turns, if that was long enough. At
// the start of a turn.
func (u *unneeded) slept(now time.Duration, idle int) {
	if now-u.rested >= keepFor {
		u.least = idle
	}
}

// trim ends the idle coroutines that nothing has needed for a while. It reports whether there
// are others to end later. At the end of a turn.
func (p *Pump) trim() (more bool) {
	u, now := &p.unneeded, p.clock.now
	u.rested = now
	if len(p.idle) <= minIdle {
		return false
	}
	if now-u.since >= keepFor {
		if n := min(u.least, len(p.idle)-minIdle); n > 0 {
			stopAll(p.idle[:n])               // the ones that were needed last stay
			p.idle = slices.Clone(p.idle[n:]) // in an array of their own size
		}
		u.least, u.since = len(p.idle), now
	}
	return len(p.idle) > minIdle
}

// stopCoros ends all idle coroutines.
func (p *Pump) stopCoros() {
	stopAll(p.idle)
	p.idle = nil
}

func stopAll(idle []*Coro) {
	for _, c := range idle {
		c.stop()
	}
}
