package guest

import (
	"context"
	"sync/atomic"
)

// A scope owns tasks. It ends only when they have ended, and its cancellation cancels them.
// Every task has a scope, which is also the context that its function gets: one allocation holds
// task, scope and context. Scope and Supervise open more scopes inside a task.
//
// Scopes form a tree. Its links, failures and cancellations belong to the UI thread. What other
// goroutines need of a scope is atomic: the number of live tasks in it, and whether it is
// cancelled.
type scope struct {
	g *Guest
	// the source of values and the deadline; in the plain case the parent itself
	ctx    context.Context
	parent *scope // waits for this scope to end; nil for the root
	task   *Task  // the task whose code runs in it; nil for the guest's own two

	live  population
	fate  atomic.Pointer[fate]  // of its context; nil: nothing has happened yet
	extra atomic.Pointer[extra] // what few scopes need

	first, prev, next *scope // children; siblings
	waiting           *coro  // tasks whose waits end with this scope's cancellation

	// foreign is the nearest scope, at or above this one, whose context may be done by itself.
	// It is fixed before other goroutines, which read it, can see the scope.
	foreign *scope

	err      error // the first failure in time, or an answer to the scope's own cancellation
	failedAt uint32
	joins    joining // what the scope's own task waits for

	failed     bool // err is a failure
	supervised bool // children's failures stay with the children
	linked     bool // in the parent's list
}

// An extra has the fields that few scopes need, so that a task stays small.
type extra struct {
	cleanups cleanups
	// failed Async tasks whose error is not observed yet. UI thread only
	lost []lost
	// of the trace that was running when the task began
	trace atomic.Pointer[context.Context]
}

// more returns the scope's extra. It makes one if there is none. Any goroutine.
func (s *scope) more() *extra {
	if x := s.extra.Load(); x != nil {
		return x
	}
	s.extra.CompareAndSwap(nil, new(extra))
	return s.extra.Load()
}

// joining says what the task of a scope waits for in it.
type joining uint8

const (
	joinsNothing  joining = iota
	joinsChildren         // Join: the task's own function goes on
	joinsAll              // the end of the scope
)

// until is the number of live tasks in the scope when the wait is over.
func (j joining) until() uint64 { return uint64(joinsAll - j) }

// sealed, added to live, keeps further children out.
const sealed = 1 << 40

// adopt counts a child in. It returns false if the scope has ended or takes no more. Any
// goroutine.
func (s *scope) adopt() bool { return s.admit(1) }

// A population counts the live tasks of a scope, plus one for the scope's own function. It stays
// 0 after the end. The zero value is 1, so that a new scope needs no store, which would cost as
// much as a lock.
type population struct{ others atomic.Int64 }

func (p *population) Load() int64           { return p.others.Load() + 1 }
func (p *population) Add(n int64) int64     { return p.others.Add(n) + 1 }
func (p *population) set(old, n int64) bool { return p.others.CompareAndSwap(old-1, n-1) }

// end makes it 0, for a scope that never begins.
func (p *population) end() { p.others.Store(-1) }

// admit adds n to live under the conditions of adopt. Any goroutine.
func (s *scope) admit(n int64) bool {
	for {
		live := s.live.Load()
		if live <= 0 || live >= sealed {
			return false
		}
		if s.live.set(live, live+n) {
			return true
		}
	}
}

// release counts a child out. Mostly others are left, and nothing waits for them. UI thread only.
func (s *scope) release() {
	n := s.live.Add(-1)
	if few := uint64(n) % holding; few == 0 || few == 1 && s.joins != joinsNothing {
		s.left(n)
	}
}

// left is called when so many are left in the scope. UI thread only.
func (s *scope) left(live int64) {
	n := uint64(live) // whose remainders are cheap
	if n%holding == 0 && n%sealed != 0 {
		s.cleanUp() // only clean-ups are left
		return
	}
	if s.joins != joinsNothing && n%holding == s.joins.until() {
		s.g.pump.Requeue(&s.task.coro.Coro)
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
	if c := o.known(); c != nil && s.follows(o) {
		s.cancel(c)
	} else if s.foreign == s {
		s.followContext()
	}
}

// follows reports whether a cancellation of the parent also cancels the scope. That is always
// so, unless the scope's context derives from the parent's and is shielded from it
// (WithoutCancel).
func (s *scope) follows(parent *scope) bool {
	if plain, _ := plainScope(s.ctx); plain == parent {
		return true
	}
	return scopeOf(s.ctx) != parent || s.ctx.Err() != nil
}

// unlink unlinks the scope and ends the contexts that were derived from it. UI thread only.
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
	s.finish()
	if s.waiting != nil {
		s.wakeWaiting() // tasks outside the scope that wait under it
	}
}

// inherit finds the nearest scope whose context may be done by itself. It runs before other
// goroutines, which read that, can see the scope.
func (s *scope) inherit() {
	if plain, _ := plainScope(s.ctx); plain == s.parent {
		s.foreign = s.parent.foreign
	} else {
		s.foreign = s // its context is not just the parent's
	}
}

// A cancelScope is a control message that cancels a scope.
type cancelScope struct {
	scope *scope
	why   *cancellation
}

func (c *cancelScope) Apply()       { c.scope.cancel(c.why) }
func (c *cancelScope) Prompt() bool { return true }

// cancel cancels the scope and all below it, and wakes the tasks that wait under it. UI thread
// only.
func (s *scope) cancel(c *cancellation) { s.cancelAs(&fate{why: c}) }

// cancelAs is cancel; the scopes below share what has become of them.
func (s *scope) cancelAs(f *fate) {
	f, first := s.decide(f)
	if !first {
		return
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
			child.cancelAs(f)
		}
	}
}

// wakeWaiting ends the waits under the scope, whose context is done.
func (s *scope) wakeWaiting() {
	for w := s.waiting; w != nil; w = w.after {
		if w.derived == nil || w.derived.Err() != nil {
			s.g.pump.Requeue(&w.Coro)
		}
	}
}

// subscribe registers the running task's wait for the scope's cancellation.
func (s *scope) subscribe(c *coro, derived contextErr) {
	c.on, c.derived = s, derived
	if c.after = s.waiting; c.after != nil {
		c.after.before = c
	}
	s.waiting = c
}

// unsubscribe undoes that.
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
