package guest

// shuffleBatch puts the tasks of a new batch in another order, so that a test finds out what relies on the order by chance. A
// posted function is a fence: what was readied after it stays behind it. For that order is a promise; what Background's function
// has posted has run when Background returns. UI thread only.
func (g *Guest) shuffleBatch() {
	batch := make([]entry, g.left)
	for i := range batch {
		batch[i] = g.ready.pop()
	}
	defer func() { // also when shuffle panics
		for _, e := range batch {
			g.ready.push(e)
		}
	}()
	for from := 0; from < len(batch); {
		to := from
		for to < len(batch) && batch[to].fn == nil {
			to++
		}
		tasks := batch[from:to]
		g.shuffle(len(tasks), func(i, j int) { tasks[i], tasks[j] = tasks[j], tasks[i] })
		from = to + 1
	}
}
