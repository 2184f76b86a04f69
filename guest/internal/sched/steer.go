package sched

// A Steer takes over what is left to chance in a program, so that a test can vary it, and repeat
// it: in which order the tasks of a batch run, and what other goroutines do meanwhile. A pump
// with a Settle runs one entry at a time. Before each it has the other goroutines run until all
// of them wait, and only then does it take in what they have left: so what lies there does not
// depend on how fast they were, but for its order.
type Steer struct {
	// Shuffle reorders the tasks of each batch.
	Shuffle Shuffle

	// Settle lets all other goroutines run until they wait. If it is nil, only Shuffle counts. In
	// a turn, where a lock that another goroutine wants is held only if a coroutine has parked
	// with it.
	Settle func()

	// Source tells goroutines apart: the calling one has this number.
	Source func() uint64

	// Arrange returns in which order to take in what has arrived from other goroutines: the
	// indices of list. Each source keeps its order. UI thread; it must not call the pump.
	Arrange func(list []Arrival) (order []int)

	// Chosen hears what runs next. UI thread; it must not call the pump.
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

// steered reports whether what other goroutines leave waits for Settle.
func (p *Pump) steered() bool { return p.inbox.steer != nil }

// Settle lets all other goroutines run until they wait, if the pump is steered, and takes in what
// they have left: what the caller looks at next does not depend on how fast they were then. UI
// thread only, before a wait.
func (p *Pump) Settle() {
	if p.steered() {
		p.settle()
	}
}

func (p *Pump) settle() {
	p.inbox.steer.Settle()
	if p.inbox.pending.Load() != 0 {
		p.takeIn()
	}
}

// settleStep is Settle before a step. What other goroutines have left is in the next batch.
func (p *Pump) settleStep() {
	if p.steered() {
		p.inbox.steer.Settle()
	}
}

// takeIn takes in all that lies in the inbox, after a Settle: drain leaves what comes from other
// goroutines there when the pump is steered.
func (p *Pump) takeIn() { p.drainTo(&p.others) }

// choose tells what runs next.
func (p *Pump) choose() {
	if e := p.batch.from.peek(); p.steer.Chosen != nil {
		what, kind := e.seen()
		p.steer.Chosen(what, kind)
	}
}

// seen is what Steer's functions are shown of an entry.
func (e *entry) seen() (what any, kind Kind) {
	if fn, ok := e.what.(callback); ok {
		return (func())(fn), Calls
	}
	return e.what, Kind(e.tag.kind())
}

// arrange puts what lies here from other goroutines into the order that the steer wants, as if it
// had arrived just now. The lock is held.
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
