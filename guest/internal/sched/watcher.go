package sched

import "time"

// A Watcher is told about turns and long steps while a person or a tool looks on. A pump
// without one pays for reading one pointer at the start and the end of each turn. A pump with
// one reads the clock after each step.
type Watcher struct {
	// Long is the shortest step that is reported. It must not be shorter than the budget: then
	// a long step is the last of its turn.
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

// Watch tells w about the turns and steps that end from now on; nil ends that. Calls of Watch
// must not overlap. Any goroutine.
func (p *Pump) Watch(w *Watcher) {
	p.watcher.Store(w)
	p.inbox.watched(w)
}

// heedWatcher makes the turn that is about to begin measure each step, if the pump is watched.
func (p *Pump) heedWatcher() {
	if w := p.watcher.Load() != nil; w != p.watched {
		p.watched, p.ran = w, nil
		p.clock.single = w || p.steered()
	}
}

// The clock calls stepped when it finds that time has passed: d in so many steps. That is one
// step if the pump was watched when the turn began. Otherwise it may be several. Then at least
// one of them must have been long, and the pump does not know which.
func (p *Pump) stepped(d time.Duration, steps int) {
	w := p.watcher.Load()
	if w == nil || d < time.Duration(steps)*w.Long {
		return
	}
	s := Step{By: ByTurn, Began: p.clock.now - d, For: d, Seen: p.inbox.seenInTurn()}
	switch fn, posted := p.ran.(callback); {
	case steps > 1:
	case p.current != nil:
		s.What = p.current
	case posted:
		s.What = (func())(fn)
	default:
		s.What = p.ran
	}
	w.Step(s)
}

// seenInTurn returns what the probe saw in this turn. UI thread only.
func (b *inbox) seenInTurn() any {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.probe.of(held{b.turns, running})
}

// tellOwed tells the watcher what held the thread until this turn, as far as the probe saw it.
func (p *Pump) tellOwed(seen any) {
	if w := p.watcher.Load(); w != nil {
		asked := p.inbox.owed
		w.Step(Step{By: ByHost, Began: asked, For: p.clock.now - asked, Seen: seen})
	}
}

// tellTurn tells w of the turn that ends.
func (p *Pump) tellTurn(w *Watcher) {
	p.ran = nil
	p.clock.read()
	t := Turn{p.inbox.owed, p.inbox.began, p.clock.now}
	if p.inbox.turns == 1 {
		t.Asked = t.Began // there was no loop before the first turn
	}
	w.Turn(t)
}

// Standing returns what holds the thread now, and since when; Free means nothing. Any
// goroutine.
func (p *Pump) Standing() (by Held, since time.Duration) {
	b := &p.inbox
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.heldBy()
}
