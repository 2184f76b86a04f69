package guest

import (
	"context"
	"slices"
	"sync/atomic"
)

// A scope owns tasks: it ends only when they have ended, and its cancellation is theirs. Every
// task has one, which is also the context that its function gets: one allocation holds task,
// scope and context. Scope and Supervise open more inside a task.
//
// Scopes form a tree. Its links, failures and cancellations belong to the UI thread; what other
// goroutines need of a scope is atomic: the count of who is alive in it, and whether it is
// cancelled.
type scope struct {
	g *Guest
	// where values and the deadline come from; the parent itself in the plain case
	ctx    context.Context
	parent *scope // waits for this scope to end; nil for the root
	task   *Task  // whose code runs in it; nil for the guest's own two

	live     atomic.Int64 // children, and one for the scope's own function; 0 is the end, for good
	state    atomic.Pointer[cancellation]
	std      atomic.Pointer[twin]
	cleanups atomic.Pointer[cleanups]

	first, prev, next *scope // children; siblings
	waiting           *coro  // tasks whose waits end with this scope's cancellation

	// foreign is the nearest scope, at or above it, whose context may be done by itself. It is
	// fixed before the scope is shown to other goroutines, which ask it.
	foreign *scope

	err      error   // the first failure in time, or an answer to the scope's own cancellation
	lost     *[]lost // failed Async tasks whose error nobody has observed yet
	joiner   *Task   // waits until joinAt are alive
	failedAt uint32
	joinAt   int8

	failed     bool // err is a failure
	supervised bool // children's failures stay with the children
	linked     bool // in the parent's list
}

// lost is the failure of a child that belongs to its Future for as long as somebody may ask for
// it.
type lost struct {
	task *Task
	at   uint32
	note *lostError // instead, in a supervised scope
}

// sealed, added to live, lets no further children in.
const sealed = 1 << 40

// adopt counts a child in. It reports false if the scope has ended or takes no more. Any
// goroutine.
func (s *scope) adopt() bool { return s.admit(1) }

// admit adds n to live, with adopt's conditions. Any goroutine.
func (s *scope) admit(n int64) bool {
	for {
		live := s.live.Load()
		if live <= 0 || live >= sealed {
			return false
		}
		if s.live.CompareAndSwap(live, live+n) {
			return true
		}
	}
}

// release counts one out. UI thread only.
func (s *scope) release() { s.left(s.live.Add(-1)) }

// left: n are left in the scope. UI thread only.
func (s *scope) left(n int64) {
	if n%holding == 0 && n%sealed != 0 {
		s.cleanUp() // for this, nothing else is left
		return
	}
	if s.joiner != nil && n%holding == int64(s.joinAt) {
		s.g.pump.Requeue(&s.joiner.coro.Coro)
		return
	}
	if n%sealed != 0 {
		return
	}
	switch {
	case s == &s.g.root:
		s.g.mainEnded()
	case s == &s.g.own:
		s.g.ownEnded()
	case s == &s.task.scope:
		s.task.complete()
	}
}

// link links the scope into the tree and lets it inherit a cancellation. Pump, or a task's own
// code.
func (s *scope) link() {
	o := s.parent
	s.linked = true
	if s.next = o.first; s.next != nil {
		s.next.prev = s
	}
	o.first = s
	if c := o.state.Load(); c != nil && s.follows(o) {
		s.cancel(c)
	} else if plain, _ := plainScope(s.ctx); plain != o {
		s.followContext()
	}
}

// follows reports whether a cancellation of the parent is the scope's too: always, unless its
// context derives from the parent's and is not cancelled with it (WithoutCancel).
func (s *scope) follows(parent *scope) bool {
	if plain, _ := plainScope(s.ctx); plain == parent {
		return true
	}
	return scopeOf(s.ctx) != parent || s.ctx.Err() != nil
}

// unlink unlinks the scope and ends what was derived from its context. UI thread only.
func (s *scope) unlink() {
	if s.linked {
		if s.next != nil {
			s.next.prev = s.prev
		}
		if s.prev != nil {
			s.prev.next = s.next
		} else {
			s.parent.first = s.next
		}
		s.linked, s.prev, s.next = false, nil, nil
	}
	s.state.CompareAndSwap(nil, finished) // before the look for a twin, which may be made just now
	if tw := s.std.Load(); tw != nil {
		tw.end(ErrFinished)
	}
	s.wakeWaiting() // tasks of others that wait under it
}

// fail records a failure of the scope and cancels what is left in it. UI thread only.
func (s *scope) fail(err error) {
	if !s.failed {
		s.err, s.failed, s.failedAt = err, true, s.g.nextFailure()
	}
	if s.state.Load() == nil {
		s.cancel(&cancellation{err: context.Canceled, cause: err})
	}
}

// answer notes that the scope, or a task in it, answered the scope's cancellation. It never
// displaces a failure; but one that came in spite of the cancellation displaces a mere answer.
func (s *scope) answer(c *cancellation) {
	if s.err == nil || !s.failed && c.failed && !isFailedCancellation(s.err) {
		s.err = c
	}
}

