package sched

// The deferred entries are for the next turn, after the host's window has had its turn; unless
// their owner ends before that, and flushes them. UI thread only.
type deferred struct{ list []deferredEntry }

type deferredEntry struct {
	entry
	owner any
}

func (d *deferred) add(e entry, owner any) { d.list = append(d.list, deferredEntry{e, owner}) }

// flush readies what is wanted ahead of what is ready: a coroutine that waits behind it may be
// ready already, since its turn was over. It returns how many entries it has put in front of
// others.
func (d *deferred) flush(ready *fifo, wanted func(owner any) bool) (ahead int) {
	var front fifo
	into := ready
	if ready.n > 0 {
		into = &front
	}
	kept := d.list[:0]
	for _, e := range d.list {
		if wanted(e.owner) {
			into.push(e.entry)
		} else {
			kept = append(kept, e)
		}
	}
	clear(d.list[len(kept):])
	d.list = kept
	if front.n == 0 {
		return 0
	}
	ahead = front.n
	ready.precede(&front)
	return ahead
}

// all is what flush wants at the start of a turn, and at the end of everything.
func all(any) bool { return true }
