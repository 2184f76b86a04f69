package guest

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/golodger/lodger/guest/internal/sched"
)

// A completion happens once. Tasks of any guest and goroutines may wait for it. It may be the
// end of a task, the settling of a future, or the answer of a helper goroutine. One mechanism
// serves them all.
type completion struct {
	state atomic.Uint32 // settled, seen, dismissed; changes only under the lock
	seq   uint32        // of the first waiter; here, it leaves no gap
	mu    sync.Mutex
	task  *Task // the first waiter: most have one, and it costs no allocation
	coro  *sched.Coro
	rest  *companions
	err   error
}

// What a completion's state says.
const (
	settled   uint32 = 1 << iota
	seen             // code got the error, or will get it at the end
	dismissed        // its failure is of no interest, unless it panics
)

// is reports whether the state has one of these. Any goroutine.
func (e *completion) is(any uint32) bool { return e.state.Load()&any != 0 }

// isSettled reports whether the completion has happened. Any goroutine.
func (e *completion) isSettled() bool { return e.is(settled) }

// becomes adds to the state. The lock is held.
func (e *completion) becomes(what uint32) { e.state.Store(e.state.Load() | what) }

// first returns the first waiter. The lock is held.
func (e *completion) first() waiter { return waiter{e.task, e.coro, e.seq} }

// setFirst sets it. The lock is held.
func (e *completion) setFirst(w waiter) { e.task, e.coro, e.seq = w.task, w.coro, w.seq }

// companions has the fields that few completions need.
type companions struct {
	waiters []waiter
	hooks   []*hook
	done    chan struct{}
	lost    *lostError // of a failed future, until code observes it

	one [1]*hook // the first array of hooks, since most have one
}

// A hook is called by the code that settles the completion, on that code's goroutine. A hook is
// quick, never waits, and runs no code of the program. It reports whether the result has a
// receiver now. Callbacks, chains and collections are built on it.
type hook struct {
	fn  func() (heeded bool)
	ctx context.Context // when it is done, the hook has no use; may be nil
}

// A waiter is a wait of a task or, with seq 0, of a goroutine that works for the task. The
// second kind wakes no task, but is a link in a circle (cycle.go).
type waiter struct {
	task *Task
	coro *sched.Coro
	seq  uint32
}

// settle settles the completion. If this is the first time, it calls set before. Any goroutine.
func (e *completion) settle(err error, set func()) bool {
	e.mu.Lock()
	if e.isSettled() {
		e.mu.Unlock()
		return false
	}
	if set != nil {
		set()
	}
	first, rest := e.settleLocked(err)
	if rest != nil {
		e.endRest(rest)
	}
	e.mu.Unlock()
	first.wake()
	if rest != nil {
		for _, w := range rest.waiters {
			w.wake()
		}
		rest.callHooks()
	}
	return true
}

// settleTask is settle for the end of a task of g, in the pump of g. It reports whether any code
// was waiting or had asked for the result.
func (e *completion) settleTask(g *Guest, err error) (heeded bool) {
	e.mu.Lock()
	if e.isSettled() { // stranded
		e.mu.Unlock()
		return true
	}
	heeded = e.is(seen|dismissed) && e.heeds(err) // mostly it is neither, which needs no call
	first, rest := e.settleLocked(err)
	if rest != nil {
		e.endRest(rest)
	}
	e.mu.Unlock()
	heeded = first.seq != 0 && first.wakeFrom(g) || heeded
	if rest != nil {
		for _, w := range rest.waiters {
			heeded = w.wakeFrom(g) || heeded
		}
		heeded = rest.callHooks() || heeded
	}
	return heeded
}

func (c *companions) callHooks() (heeded bool) {
	for _, h := range c.hooks {
		heeded = h.fn() || heeded
	}
	return heeded
}

// settleLocked settles e, and returns who waits for it. The caller then calls endRest, if rest is
// not nil. The lock is held.
func (e *completion) settleLocked(err error) (first waiter, rest *companions) {
	first, rest = e.first(), e.rest
	e.setFirst(waiter{})
	e.err = err
	e.becomes(settled) // from now on others read err without the lock; so before they are woken
	return first, rest
}

// endRest closes the channel of rest, and lets e keep of rest only what is needed after the end.
// The lock is held.
func (e *completion) endRest(rest *companions) {
	e.rest = nil
	if rest.done != nil {
		close(rest.done)
	}
	if rest.done != nil || rest.lost != nil {
		e.rest = &companions{done: rest.done, lost: rest.lost}
	}
}

// wake ends the wait, unless it has ended meanwhile. Any goroutine.
func (w waiter) wake() {
	if w.seq != 0 {
		w.task.scope.g.pump.Wake(w.coro, w.seq)
	}
}

