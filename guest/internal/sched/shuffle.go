package sched

// A Shuffle puts n things in another order by calling swap, as math/rand/v2's (*Rand).Shuffle
// does.
type Shuffle = func(n int, swap func(i, j int))

// shuffleBatch puts the tasks of a new batch in another order, so that a test finds out what
// relies on the order by chance. A posted function is a fence: what was readied after it stays
// behind it. That order is a promise, for example that what Background's function has posted
// has run when Background returns.
func (p *Pump) shuffleBatch() {
	batch := make([]entry, p.left)
	for i := range batch {
		batch[i] = p.ready.pop()
	}
	defer func() { // also when shuffle panics
		for _, e := range batch {
			p.ready.push(e)
		}
	}()
	for from := 0; from < len(batch); {
		to := from
		for to < len(batch) && (batch[to].kind == resumes || batch[to].kind == begins) {
			to++
		}
		tasks := batch[from:to]
		p.shuffle(len(tasks), func(i, j int) { tasks[i], tasks[j] = tasks[j], tasks[i] })
		from = to + 1
	}
}
