package sched

// A Shuffle puts n things into another order by calling swap, like (*Rand).Shuffle in
// math/rand/v2.
type Shuffle = func(n int, swap func(i, j int))

// shuffleReady puts the tasks of a new batch into another order, so that a test finds code that
// relies on their order. A posted function is a fence: what was readied after it stays behind
// it. That order is a promise. For example, what Background's function has posted has run when
// Background returns.
func (p *Pump) shuffleReady() {
	told := false
	batch := p.takeReady()
	defer func() { // even if Shuffle panics
		for _, e := range batch {
			e.from.push(e.entry)
		}
	}()
	for from := 0; from < len(batch); {
		to := from
		for to < len(batch) && (batch[to].tag.kind() == resumes || batch[to].tag.kind() == begins) {
			to++
		}
		tasks := batch[from:to]
		from = to + 1
		if len(tasks) > 0 && p.steer.Batch != nil && !told {
			told = true
			p.steer.Batch()
		}
		if p.steer.Shuffle != nil {
			p.steer.Shuffle(len(tasks), func(i, j int) {
				ti, tj := tasks[i].tag, tasks[j].tag // the arrival times stay with the places
				tasks[i], tasks[j] = tasks[j], tasks[i]
				tasks[i].tag, tasks[j].tag = tj.at(ti), ti.at(tj)
			})
		}
	}
}

// A dealt entry is an entry of a batch that is being shuffled, with the queue that it came
// from.
type dealt struct {
	entry
	from *fifo
}

// takeReady takes all ready entries out of the queues, in the order of arrival.
func (p *Pump) takeReady() []dealt {
	batch := make([]dealt, p.ready())
	for i := range batch {
		q := &p.others
		if q.n == 0 || p.own.n > 0 && p.own.peek().tag.before(p.others.peek().tag) {
			q = &p.own
		}
		batch[i] = dealt{q.pop(), q}
	}
	return batch
}
