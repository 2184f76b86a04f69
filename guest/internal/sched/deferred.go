package sched

// The deferred entries run in the next turn, so that the host's window comes first. If their
// owner ends before that, it flushes them. UI thread only.
type deferred struct{ list []deferredEntry }

type deferredEntry struct {
	entry
	owner any
}

func (d *deferred) add(e entry, owner any) { d.list = append(d.list, deferredEntry{e, owner}) }

// flush readies the entries whose owner is wanted. It puts them at the front of the others'
// queue, the side of progress and results: a coroutine that waits behind them may already be in
// that queue, because its turn was over. at becomes their time of arrival. flush returns how
// many entries it has readied.
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

// all makes flush ready every entry: at the start of a turn, and at the end of the pump.
func all(any) bool { return true }
