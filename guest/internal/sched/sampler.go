package sched

import (
	"runtime"
	"strings"
	"time"
)

// A sampler looks, while the pump is awake, whether a turn lasts too long for a window that wants
// to draw, or whether the host leaves a wake-up unanswered since its thread is held elsewhere: by
// a handler, mostly. It takes the stacks while that lasts, so the client can tell the very line.
// It goes with the watchdog, and while the pump sleeps there is none.
type sampler struct {
	limit    time.Duration // what is too long for a turn; 0 is never
	timer    *time.Timer   // nil while there is none
	turns    uint64        // what was seen last
	standing standing      // likewise
	same     int           // how often the same was seen since
	taken    time.Duration // when stacks were taken; 0 is never
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
	tell := held != free && s.due(b.clock.since(), b.turns)
	// A turn that lasts may be in a nested loop of a task's: when the host dispatches the wake-up
	// there, the pump can tell (nestedLoop), before it would be told of as slow.
	ask := b.standing == running && same == 2*perLimit
	wake := b.wakes[b.nth]
	b.mu.Unlock()
	if ask {
		b.request(wake)
	}
	if tell {
		b.client.Slow(held, after, same == perLimit*longer, allStacks())
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
	free   Held = iota
	ByTurn      // a turn that lasts
	ByHost      // something else: the host has not answered a wake-up
)

// Stacks are the stacks of goroutines at one moment.
type Stacks struct{ running, locked, calling string }

// Running returns those of coroutines that are not parked: at most one for each pump in the
// process.
func (s Stacks) Running() string { return s.running }

// Locked returns those of goroutines that are locked to a thread, as that of a host's loop is,
// and that stand in Go code.
func (s Stacks) Locked() string { return s.locked }

// Calling returns those of goroutines that wait for the thread, by a function of this name.
func (s Stacks) Calling() string { return s.calling }

// To take all stacks stops the world: that is done rarely, and not among very many goroutines.
const (
	maxGoroutines = 5000
	rarely        = 10 * time.Second
)

// due reports whether stacks may be taken now, in this turn: rarely, but twice in one. The inbox's
// lock is held.
func (s *sampler) due(now time.Duration, turn uint64) bool {
	early := s.taken != 0 && now-s.taken < rarely && s.takenIn != turn
	if early || runtime.NumGoroutine() > maxGoroutines {
		return false
	}
	s.taken, s.takenIn = now, turn
	return true
}

// maxStacks is how much is searched for the stacks; with very many coroutines they may not be
// found.
const maxStacks = 32 << 20

// CallingName is how the function is named whose callers Stacks.Calling returns.
const CallingName = "/guest.CallOnMain"

func allStacks() Stacks {
	all := make([]byte, 1<<20)
	for {
		n := runtime.Stack(all, true)
		if n < len(all) || n >= maxStacks {
			all = all[:n]
			break
		}
		all = make([]byte, 2*len(all))
	}
	var s Stacks
	add := func(to *string, stack string) {
		if *to != "" {
			*to += "\n\n"
		}
		*to += stack
	}
	for stack := range strings.SplitSeq(string(all), "\n\n") {
		header, _, _ := strings.Cut(stack, "\n")
		parked := strings.Contains(header, "[coroutine")
		switch {
		case strings.Contains(stack, "sched.(*Coro).runBeginnings("):
			if !parked {
				add(&s.running, stack)
			}
		case strings.Contains(header, "locked to thread") && !parked && !strings.Contains(header, "[syscall"):
			add(&s.locked, stack)
		case strings.Contains(stack, CallingName):
			add(&s.calling, stack)
		}
	}
	return s
}
