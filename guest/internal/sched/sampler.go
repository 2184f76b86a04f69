package sched

import (
	"runtime"
	"time"
)

// While the pump is awake, a sampler looks for two things: a turn that lasts too long for a
// window that wants to draw, and a wake-up that the host leaves unanswered because something
// else holds its thread, usually a handler. It tells the client while that lasts, so that the
// client can name the line. A sampler exists only while there is a watchdog: a sleeping pump
// has none.
type sampler struct {
	limit    time.Duration // the longest time for a turn; 0 switches the sampler off
	timer    *time.Timer   // nil while there is none
	turns    uint64        // turns at the last look
	standing standing      // standing at the last look
	same     int           // how many looks since then saw the same
	taken    time.Duration // when the client was last told, and took stacks; 0: not yet
	takenIn  uint64        // the turn in which that was
}

const (
	// perLimit is how many times the sampler looks within the limit.
	perLimit = 2
	// longer is how many limits a wake-up may wait for the host, and after how many limits the
	// client is told about a turn for the second time. The host may have much to draw, or a
	// window to create.
	longer = 5
)

// SlowTurns makes the pump tell the client about each turn that lasts longer than limit, and
// again after five times limit. After five times limit it also tells the client about a wake-up
// that the host does not answer. Zero means never. Must be called before the first post.
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
	if s.timer == nil || b.watchdog.timer == nil { // the pump has just ended, or sleeps
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
	// A long turn may be in a nested loop of a task. If the host dispatches a wake-up in that
	// loop, the pump notices (nestedLoop) before it would report the turn as slow.
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
	ByTurn      // a long turn
	ByHost      // something else: the host does not answer a wake-up
)

// Taking all stacks stops the world, for some microseconds per goroutine. So the more
// goroutines there are, the less often it is done, and above maxGoroutines it is not done at
// all.
const (
	maxGoroutines = 5000
	perGoroutine  = 2 * time.Millisecond
)

// due reports whether stacks may be taken now, in this turn. Looks are spaced, but a second
// look in the same turn is always allowed. The caller holds the inbox's lock.
func (s *sampler) due(now time.Duration, turn uint64) bool {
	n := runtime.NumGoroutine()
	early := s.taken != 0 && now-s.taken < time.Duration(n)*perGoroutine && s.takenIn != turn
	if early || n > maxGoroutines {
		return false
	}
	s.taken, s.takenIn = now, turn
	return true
}
