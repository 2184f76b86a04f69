package guest

import (
	"context"
	"sync"

	"github.com/golodger/lodger/guest/internal/bridge"
)

// A notice has a function called on the UI thread, once in each turn of the loop at the most,
// however often it is asked for: between two calls the window draws. Who asks has changed
// something before, and fn looks at that; so the last change is always seen. flow.Progress and
// flow.Var are made of it.
//
// It belongs to the Background function whose context ctx is, or else to the task of ctx. What
// is asked for before that has ended comes before the result does: before Background returns,
// before the code that awaits the task goes on. It does not come later. fn runs outside any
// task. A panic in it is not the work's: it goes to Options.OnError, or the log.
type notice struct {
	g    *Guest
	fn   func()
	ctx  context.Context // once it is done, fn is not called any more
	task *Task           // that it belongs to; nil is the guest itself
	job  *workCtx        // or the background function

	deliver func()      // made once, as gone: to ask costs no allocation
	gone    func() bool // the task has ended; nil without one

	mu     sync.Mutex
	posted bool // deliver is on its way

	turn uint64 // of the last delivery; UI thread only
}

func init() {
	bridge.NewNotice = func(ctx context.Context, fn func()) (notify func()) {
		if n := newNotice(ctx, fn); n != nil {
			return n.ask
		}
		return nil
	}
}

// newNotice returns a notice for the guest of ctx (found as in RunOnMain), or nil if there is
// none. Any goroutine.
func newNotice(ctx context.Context, fn func()) *notice {
	n := &notice{g: resolve(ctx), ctx: ctx, fn: fn}
	if n.g == nil {
		return nil
	}
	if s := scopeOf(ctx); s != nil && s.task != nil {
		n.task = s.task
		s.task.reports.Store(true)
	}
	n.job, _ = ctx.Value(&workKey).(*workCtx)
	n.deliver = n.pass
	if t := n.task; t != nil {
		n.gone = func() bool { return t.scope.live.Load() == 0 }
	}
	return n
}

// ask asks for fn to be called. Any goroutine. Never waits.
func (n *notice) ask() {
	n.mu.Lock()
	var wake func()
	if !n.posted {
		// Under the lock: the next caller relies on the delivery being in the queue, and what that
		// caller settles then comes behind.
		wake, n.posted = n.g.pump.PostWith(n.deliver, n.gone)
	}
	n.mu.Unlock()
	if wake != nil {
		n.g.pump.Request(wake)
	}
}

// pass calls fn, now or in the next turn. UI thread only.
func (n *notice) pass() {
	g := n.g
	if n.turn == g.pump.Turn() && !g.life.is(closing) && !n.over() {
		g.pump.Defer(n.deliver, n.owner())
		return
	}
	n.turn = g.pump.Turn()
	n.mu.Lock()
	n.posted = false // before fn looks
	n.mu.Unlock()
	if (n.job == nil || !n.job.returned) && n.ctx.Err() == nil {
		n.fn()
	}
}

// over reports whether what it belongs to has ended, and its result is about to be delivered.
// UI thread only.
func (n *notice) over() bool {
	return n.job != nil && n.job.returned || n.task != nil && n.task.scope.live.Load() == 0
}

// owner is whose end delivers what is deferred.
func (n *notice) owner() any {
	if n.task == nil {
		return nil
	}
	return n.task
}

// behindWork lets the running task, whose background function has returned, go on when what the
// function has left on the UI thread has run, and its last report has been delivered: the pump
// may have preferred the function's result to what was posted in a CallOnMain of it.
func (t *Task) behindWork() {
	g, c := t.scope.g, &t.coro.Coro
	if g.pump.Overtook() {
		t.yield()
		// A turn may have ended meanwhile: what was deferred is then among what other goroutines
		// have posted, which the guest itself may overtake.
		g.pump.RequeueBehindOthers(c)
		c.Park()
	}
	g.pump.ParkBehindDeferred(c)
}
