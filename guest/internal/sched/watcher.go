package sched

import "time"

// A Watcher is told about turns and long steps while a person or a tool looks on. A pump
// without one pays for reading one pointer in each turn, and wherever a function begins. A pump
// with one reads the clock after each step.
type Watcher struct {
	// Long is the shortest step that is reported. It must not be shorter than the budget: then
	// a long step is always the last of its turn.
	Long time.Duration
	// Turn is told about each turn that has ended. UI thread.
	Turn func(t Turn)
	// Step is told about each long step that has ended, before the end of its turn. It is also
	// told about each time for which the host has owed a turn, before that turn, if Look has
	// seen something meanwhile. UI thread.
	Step func(s Step)
	// Look may look at all stacks while a step is long, or while a turn has been owed for long.
	// It must return at once. What it returns becomes the step's Seen, unless the step has
	// ended meanwhile. Any goroutine.
	Look func(by Held) (seen any)
}

// A Turn describes a turn that has ended. The times are on the pump's clock.
type Turn struct{ Asked, Began, Ended time.Duration }

// A Step describes a long step, or a time for which the host has owed a turn.
type Step struct {
	By    Held
	What  any // a *Coro that ran, or a Runnable or func() that returned; nil: unknown
	Began time.Duration
	For   time.Duration
	Seen  any // what Look returned last during the step, or nil
}

// Watch tells w about turns and steps from now on; nil ends that. Any goroutine.
func (p *Pump) Watch(w *Watcher) {
	p.inbox.watched(w)
	p.Control(watch{p, w})
}

// watch is the control message that sets the watcher on the UI thread.
type watch struct {
	p *Pump
	w *Watcher
}

func (m watch) Prompt() bool { return false }

func (m watch) Apply() {
	p := m.p
	p.watcher, p.ran, p.clock.slow = m.w, nil, nil
	p.clock.each(m.w != nil || p.steered())
	if m.w != nil {
		p.clock.slow = p.stepped
	}
}

// The clock calls stepped at the end of each slow step, with its length.
func (p *Pump) stepped(d time.Duration) {
	if d < p.watcher.Long {
		return
	}
	s := Step{By: ByTurn, Began: p.clock.now - d, For: d, Seen: p.inbox.seenInTurn()}
	switch fn, posted := p.ran.(callback); {
	case p.current != nil:
		s.What = p.current
	case posted:
		s.What = (func())(fn)
	default:
		s.What = p.ran
	}
	p.watcher.Step(s)
}

// seenInTurn returns what the probe saw in this turn. UI thread only.
func (b *inbox) seenInTurn() any {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.probe.of(held{b.turns, running})
}

// tellOwed tells the watcher what held the thread until this turn, as far as the probe saw it.
func (p *Pump) tellOwed(seen any) {
	if p.watcher != nil {
		asked := p.inbox.owed
		p.watcher.Step(Step{By: ByHost, Began: asked, For: p.clock.now - asked, Seen: seen})
	}
}

// tellTurn tells the watcher of the turn that ends.
func (p *Pump) tellTurn() {
	p.ran = nil
	p.clock.read()
	t := Turn{p.inbox.owed, p.inbox.began, p.clock.now}
	if p.inbox.turns == 1 {
		t.Asked = t.Began // there was no loop before the first turn
	}
	p.watcher.Turn(t)
}

// Standing returns what holds the thread now, and since when; Free means nothing. Any
// goroutine.
func (p *Pump) Standing() (by Held, since time.Duration) {
	b := &p.inbox
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.heldBy()
}
