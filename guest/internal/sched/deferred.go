package sched

// The deferred entries are for the next turn, after the host's window has had its turn; unless
// their owner ends before that, and flushes them. UI thread only.
type deferred struct{ list []deferredEntry }

type deferredEntry struct {
	entry
	owner any
}

func (d *deferred) add(e entry, owner any) { d.list = append(d.list, deferredEntry{e, owner}) }

// flush readies what is wanted ahead of what is ready of other goroutines, which is the side of
// progress and results: a coroutine that waits behind it may be ready already, since its turn
// was over. at is when it has arrived. It returns how many entries it has readied.
func (d *deferred) flush(others *fifo, wanted func(owner any) bool, at tag) (n int) {
	var front fifo
	kept := d.list[:0]
	for _, e := range d.list {
		if wanted(e.owner) {
			e.tag = e.tag.at(at)
			front.push(e.entry)
		} else {
			kept = append(kept, e)
		}
	}
	clear(d.list[len(kept):])
	d.list = kept
	n = front.n
	if n > 0 && others.n > 0 {
		others.precede(&front)
	} else {
		others.take(&front)
	}
	return n
}

// all is what flush wants at the start of a turn, and at the end of everything.
func all(any) bool { return true }