// returned takes what the scope's own function returned.
func (s *scope) returned(err error) {
	if err == nil {
		return
	}
	if c := s.cancelled(); c != nil && c.matches(err) {
		s.answer(c.with(err))
		return
	}
	s.fail(err)
}

// cancelled returns why the scope is cancelled, or nil. Any goroutine.
func (s *scope) cancelled() *cancellation {
	if c := s.state.Load(); c != nil {
		return c
	}
	f := s.foreign
	if s.std.Load() == nil && (f == nil || f.std.Load() == nil) {
		return nil // usually; without a call, since each Yield asks twice
	}
	if c := s.cancelledByContext(); c != nil || f == nil || f == s {
		return c
	}
	return f.cancelledByContext()
}

// inherit finds the nearest scope whose context may be done by itself. Before the scope is
// shown to other goroutines, which ask it.
func (s *scope) inherit() {
	if plain, _ := plainScope(s.ctx); plain == s.parent || scopeOf(s.ctx) != s.parent {
		s.foreign = s.parent.foreign
	} else {
		s.foreign = s // its context derives from the parent's, or is shielded from it
	}
}

// cancelledByContext returns why the context under the scope is done by itself, before the
// scope has heard of it; or nil. Any goroutine.
func (s *scope) cancelledByContext() *cancellation {
	if tw := s.std.Load(); tw != nil {
		if err := tw.ctx.Err(); err != nil && s.state.Load() != finished {
			return &cancellation{err: err, cause: context.Cause(tw.ctx)}
		}
	}
	return nil
}

// finished is why the context of a scope is done that has ended uncancelled.
var finished = &cancellation{err: context.Canceled, cause: ErrFinished}

// childEnded takes the result of a child task. UI thread only.
func (s *scope) childEnded(t *Task, err error, heeded bool) {
	switch {
	case err == nil || t.private:
	case t.cancelledItself(err):
		if c := s.cancelled(); c != nil && !s.supervised {
			s.answer(c)
		}
	case t.async:
		if isPanic(err) && !s.supervised {
			s.fail(err)
		} else {
			s.lose(t)
		}
	case s.supervised:
		if !heeded {
			s.g.unobserved(t.body.pc(), err)
		}
	default:
		s.fail(err)
	}
	s.release()
}

// lose keeps a failed Async task until the scope joins, or somebody has observed the failure. A
// supervised scope, which may live as long as the guest and takes nobody's failure for its own,
// keeps a note only, and leaves the task to the collector.
func (s *scope) lose(t *Task) {
	l := lost{task: t, at: s.g.nextFailure()}
	if s.supervised {
		if l = (lost{note: t.note()}); l.note == nil {
			return
		}
	}
	if s.lost == nil {
		s.lost = new([]lost)
	}
	if n := len(*s.lost); n >= 64 && n == cap(*s.lost) {
		*s.lost = slices.DeleteFunc(*s.lost, lost.over)
	}
	*s.lost = append(*s.lost, l)
}

// over reports whether nobody need be told any more.
func (l lost) over() bool {
	if l.note != nil {
		return l.note.taken.isTaken()
	}
	return !l.task.end.unobserved()
}

// result is what the scope comes to, once all in it have ended. UI thread only.
func (s *scope) result() error {
	if s.lost != nil {
		for _, l := range *s.lost {
			switch {
			case l.note != nil:
				if err := l.note.found(); err != nil {
					s.g.unobserved(l.note.pc, err)
				}
			case l.over():
			case !s.failed || l.at < s.failedAt:
				s.fail(l.task.end.err)
				s.err, s.failedAt = l.task.end.err, l.at
			}
		}
		s.lost = nil
	}
	return s.err
}

// A cancelScope is a control message: the scope is to be cancelled.
type cancelScope struct {
	scope *scope
	why   *cancellation
}

func (c *cancelScope) Apply()       { c.scope.cancel(c.why) }
func (c *cancelScope) Prompt() bool { return true }

// cancel cancels the scope and all below it, and wakes the tasks that wait under it. UI thread
// only.
func (s *scope) cancel(c *cancellation) {
	if s.state.Load() != nil {
		return
	}
	// The context under the scope may have been done before, for another reason, of which the
	// scope has not heard yet. Those who looked have: it stays.
	before := s.cancelled()
	if tw := s.std.Load(); tw != nil {
		tw.end(c.cause)
		if now := s.cancelled(); before == nil && now != nil && !same(now.cause, c.cause) {
			before = now // it was done just then
		}
	}
	if before != nil {
		c = before
	}
	s.state.Store(c)
	if tw := s.std.Load(); tw != nil {
		tw.end(c.cause) // also one that was made meanwhile, and did not see the state
	}
	if s == &s.g.root {
		s.g.rootCancelled()
	}
	s.wakeWaiting()
	if s.task != nil && s == &s.task.scope {
		s.task.wakeTimed()
	}
	for child := s.first; child != nil; child = child.next {
		if child.follows(s) {
			child.cancel(c)
		}
	}
}

