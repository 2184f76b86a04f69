package guest

import (
	"context"
	"sync"
)

// A Progress carries how far some work is from any goroutine to the UI thread. NewProgress makes one.
//
// The newest value wins: however often Report is called, values are delivered once in each turn of the loop at the most, between which the
// window draws. The last value is always delivered, and none comes after the result of the work that the Progress belongs to.
type Progress[T any] struct {
	g    *Guest
	fn   func(v T)
	task *Task    // that it belongs to; nil is the guest itself
	job  *workCtx // or the background function

	deliver func() // made once: a report costs no allocation

	mu     sync.Mutex
	value  T
	posted bool // deliver is on its way

	turn uint64 // of the last delivery; UI thread only
}

// NewProgress returns a Progress that calls fn on the UI thread of the guest of ctx (found as in RunOnMain). Any goroutine. Never waits.
//
// It belongs to the Background function whose context ctx is, or else to the task of ctx. What is reported before that has ended is delivered
// before the result is: before Background returns, before whoever awaits the task goes on. Later reports are dropped.
// fn runs outside any task and must not wait. A panic in it is not the work's: it goes to Options.OnError, or the log.
// NewProgress panics if there is no guest. The idea is quiv's progress callback.
func NewProgress[T any](ctx context.Context, fn func(v T)) *Progress[T] {
	needFunc(fn == nil, "NewProgress")
	p := &Progress[T]{g: resolve(ctx), fn: fn}
	if p.g == nil {
		panic("guest: NewProgress called without a guest in the context or the process; start one with Run or Start")
	}
	if s := scopeOf(ctx); s != nil && s.task != nil {
		p.task = s.task
		s.task.reports.Store(true)
	}
	p.job, _ = ctx.Value(&workKey).(*workCtx)
	p.deliver = p.pass
	return p
}

// Report says how far the work is. Any goroutine. Never waits.
func (p *Progress[T]) Report(v T) {
	p.mu.Lock()
	p.value = v
	var wake func()
	if !p.posted {
		// Under the lock: whoever reports next relies on it that the delivery is in the queue, and what it settles then comes behind.
		wake, p.posted = p.g.leave(entry{fn: p.deliver}, p.task)
	}
	p.mu.Unlock()
	if wake != nil {
		p.g.ask(wake)
	}
}

// pass delivers the newest value, now or in the next turn. UI thread only.
func (p *Progress[T]) pass() {
	if p.turn == p.g.entered && p.g.state < closing && !p.over() {
		p.g.later = append(p.g.later, postponed{entry{fn: p.deliver}, p.task})
		return
	}
	p.turn = p.g.entered
	p.mu.Lock()
	v := p.value
	p.posted = false
	p.mu.Unlock()
	if p.job == nil || !p.job.returned {
		p.fn(v)
	}
}

// over reports whether what it belongs to has ended, and its result is about to be delivered. UI thread only.
func (p *Progress[T]) over() bool {
	return p.job != nil && p.job.returned || p.task != nil && p.task.scope.live.Load() == 0
}

// A postponed entry is for the next turn of the pump, after the window has had its turn; unless task, if there is one, ends before.
type postponed struct {
	entry
	task *Task
}

// hasten readies what was postponed, ahead of what is ready: a task that waits behind a delivery may be ready already, since its turn was
// over. UI thread only, at the start of a turn, and at the end of everything.
func (g *Guest) hasten() {
	if len(g.later) > 0 {
		g.hastenIf(func(postponed) bool { return true })
	}
}

// hastenFor readies all that belongs to t, whose end is to be told behind it. Pump only.
func (g *Guest) hastenFor(t *Task) {
	g.drain()
	g.hastenIf(func(p postponed) bool { return p.task == t })
}

func (g *Guest) hastenIf(wanted func(postponed) bool) {
	var ahead fifo
	into := &g.ready
	if g.ready.n > 0 {
		into = &ahead
	}
	kept := g.later[:0]
	for _, p := range g.later {
		if wanted(p) {
			into.push(p.entry)
		} else {
			kept = append(kept, p)
		}
	}
	clear(g.later[len(kept):])
	g.later = kept
	if into == &ahead && ahead.n > 0 {
		if g.left > 0 { // they belong to the batch that has begun
			g.left += ahead.n
		}
		g.ready.precede(&ahead)
	}
}

// behindProgress lets the running task, whose background function has returned, go on when the function's last report has been delivered.
func (t *Task) behindProgress() {
	if g := t.scope.g; len(g.later) > 0 {
		g.later = append(g.later, postponed{entry{task: t, seq: t.coro.seq}, nil})
		t.coro.park()
	}
}
