package sched

import (
	"runtime"
	"time"
)

// A sampler looks, while the pump is awake, whether a turn lasts too long for a window that wants
// to draw, or whether the host leaves a wake-up unanswered since its thread is held elsewhere: by
// a handler, mostly. The client is told while that lasts, so it can tell the very line.
// It goes with the watchdog, and while the pump sleeps there is none.
type sampler struct {
	limit    time.Duration // what is too long for a turn; 0 is never
	timer    *time.Timer   // nil while there is none
	turns    uint64        // what was seen last
	standing standing      // likewise
	same     int           // how often the same was seen since
	taken    time.Duration // when the client was told, and took stacks; 0 is never
	takenIn  uint64        // in which turn that was
}

const (
	// perLimit is how often the sampler looks within the limit.
	perLimit = 2
	// longer is how many limits a wake-up may wait for the host, and after how many the client is
	// told of a turn once more. The host may have much to draw, or a window to make.
	longer = 5
)

// SlowTurns has the client told of turns that last longer than limit, and once more in five times
// that, when it is also told of wake-ups that the host does not answer. Zero is never. Before the
// first post.
func (p *Pump) SlowTurns(limit time.Duration) { p.inbox.sampler.limit = limit }

// sample sets the sampler. The inbox's lock is held.
func (b *inbox) sample() {
	s := &b.sampler
	if s.limit <= 0 || s.timer != nil {
		return
	}
	s.turns, s.standing, s.same = b.turns, b.standing, 0
	s.timer = time.AfterFunc(max(s.limit/perLimit, time.Millisecond), b.takeSample)
}

// takeSample is called by the sampler's timer.
func (b *inbox) takeSample() {
	b.mu.Lock()
	s := &b.sampler
	if s.timer == nil || b.watchdog.timer == nil { // the guest has just ended, or sleeps
		s.timer = nil
		b.mu.Unlock()
		return
	}
	same := 0
	if s.turns == b.turns && s.standing == b.standing {
		same = s.same + 1
	}
	s.timer = nil
	b.sample()
	s.same = same
	var held Held
	after := time.Duration(same/perLimit) * s.limit
	switch {
	case b.standing == running && (same == perLimit || same == perLimit*longer) && b.watchdog.nested != b.turns:
		held = ByTurn
	case b.standing == asked && same == perLimit*longer && b.turns > 0 && b.doorbell.Load() == nil:
		held = ByHost
	}
	tell := held != Free && s.due(b.clock.since(), b.turns)
	// A turn that lasts may be in a nested loop of a task's: when the host dispatches the wake-up
	// there, the pump can tell (nestedLoop), before it would be told of as slow.
	ask := b.standing == running && same == 2*perLimit
	wake := b.wakes[b.nth]
	b.mu.Unlock()
	if ask {
		b.request(wake)
	}
	if tell {
		b.client.Slow(held, after, same == perLimit*longer)
	}
}

func (s *sampler) stop() {
	if s.timer != nil {
		s.timer.Stop()
		s.timer = nil
	}
}

// Held says what holds the host's thread.
type Held uint8

// What may hold the thread.
const (
	Free   Held = iota
	ByTurn      // a turn that lasts
	ByHost      // something else: the host has not answered a wake-up
)

// To take all stacks stops the world, for some microseconds for each goroutine: that is done the
// more rarely the more there are, and not among very many.
const (
	maxGoroutines = 5000
	perGoroutine  = 2 * time.Millisecond
)

// due reports whether stacks may be taken now, in this turn: now and then, but twice in one. The
// inbox's lock is held.
func (s *sampler) due(now time.Duration, turn uint64) bool {
	n := runtime.NumGoroutine()
	early := s.taken != 0 && now-s.taken < time.Duration(n)*perGoroutine && s.takenIn != turn
	if early || n > maxGoroutines {
		return false
	}
	s.taken, s.takenIn = now, turn
	return true
}
