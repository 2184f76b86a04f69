package guest

import (
	"context"
	"errors"
)

// Opening and joining a scope is not a wait: only the end of the scope's tasks ends it.

// Scope runs fn, in place, with a context whose tasks all end before Scope returns. In a task.
// Waits.
//
// The first failure of fn, or of a task started with the context, cancels the others, and Scope
// returns it. If there is no failure, but fn or a task answered a cancellation from outside,
// Scope returns that answer, even if the cancellation came only while Scope waited for the
// tasks. A panic in fn goes on when the scope's tasks have ended. The idea is Trio's nursery;
// the shape is errgroup's.
func Scope(ctx context.Context, fn func(ctx context.Context) error) error {
	return inScope(ctx, "Scope", false, fn)
}

// Supervise runs fn, in place, with a context whose tasks all end before Supervise returns. In
// a task. Waits.
//
// Unlike in Scope, a task's failure cancels no other and is not returned: it goes to the code
// that waits for the task when it ends, or has called Done, and the failure of an Async also to
// code that calls Result. Otherwise it goes to Options.OnError. Without an OnError it is
// logged, and a panic ends the guest, as a panic ends a program. Supervise returns only fn's
// own error. When fn fails, the tasks are cancelled.
func Supervise(ctx context.Context, fn func(ctx context.Context) error) error {
	return inScope(ctx, "Supervise", true, fn)
}

var errLeft = errors.New("its function has panicked, or called runtime.Goexit")

func inScope(ctx context.Context, verb string, supervised bool, fn func(ctx context.Context) error) (err error) {
	needFunc(fn == nil, verb)
	t := running(ctx, verb)
	parent := t.innermost(ctx)
	s := &scope{g: t.scope.g, ctx: ctx, parent: parent, task: t, supervised: supervised}
	s.inherit()
	s.link()
	t.held.Add(1)
	returned := false
	defer func() {
		// fn panicked or called Goexit, and that goes on when this function returns
		if !returned {
			s.logCancelling(unobservedOf(t, errLeft), t)
			s.cancel(&cancellation{err: context.Canceled, cause: ErrFinished})
		}
		s.release()
		t.joinAll(s)
		if err = s.result(); err == nil {
			err = ctxError(ctx) // it came while this waited for the tasks
		} else if !returned && s.failed {
			s.unheard(err, nil) // the caller gets only the panic
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
// A task's own deferred calls run before the task waits for its children. If the deferred calls
// clean up what the children use, call Join before the function returns. When the scope is
// cancelled, Join goes on waiting, since the children are cancelled, too. Only a context
// derived from the scope's context ends Join early.
func Join(ctx context.Context) error {
	t := running(ctx, "Join")
	s := t.innermost(ctx)
	if s.task != t {
		if t.within(s) {
			return ErrWouldDeadlock
		}
		panic("guest: Join called with a scope of another task; join only a scope of the calling task, " +
			"and use Wait for a task from elsewhere")
	}
	plain, _ := plainScope(ctx)
	t.checkpoint()
	for s.live.Load()%holding > 1 {
		if t.scope.g.forced() {
			return t.refuse(ErrHostGone)
		}
		// other contexts that are done by now end nothing, and would be reported repeatedly
		deaf := plain == s || !s.calm() && s.cancelled() != nil
		if !deaf && ctx.Err() != nil {
			return t.refuse(ctxError(ctx))
		}
		until := ctx
		if deaf {
			until = forever
		}
		after := t.beginWait(until) // as in suspend
		s.joins, t.coro.idle = joinsChildren, true
		t.coro.ParkVisitably()
		t.coro.endWait(after)
		s.joins = joinsNothing
	}
	err := s.result()
	if err == nil && !s.calm() {
		err = surelyCtxError(s)
	}
	if err == nil && ctx != context.Context(s) {
		err = ctxError(ctx)
	}
	if err != nil {
		return t.refuse(err)
	}
	return nil
}

// joinAll waits for the end of the scope's tasks. Nothing ends it early.
func (t *Task) joinAll(s *scope) {
	for s.live.Load() > 0 {
		t.coro.since = t.scope.g.pump.Now()
		s.joins, t.coro.idle = joinsAll, true
		t.coro.ParkVisitably()
		t.coro.Unpark()
		s.joins, t.coro.idle = joinsNothing, false
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
