package guest

import (
	"context"
	"errors"
	"log/slog"
	"slices"
)

// The scope decides where a failure goes; the place of the call never matters. In a Scope, and
// among the tasks that a task has started, the first failure cancels the others and is the
// result. In a supervised scope failures stay apart. This file handles the failures of tasks.
// Failures that no code asks for go to unobserved.go.

// A lost is the failure of a child. It belongs to the child's Future as long as code may still
// ask for it.
type lost struct {
	task *Task
	at   uint32
	note *lostError // instead of task, in a supervised scope
}

// fail records a failure of the scope and cancels the rest of the scope. by is the task that
// failed: a child or the scope's own task. UI thread only.
func (s *scope) fail(err error, by *Task) { s.failAs(unobservedOf(by, err), by) }

// failAs is fail with a name for the failed task. by may be nil.
func (s *scope) failAs(u *UnobservedError, by *Task) {
	if s.failed {
		s.failedAgain(u.Err, by)
		return
	}
	s.err, s.failed, s.failedAt = u.Err, true, s.g.nextFailure()
	if s.g.hooks.OnFailure != nil {
		s.g.hooks.OnFailure(u)
	}
	if s.known() == nil {
		s.logCancelling(u, by)
		s.cancel(&cancellation{err: context.Canceled, cause: u.Err})
	}
}

// failedAgain handles a failure of a scope that has failed before, unless it only follows from
// that. UI thread only.
func (s *scope) failedAgain(err error, by *Task) {
	if c := s.known(); same(err, s.err) || c != nil && c.matches(err) {
		return
	}
	s.unheard(err, by)
}

// unheard handles a failure that is in no result. A panic is a mistake in the program and goes
// where unobserved errors go. Any other failure is logged, unless it has been logged. UI thread
// only.
func (s *scope) unheard(err error, by *Task) {
	switch u := unobservedOf(by, err); {
	case isPanic(err):
		s.g.unobserved(u)
	case isFailedCancellation(err):
	default:
		s.g.pushLog(func() {
			s.g.opts.logger().Warn("guest: another failure in a scope; the scope returns only the first", append([]any{slog.Any("err", u)}, u.logAttrs()...)...)
		})
	}
}

// logCancelling logs which tasks a failure of the scope is about to cancel: the tasks below,
// those that have not begun, and the task that owns the scope. UI thread only.
func (s *scope) logCancelling(u *UnobservedError, by *Task) {
	var others tally
	add := func(t *Task) {
		if t != by && t.scope.cancelled() == nil {
			others.count(t.pc())
		}
	}
	s.eachTask(add)
	if s.task != nil && s.task.coro != nil {
		add(s.task)
	}
	others = others.ofProgram()
	waiting := s.unbegun(by)
	if len(others) == 0 && waiting == 0 {
		return
	}
	u = u.briefly()
	s.g.pushLog(func() {
		s.g.opts.logger().Info("guest: a failure cancels the other tasks of its scope",
			append([]any{slog.Any("err", u), "cancelled", others.names(), "not begun", waiting}, u.logAttrs()...)...)
	})
}

// unbegun counts the scope's tasks that have not begun when by fails. UI thread only.
func (s *scope) unbegun(by *Task) int {
	n := int(s.live.Load() % holding % sealed)
	if by != nil {
		n-- // by is still counted
	}
	if by != s.task && (s.task == nil || s.task.coro != nil) {
		n-- // the scope's own function
	}
	for child := s.first; child != nil; child = child.next {
		if child.task != nil && child == &child.task.scope { // not a scope that a task has opened
			n--
		}
	}
	return max(n, 0)
}

// briefly returns u without the stack of a panic. The scope's result has the stack.
func (u *UnobservedError) briefly() *UnobservedError {
	p, ok := u.Err.(*PanicError)
	if !ok {
		return u
	}
	return &UnobservedError{u.Task, u.At, errors.New("panic: " + quoteAny(p.Value)), u.name}
}

// answer records that the scope, or a task in it, answered the scope's cancellation. It never
// replaces a failure.
func (s *scope) answer(c *cancellation) {
	if s.err == nil {
		s.err = c
	}
}

// returned handles the result of the scope's own function.
func (s *scope) returned(err error) {
	if err != nil {
		s.returnedError(err)
	}
}

func (s *scope) returnedError(err error) {
	if c := s.cancelled(); c != nil && c.matches(err) {
		s.answer(c.with(err))
		return
	}
	s.fail(err, s.task)
}

// childEnded handles the result of a child task. UI thread only.
func (s *scope) childEnded(t *Task, err error, heeded bool) {
	switch {
	case err == nil || t.private:
	case t.cancelledItself(err):
		if c := s.cancelled(); c != nil && !s.supervised && !t.apart {
			s.answer(c)
		}
	case t.async:
		if isPanic(err) && !s.supervised {
			s.fail(err, t)
		} else {
			s.lose(t)
		}
	case s.supervised || t.apart:
		if !heeded {
			s.g.unobserved(unobservedOf(t, err))
		}
	default:
		s.fail(err, t)
	}
	s.release()
}

// lose keeps a failed Async task until the scope joins, or until code has observed the failure.
// A supervised scope may live as long as the guest and never takes failures as its own. So it
// keeps only a note, and leaves the task to the garbage collector.
func (s *scope) lose(t *Task) {
	l := lost{task: t, at: s.g.nextFailure()}
	if s.supervised {
		if l = (lost{note: t.note()}); l.note == nil {
			return
		}
	}
	all := &s.more().lost
	if n := len(*all); n >= 64 && n == cap(*all) {
		*all = slices.DeleteFunc(*all, lost.over)
	}
	*all = append(*all, l)
}

// over reports whether the failure need not be reported any more.
func (l lost) over() bool {
	if l.note != nil {
		return l.note.taken.isTaken()
	}
	return !l.task.end.unobserved()
}

// result returns the scope's error after everything in it has ended. UI thread only.
func (s *scope) result() error {
	if s.extra.Load() != nil {
		s.takeLost()
	}
	return s.err
}

// takeLost takes over the errors of failed Async tasks that no code has observed.
func (s *scope) takeLost() {
	x := s.extra.Load()
	for _, l := range x.lost {
		switch {
		case l.note != nil:
			if err := l.note.found(); err != nil {
				s.g.unobserved(l.note.unobserved(err))
			}
		case l.over():
		case !s.failed:
			s.fail(l.task.end.err, l.task)
			s.failedAt = l.at
		case l.at < s.failedAt:
			s.unheard(s.err, nil) // it came later
			s.err, s.failedAt = l.task.end.err, l.at
		default:
			s.failedAgain(l.task.end.err, l.task)
		}
	}
	x.lost = nil
}
