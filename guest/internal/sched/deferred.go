package sched

// A deferredEntry is for the next turn, after the host's window has had its turn; unless its owner
// ends before that, and flushes it.
type deferredEntry struct {
	entry
	owner any
}

// Defer has fn called in the next turn, or when FlushDeferred is called for owner. UI thread only.
func (l *Loop) Defer(fn func(), owner any) {
	l.deferred = append(l.deferred, deferredEntry{entry{what: callback(fn), kind: calls}, owner})
}

// ParkBehindDeferred parks the running coroutine until what is deferred now has run, if there is
// anything. In a coroutine.
func (l *Loop) ParkBehindDeferred(c *Coro) {
	if len(l.deferred) > 0 {
		l.deferred = append(l.deferred, deferredEntry{entry{what: c, seq: c.seq}, nil})
		c.Park()
	}
}

// FlushDeferred readies what is deferred for owner, and takes what lies in the inbox in before that.
// UI thread only.
func (l *Loop) FlushDeferred(owner any) {
	l.drain()
	l.flushIf(func(d deferredEntry) bool { return d.owner == owner })
}

// flushDeferred readies all that is deferred: at the start of a turn, and at the end of everything.
func (l *Loop) flushDeferred() {
	if len(l.deferred) > 0 {
		l.flushIf(func(deferredEntry) bool { return true })
	}
}

// flushIf readies what is wanted ahead of what is ready: a coroutine that waits behind it may be
// ready already, since its turn was over.
func (l *Loop) flushIf(wanted func(deferredEntry) bool) {
	var ahead fifo
	into := &l.ready
	if l.ready.n > 0 {
		into = &ahead
	}
	kept := l.deferred[:0]
	for _, d := range l.deferred {
		if wanted(d) {
			into.push(d.entry)
		} else {
			kept = append(kept, d)
		}
	}
	clear(l.deferred[len(kept):])
	l.deferred = kept
	if into == &ahead && ahead.n > 0 {
		if l.left > 0 { // it belongs to the batch that has begun
			l.left += ahead.n
		}
		l.ready.precede(&ahead)
	}
}
