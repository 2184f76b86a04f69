package sched

// A Steer decides what a program otherwise leaves to chance, so that a test can vary it and
// repeat it: in which order the tasks of a batch run, and what other goroutines do meanwhile. A
// pump with a Settle runs one entry at a time. Before each entry it lets the other goroutines
// run until all of them wait. Only then does it take in what they have left. So what lies there
// does not depend on how fast they were, except for its order.
type Steer struct {
	// Batch is called before each batch that has tasks.
	Batch func()

	// Shuffle reorders the tasks of each batch. It is called once for all tasks between two
	// posted functions.
	Shuffle Shuffle

	// Settle lets all other goroutines run until they wait. If it is nil, the pump uses only
	// Batch and Shuffle. In a turn; a lock that another goroutine wants is held then only if a
	// coroutine has parked with it.
	Settle func()

	// Source returns a number that identifies the calling goroutine.
	Source func() uint64

	// Arrange returns the order in which to take in what has arrived from other goroutines, as
	// indices of list. It must keep the order of each source. UI thread; it must not call the
	// pump.
	Arrange func(list []Arrival) (order []int)

	// Chosen is told what runs next. UI thread; it must not call the pump.
	Chosen func(what any, kind Kind)
}

// An Arrival is an entry that another goroutine has left.
type Arrival struct {
	Source uint64
	What   any // *Coro, Runnable or func()
	Kind   Kind
}

// A Kind says what an entry does.
type Kind uint8

// The kinds of entries.
const (
	Resumes Kind = Kind(resumes) // a *Coro goes on
	Begins  Kind = Kind(begins)  // a Runnable begins
	Calls   Kind = Kind(calls)   // a func() is called
)

// steered reports whether the pump takes in what other goroutines leave only after a Settle.
func (p *Pump) steered() bool { return p.inbox.steer != nil }

// If the pump is steered, Settle lets all other goroutines run until they wait, and takes in
// what they have left. So what the caller looks at next does not depend on how fast they were.
// UI thread only, before a wait.
func (p *Pump) Settle() {
	if p.steered() {
		p.settle()
	}
}

func (p *Pump) settle() {
	p.inbox.steer.Settle()
	if p.inbox.lie() != 0 {
		p.takeIn()
	}
}

// settleStep is Settle before a step, except that it takes nothing in: what other goroutines
// have left is in the next batch.
func (p *Pump) settleStep() {
	if p.steered() {
		p.inbox.steer.Settle()
	}
}

// takeIn takes in all that lies in the inbox. Unlike drain, it also takes in what comes from
// other goroutines when the pump is steered. In a turn it follows a Settle.
func (p *Pump) takeIn() { p.drainTo(true) }

// choose tells Chosen what runs next.
func (p *Pump) choose() {
	if e := p.source().peek(); p.steer.Chosen != nil {
		what, kind := e.seen()
		p.steer.Chosen(what, kind)
	}
}

// seen returns what the functions of a Steer get to see of an entry.
func (e *entry) seen() (what any, kind Kind) {
	switch w := e.what.(type) {
	case callback:
		return (func())(w), Calls
	case *resumption:
		return (*Coro)(w), Resumes
	}
	return e.what, Kind(e.tag.kind())
}

// arrange puts what lies here from other goroutines into the order that the steer wants, as if
// it had all arrived just now. The caller holds the lock.
func (b *inbox) arrange() {
	entries, list := make([]entry, b.others.n), make([]Arrival, b.others.n)
	for i := range entries {
		entries[i] = b.others.pop()
		list[i].Source = b.sources[i]
		list[i].What, list[i].Kind = entries[i].seen()
	}
	clear(b.sources)
	b.sources = b.sources[:0]
	for _, i := range b.steer.Arrange(list) {
		b.latest += arrival
		entries[i].tag = entries[i].tag.at(b.latest)
		b.others.push(entries[i])
	}
}
