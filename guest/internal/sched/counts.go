package sched

// Counts are what a loop is busy with. The UI thread counts, without a lock, and leaves a copy with
// the inbox at the end of a turn, under the lock that it takes then anyway.
type Counts struct {
	Begun    int // what has begun and not ended, as the client counts
	Sleeping int // those of them that wait for a time
	Queued   int // entries that wait for their turn
}

// countNow brings the counts up to date. UI thread only.
func (l *Loop) countNow() Counts {
	l.counts.Sleeping = l.timers.sleeping
	l.counts.Queued = l.ready.n + len(l.deferred)
	return l.counts
}

// Counts returns the counts: of this moment on the UI thread, elsewhere those of the end of the
// latest turn, and what has arrived since. Any goroutine.
func (l *Loop) Counts(onThread bool) Counts {
	b := &l.inbox
	b.mu.Lock()
	c, arrived := b.counts, b.queue.n
	b.mu.Unlock()
	if onThread {
		c = l.countNow()
	}
	c.Queued += arrived
	return c
}

// Counted counts n more of what the client calls begun. UI thread only.
func (l *Loop) Counted(n int) { l.counts.Begun += n }
