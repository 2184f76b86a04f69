package sched

import (
	"slices"
	"time"
)

// The pool keeps coroutines that have nothing to run, each with its stack, for what begins
// next. The pump ends those that a crowd of tasks left behind and that nothing has needed for a
// while. That needs no note for each task and no reading of the clock: at the end of a turn the
// pump knows roughly what time it is, and when there are no turns the watchdog wakes it.

const (
	// maxIdle is how many idle coroutines are kept at most.
	maxIdle = 1024
	// minIdle is how many are kept even if nothing needs them, so that an ordinary guest never
	// wakes up just to end them.
	minIdle = 16
	// keepFor is how long the others are kept at least after they were last needed.
	keepFor = 10 * time.Second
)

// unneeded records how many of the idle coroutines nothing has needed.
type unneeded struct {
	least  int           // the smallest number of idle coroutines since then
	since  time.Duration // on the pump's clock
	rested time.Duration // when the latest turn ended
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

// hasRoom reports whether the pool takes another coroutine. One that finds no room ends by
// itself: to let the pump end it would take two more switches.
func (p *Pump) hasRoom() bool { return len(p.idle) < maxIdle }

// giveCoro keeps an idle coroutine for later.
func (p *Pump) giveCoro(c *Coro) { p.idle = append(p.idle, c) }

// slept notes that no idle coroutine was needed if the pump slept for keepFor or longer. The
// pump calls it at the start of a turn.
func (u *unneeded) slept(now time.Duration, idle int) {
	if now-u.rested >= keepFor {
		u.least = idle
	}
}

// trim ends the idle coroutines that nothing has needed for a while. It reports whether others
// remain to be ended later. The pump calls it at the end of a turn.
func (p *Pump) trim() (more bool) {
	u, now := &p.unneeded, p.clock.now
	u.rested = now
	if len(p.idle) <= minIdle {
		return false
	}
	if now-u.since >= keepFor {
		if n := min(u.least, len(p.idle)-minIdle); n > 0 {
			stopAll(p.idle[:n])               // keep those that were needed last
			p.idle = slices.Clone(p.idle[n:]) // a new array, so that the large one is freed
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
