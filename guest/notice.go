package guest

import (
	"context"
	"sync"

	"github.com/golodger/lodger/guest/internal/bridge"
)

// A notice calls a function on the UI thread, at most once in each turn of the loop, however
// often it is asked for. Between two calls the window draws. The code that asks has changed
// something before, and fn reads that. So the last change is always seen. flow.Progress and
// flow.Var are built on it.
//
// A notice belongs to the Background function whose context ctx is, or else to the task of ctx.
// What is asked for before that function or task ends is delivered before its result: before
// Background returns, or before the code that awaits the task goes on. It is never delivered
// later. fn runs outside any task. A panic in fn is not a failure of the work. It goes to
// Options.OnError, or to the log.
type notice struct {
	g    *Guest
	fn   func()
	ctx  context.Context
	task *Task    // the task that it belongs to; nil is the guest itself
	job  *workCtx // or the background function

	deliver func()      // made once, like gone, so that ask allocates nothing
	gone    func() bool // the task has ended; nil without one

	mu     sync.Mutex
	posted bool // deliver is posted

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

// ask requests a call of fn, unless the notice's context is done. Any goroutine. Never waits.
func (n *notice) ask() {
	if n.ctx.Err() != nil {
		return
	}
	n.mu.Lock()
	var wake func()
	if !n.posted {
		// This is under the lock. The next caller relies on the delivery being queued, so that
		// the result that it settles comes after the delivery.
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
	n.posted = false // before fn reads
	n.mu.Unlock()
	if (n.job == nil || !n.job.returned) && !n.cancelled() {
		n.fn()
	}
}

// cancelled reports whether what was asked for must not be called any more: the scope of ctx is
// cancelled, or ctx with a cause that says more than that it has ended, such as a closed window.
// If ctx has only ended with a part of the work, because its scope has ended or a deferred
// cancel function has run, the last value is still under way. Any goroutine.
func (n *notice) cancelled() bool {
	for ctx := n.ctx; ctx.Err() != nil; {
		if cause := context.Cause(ctx); !endsQuietly(cause) {
			return true
		}
		s := scopeOf(ctx)
		if s == nil {
			return false
		}
		if c := s.cancelled(); c != nil && c != finished {
			return true
		}
		ctx = s.ctx
	}
	return false
}

// endsQuietly reports whether cause is what a context has that has ended with its work.
func endsQuietly(cause error) bool {
	return same(cause, context.Canceled) || same(cause, context.DeadlineExceeded) || same(cause, ErrFinished)
}

// over reports whether the notice's task or function has ended and its result is about to be
// delivered. UI thread only.
func (n *notice) over() bool {
	return n.job != nil && n.job.returned || n.task != nil && n.task.scope.live.Load() == 0
}

// owner returns the task or function whose end delivers what is deferred.
func (n *notice) owner() any {
	if n.task == nil {
		return nil
	}
	return n.task
}

// behindWork lets the running task, whose background function has returned, go on only after the
// function's posts have run and its last report is delivered. Otherwise the pump might take the
// function's result before a post that was made in a CallOnMain of the function.
func (t *Task) behindWork() {
	g, c := t.scope.g, &t.coro.Coro
	if g.pump.Overtook() {
		t.yield()
		// A turn may have ended meanwhile. Then deferred reports are among the posts of other
		// goroutines, which the guest's own work may overtake.
		g.pump.RequeueBehindOthers(c)
		c.Park()
	}
	g.pump.ParkBehindDeferred(c)
}