// wakeFirst is wake for the end of a context. Like every cancellation, it does not wait behind
// posts. Any goroutine.
func (w waiter) wakeFirst() { w.task.scope.g.pump.Control(endWait(w)) }

// endWait ends a wait whose context is done.
type endWait waiter

func (w endWait) Prompt() bool { return true }
func (w endWait) Apply()       { w.task.scope.g.pump.Ready(w.coro, w.seq) }

// wakeFrom is wake from the pump of g. It reports whether there was a wait.
func (w waiter) wakeFrom(g *Guest) bool {
	if w.seq == 0 {
		return false
	}
	if w.task.scope.g == g {
		g.pump.Ready(w.coro, w.seq)
	} else {
		w.wake()
	}
	return true
}

// add registers a wait. It returns false if there is nothing to wait for.
func (e *completion) add(w waiter) (added bool) {
	e.mu.Lock()
	switch added = !e.isSettled(); {
	case !added:
	// first come, first served
	case e.task == nil && (e.rest == nil || len(e.rest.waiters) == 0):
		e.setFirst(w)
	default:
		e.more().waiters = append(e.more().waiters, w)
	}
	e.mu.Unlock() // not deferred: every wait comes here
	return added
}

func (e *completion) more() *companions {
	if e.rest == nil {
		e.rest = new(companions)
		e.rest.hooks = e.rest.one[:0]
	}
	return e.rest
}

// remove removes a wait that ended for another reason.
func (e *completion) remove(w waiter) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.first() == w {
		e.setFirst(waiter{})
		return
	}
	if e.rest == nil {
		return
	}
	if i := slices.Index(e.rest.waiters, w); i >= 0 {
		e.rest.waiters = slices.Delete(e.rest.waiters, i, i+1)
	}
}

// hook registers h to be called when the completion happens. It returns false if it has happened
// already.
func (e *completion) hook(h *hook) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.isSettled() {
		return false
	}
	rest := e.more()
	hooks := &rest.hooks
	if n := len(*hooks); n >= 64 && n == cap(*hooks) {
		*hooks = slices.DeleteFunc(*hooks, func(h *hook) bool { return h.ctx != nil && h.ctx.Err() != nil })
	}
	if *hooks = append(*hooks, h); len(*hooks) == 2 {
		rest.one[0] = nil // they have moved
	}
	return true
}

// unhook removes a hook. A call of the hook may still be under way.
func (e *completion) unhook(h *hook) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.rest == nil {
		return
	}
	if i := slices.Index(e.rest.hooks, h); i >= 0 {
		e.rest.hooks = slices.Delete(e.rest.hooks, i, i+1)
	}
}

// eachWaiter visits the waiting tasks.
func (e *completion) eachWaiter(visit func(*Task)) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.task != nil {
		visit(e.task)
	}
	if e.rest != nil {
		for _, w := range e.rest.waiters {
			visit(w.task)
		}
	}
}

// channel returns a channel that is closed when the completion has happened.
func (e *completion) channel() <-chan struct{} {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.see()
	rest := e.more()
	if rest.done == nil {
		rest.done = make(chan struct{})
		if e.isSettled() {
			close(rest.done)
		}
	}
	return rest.done
}

// result returns the error of a settled completion, which counts as observed from now on.
func (e *completion) result() error {
	err := e.peek()
	if err != nil {
		e.observe()
	}
	return err
}

// peek returns the error of a settled completion, without observing it. It needs no lock: the
// error is set before the completion is settled, and does not change.
func (e *completion) peek() error {
	if !e.isSettled() {
		return nil
	}
	return e.err
}

// observe records that code looks at the result, or will.
func (e *completion) observe() {
	e.mu.Lock()
	e.see()
	e.mu.Unlock()
}

// see is observe; the lock is held.
func (e *completion) see() {
	e.becomes(seen)
	if e.rest != nil && e.rest.lost != nil {
		_ = e.rest.lost.found()
		e.rest.lost = nil
	}
}

// heeds reports whether err has a receiver, or is of no interest. The lock is held.
func (e *completion) heeds(err error) bool { return e.is(seen) || e.is(dismissed) && !isPanic(err) }

// dismiss records that the failure is no longer of interest, if the completion has not happened
// yet. A panic is still of interest, since it is a mistake in the program.
func (e *completion) dismiss() {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.isSettled() {
		e.see()
	} else {
		e.becomes(dismissed)
	}
}

// unobserved reports whether it failed and no code has observed that.
func (e *completion) unobserved() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.err != nil && !e.heeds(e.err)
}
