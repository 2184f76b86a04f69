package sched

import "time"

// A Watcher is told of turns and of long steps, while somebody looks on. A pump that has none pays
// for a look at one pointer in each turn, and where a function begins. With one, the clock is read
// after each step.
type Watcher struct {
	// Long is from when on a step is told of. No shorter than the budget: a step that lasts so
	// long is the last of its turn.
	Long time.Duration
	// Turn hears of each turn that has ended. UI thread.
	Turn func(t Turn)
	// Step hears of each long step that has ended, before the end of its turn; and of a time for
	// which the host has owed a turn, if Look has seen anything meanwhile, before that turn. UI
	// thread.
	Step func(s Step)
	// Look may look at all stacks, while a step is long, or a turn is owed for long. What it
	// returns, at once, comes with the step if that has not ended meanwhile. Any goroutine.
	Look func(by Held) (seen any)
}

// A Turn is one that has ended. The times are those of the pump's clock.
type Turn struct{ Asked, Began, Ended time.Duration }

// A Step is a long one.
type Step struct {
	By    Held
	What  any // a *Coro that ran; a Runnable, or a func(), that has returned; nil is not known
	Began time.Duration
	For   time.Duration
	Seen  any // what Look has returned last while it lasted, or nil
}

// Watch has w told from now on; nil ends it. Any goroutine.
func (p *Pump) Watch(w *Watcher) {
	p.inbox.watched(w)
	p.Control(watch{p, w})
}

// watch is the control message that has the UI thread tell its part.
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

// stepped is told by the clock of a step that was no fast one, when it has ended.
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

// seenInTurn returns what the probe has seen in this turn. UI thread only.
func (b *inbox) seenInTurn() any {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.probe.of(held{b.turns, running})
}

// tellOwed tells the watcher what was seen to hold the thread until this turn.
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
		t.Asked = t.Began // before that there was no loop
	}
	p.watcher.Turn(t)
}

// Standing says what holds the thread now, and since when; Free is nothing. Any goroutine.
func (p *Pump) Standing() (by Held, since time.Duration) {
	b := &p.inbox
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.heldBy()
}
