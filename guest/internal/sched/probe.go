package sched

import (
	"runtime"
	"time"
)

// A probe looks at the stacks for a Watcher, while a step is long. It needs no word from the step:
// a turn ends with the first step that ends beyond the budget, so in a turn that has lasted for
// twice the budget one step has gone on since, and is the last.
//
// It looks again whenever the step has lasted for twice as long. So what it has seen last is
// from the second half of the step, however long that is.
type probe struct {
	watcher *Watcher // nil: nobody looks on
	timer   *time.Timer
	due     time.Duration // when the timer fires; 0 if it does not run

	held  held          // what it looks at
	after time.Duration // how long that has to last before the next look
	seen  any           // what it has seen of that
	rest  time.Duration // no look before: the last one has stopped the world
}

// held is one time for which the thread is held. The next one has another turn, or standing.
type held struct {
	turns    uint64
	standing standing
}

const (
	// owedLong is how long a turn may be owed before the probe looks: the host draws, mostly.
	owedLong = 50 * time.Millisecond
	// restFor says how much longer the probe rests than its look has taken, up to longestRest: on
	// a busy machine a look takes long, and stops nothing meanwhile.
	restFor     = 50
	longestRest = 2 * time.Second
)

// watched has w told, or ends that.
func (b *inbox) watched(w *Watcher) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.probe.stop()
	if w != nil && b.standing != halted {
		b.probe.watcher = w
		b.probeSoon()
	}
}

// heldBy says what holds the thread, and since when. The lock is held.
func (b *inbox) heldBy() (by Held, since time.Duration) {
	switch {
	case b.standing == running:
		return ByTurn, b.began
	case b.standing == asked && b.turns > 0 && b.doorbell.Load() == nil:
		return ByHost, b.owed
	}
	return Free, 0
}

// probeSoon has the probe look in a while, if the thread is held for so long. The lock is held.
func (b *inbox) probeSoon() {
	q := &b.probe
	if q.watcher == nil {
		return
	}
	by, since := b.heldBy()
	now := b.clock.since()
	if by == Free || now < 0 || now > aLifetime { // as in watch
		return
	}
	if h := (held{b.turns, b.standing}); q.held != h {
		q.held, q.seen, q.after = h, nil, owedLong
		if by == ByTurn {
			q.after = 2 * q.watcher.Long
		}
	}
	q.wakeAt(max(since+q.after, q.rest), now, b.takeProbe)
}

// wakeAt sets the timer, unless it fires before that anyway.
func (q *probe) wakeAt(due, now time.Duration, fn func()) {
	switch due = max(due, now+1); {
	case q.timer == nil:
		q.timer = time.AfterFunc(due-now, fn)
	case q.due == 0 || q.due > due:
		q.timer.Reset(due - now)
	default:
		return
	}
	q.due = due
}

// takeProbe is called by the probe's timer.
func (b *inbox) takeProbe() {
	b.mu.Lock()
	q := &b.probe
	q.due = 0
	by, since := b.heldBy()
	now, h := b.clock.since(), held{b.turns, b.standing}
	ripe := q.watcher != nil && by != Free && q.held == h && now-since >= q.after && now >= q.rest
	if ripe {
		q.after = 2 * (now - since)
	}
	if !ripe || runtime.NumGoroutine() > maxGoroutines {
		b.probeSoon() // at what holds the thread now, if anything does
		b.mu.Unlock()
		return
	}
	look := q.watcher.Look
	b.mu.Unlock()

	seen := look(by)

	b.mu.Lock()
	defer b.mu.Unlock()
	took := b.clock.since() - now
	q.rest = now + took + min(restFor*took, longestRest)
	if q.held == h && h == (held{b.turns, b.standing}) { // and so it was when look saw it
		q.seen = seen
	}
	b.probeSoon()
}

// of returns what was seen while the thread was held so. The lock is held.
func (q *probe) of(h held) any {
	if q.held == h {
		return q.seen
	}
	return nil
}

func (q *probe) stop() {
	if q.timer != nil {
		q.timer.Stop()
	}
	*q = probe{}
}
