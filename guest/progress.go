package guest

import (
	"context"
	"sync"
)

// A Progress carries how far some work is from any goroutine to the UI thread. NewProgress
// makes one.
//
// The newest value wins: however often Report is called, values are delivered once in each turn
// of the loop at the most, between which the window draws. The last value is always delivered,
// and none comes after the result of the work that the Progress belongs to.
type Progress[T any] struct {
	g    *Guest
	fn   func(v T)
	ctx  context.Context // once it is done, reports are dropped
	task *Task           // that it belongs to; nil is the guest itself
	job  *workCtx        // or the background function

	deliver func()      // made once, as gone: a report costs no allocation
	gone    func() bool // the task has ended; nil without one

	mu     sync.Mutex
	value  T
	posted bool // deliver is on its way

	turn uint64 // of the last delivery; UI thread only
}

// NewProgress returns a Progress that calls fn on the UI thread of the guest of ctx (found as
// in RunOnMain). Any goroutine. Never waits.
//
// It belongs to the Background function whose context ctx is, or else to the task of ctx. What
// is reported before that has ended is delivered before the result is: before Background
// returns, before whoever awaits the task goes on. Later reports are dropped. fn runs outside
// any task and must not wait. A panic in it is not the work's: it goes to Options.OnError, or
// the log. NewProgress panics if there is no guest. The idea is quiv's progress callback.
func NewProgress[T any](ctx context.Context, fn func(v T)) *Progress[T] {
	needFunc(fn == nil, "NewProgress")
	p := &Progress[T]{g: resolve(ctx), ctx: ctx, fn: fn}
	if p.g == nil {
		panic("guest: NewProgress called without a guest in the context or the process; start one with Run or Start")
	}
	if s := scopeOf(ctx); s != nil && s.task != nil {
		p.task = s.task
		s.task.reports.Store(true)
	}
	p.job, _ = ctx.Value(&workKey).(*workCtx)
	p.deliver = p.pass
	if t := p.task; t != nil {
		p.gone = func() bool { return t.scope.live.Load() == 0 }
	}
	return p
}

// Report says how far the work is. Any goroutine. Never waits.
func (p *Progress[T]) Report(v T) {
	p.mu.Lock()
	p.value = v
	var wake func()
	if !p.posted {
		// Under the lock: whoever reports next relies on it that the delivery is in the queue,
		// and what it settles then comes behind.
		wake, p.posted = p.g.pump.PostWith(p.deliver, p.gone)
	}
	p.mu.Unlock()
	if wake != nil {
		p.g.pump.Request(wake)
	}
}

// pass delivers the newest value, now or in the next turn. UI thread only.
func (p *Progress[T]) pass() {
	g := p.g
	if p.turn == g.pump.Turn() && !g.life.is(closing) && !p.over() {
		g.pump.Defer(p.deliver, p.owner())
		return
	}
	p.turn = g.pump.Turn()
	p.mu.Lock()
	v := p.value
	p.posted = false
	p.mu.Unlock()
	if (p.job == nil || !p.job.returned) && p.ctx.Err() == nil {
		p.fn(v)
	}
}

// over reports whether what it belongs to has ended, and its result is about to be delivered.
// UI thread only.
func (p *Progress[T]) over() bool {
	return p.job != nil && p.job.returned || p.task != nil && p.task.scope.live.Load() == 0
}

// owner is whose end delivers what is deferred.
func (p *Progress[T]) owner() any {
	if p.task == nil {
		return nil
	}
	return p.task
}

// behindWork lets the running task, whose background function has returned, go on when what the
// function has left on the UI thread has run, and its last report has been delivered: the pump
// may have preferred the function's result to what was posted in a CallOnMain of it.
func (t *Task) behindWork() {
	g := t.scope.g
	if g.pump.Overtook() {
		t.yield()
	}
	g.pump.ParkBehindDeferred(&t.coro.Coro)
}