// wakeWaiting ends the waits under the scope, which is done.
func (s *scope) wakeWaiting() {
	for w := s.waiting; w != nil; w = w.after {
		if w.derived == nil || w.derived.Err() != nil {
			s.g.pump.Requeue(&w.task.coro.Coro)
		}
	}
}

// subscribe puts the running task's wait under the scope's cancellation.
func (s *scope) subscribe(c *coro, derived contextErr) {
	c.on, c.derived = s, derived
	if c.after = s.waiting; c.after != nil {
		c.after.before = c
	}
	s.waiting = c
}

// unsubscribe takes it off again.
func (c *coro) unsubscribe() {
	s := c.on
	if s == nil {
		return
	}
	if c.after != nil {
		c.after.before = c.before
	}
	if c.before != nil {
		c.before.after = c.after
	} else {
		s.waiting = c.after
	}
	c.on, c.before, c.after, c.derived = nil, nil, nil, nil
}

// Scope runs fn, in place, with a context whose tasks all end before Scope returns. In a task.
// Waits.
//
// The first failure, of fn or of a task started with the context, cancels the others and is
// returned. If there is none and fn or a task answered a cancellation from outside, that is
// returned, also when it came only while Scope waited for the tasks. A panic in fn goes on when
// the scope's tasks have ended. The idea is Trio's nursery; the shape is errgroup's.
func Scope(ctx context.Context, fn func(ctx context.Context) error) error {
	return inScope(ctx, "Scope", false, fn)
}

// Supervise runs fn, in place, with a context whose tasks all end before Supervise returns. In
// a task. Waits.
//
// Unlike in Scope, a task's failure cancels nobody and is not returned: it goes to whoever
// observes it by Wait, Result or Err, else to Options.OnError. Supervise returns fn's own error
// only; when fn fails, the tasks are cancelled.
func Supervise(ctx context.Context, fn func(ctx context.Context) error) error {
	return inScope(ctx, "Supervise", true, fn)
}

func inScope(ctx context.Context, verb string, supervised bool, fn func(ctx context.Context) error) (err error) {
	needFunc(fn == nil, verb)
	t := running(ctx, verb)
	parent := t.innermost(ctx)
	s := &scope{g: t.scope.g, ctx: ctx, parent: parent, task: t, supervised: supervised}
	s.inherit()
	s.live.Store(1)
	s.link()
	t.held.Add(1)
	returned := false
	defer func() {
		// fn panicked or left by Goexit, and goes on doing so when this function returns
		if !returned {
			s.cancel(&cancellation{err: context.Canceled, cause: ErrFinished})
		}
		s.release()
		t.joinAll(s)
		if err = s.result(); err == nil {
			err = ctxError(ctx) // it came while the tasks were waited for
		}
		s.unlink()
		t.held.Add(-1)
	}()
	err = fn(s)
	returned = true
	s.returned(err)
	return err
}

// Join waits until all tasks that were started in the innermost scope of ctx have ended, and
// returns the scope's failure so far. In a task, and only in the one whose scope it is. Waits.
//
// A task's own deferred calls run before its children have been waited for; call Join first
// where they clean up what the children use. That is why Join goes on waiting when the scope is
// cancelled: the children are, too. Only a context derived from the scope's ends Join early.
func Join(ctx context.Context) error {
	t := running(ctx, "Join")
	s := t.innermost(ctx)
	if s.task != t {
		if t.within(s) {
			return ErrWouldDeadlock
		}
		panic("guest: Join called with a scope of another task; each task joins its own, " +
			"and Wait waits for a task from elsewhere")
	}
	plain, _ := plainScope(ctx)
	for s.live.Load()%holding > 1 {
		if t.scope.g.forced() {
			return t.refuse(ErrHostGone)
		}
		// what else is done by now ends nothing, and would be heard again and again
		deaf := plain == s || s.cancelled() != nil
		if !deaf && ctx.Err() != nil {
			return t.refuse(ctxError(ctx))
		}
		s.joiner, s.joinAt = t, 1
		if deaf {
			t.suspend(forever)
		} else {
			t.suspend(ctx)
		}
		s.joiner = nil
	}
	if err := s.result(); err != nil {
		return err
	}
	if c := s.cancelled(); c != nil {
		return c
	}
	return ctxError(ctx)
}

// joinAll waits for the end of the scope's tasks. It is the structure itself, and so nothing
// ends it early.
func (t *Task) joinAll(s *scope) {
	for s.live.Load() > 0 {
		s.joiner, s.joinAt = t, 0
		t.coro.Park()
		s.joiner = nil
	}
}

// within reports whether t runs below s.
func (t *Task) within(s *scope) bool {
	for o := t.scope.parent; o != nil; o = o.parent {
		if o == s {
			return true
		}
	}
	return false
}
