package sched

import (
	"runtime"
	"time"
)

// A probe looks at the stacks for a Watcher while a step is long. The step itself need not
// report anything: a turn ends with the first step that ends beyond the budget. So in a turn
// that has lasted for twice the budget, one step has been running since the budget ended, and
// it is the last.
//
// The probe looks again whenever the step's length has doubled. So what it saw last is from the
// second half of the step, however long the step is.
type probe struct {
	watcher *Watcher // nil if there is none
	timer   *time.Timer
	due     time.Duration // when the timer fires; 0 if it does not run

	held  held          // the time that it looks at
	after time.Duration // how long held must last before the next look
	seen  any           // what it saw last during held
	rest  time.Duration // when the next look is allowed, because a look stops the world
}

// held identifies one period in which the thread is held. The next period differs in the turn
// or in the standing.
type held struct {
	turns    uint64
	standing standing
}

const (
	// owedLong is how long a turn may be owed before the probe looks. Mostly the host just
	// draws.
	owedLong = 50 * time.Millisecond
	// restFor is how many times as long as its look the probe rests, but at most longestRest.
	// The limit is for busy machines, where a look takes long but does not stop the world all
	// that time.
	restFor     = 50
	longestRest = 2 * time.Second
)

// watched starts to tell w, or ends telling if w is nil.
func (b *inbox) watched(w *Watcher) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.probe.stop()
	if w != nil && b.standing != halted {
		b.probe.watcher = w
		b.probeSoon()
	}
}

// heldBy returns what holds the thread, and since when. The caller holds the lock.
func (b *inbox) heldBy() (by Held, since time.Duration) {
	switch {
	case b.standing == running:
		return ByTurn, b.began
	case b.standing == asked && b.turns > 0 && b.doorbell.Load() == nil:
		return ByHost, b.owed
	}
	return Free, 0
}

// probeSoon sets the timer of the probe, which looks if the thread is still held then. The
// caller holds the lock.
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

// wakeAt sets the timer to due, unless it fires earlier anyway.
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
		b.probeSoon() // look later at what holds the thread now, if anything does
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
	if q.held == h && h == (held{b.turns, b.standing}) { // and it was held so during the look
		q.seen = seen
	}
	b.probeSoon()
}

// of returns what was seen during h. The caller holds the lock.
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
