package guest

import (
	"context"
	"errors"
	"log/slog"
	"slices"
)

// A failure goes to whoever can answer for it, and the scope decides who that is: never the
// place of the call. In a Scope, and among the tasks that a task has started, the first failure
// cancels the others and is the result. In a supervised scope failures stay apart. Here is
// where failures of tasks go; what nobody asks for ends up in unobserved.go.

// lost is the failure of a child that belongs to its Future for as long as somebody may ask for
// it.
type lost struct {
	task *Task
	at   uint32
	note *lostError // instead, in a supervised scope
}

// fail records a failure of the scope and cancels what is left in it. The one that failed is by,
// a child or the scope's own task; nil if that is not known. UI thread only.
func (s *scope) fail(err error, by *Task) {
	if s.failed {
		s.failedAgain(err, by)
		return
	}
	s.err, s.failed, s.failedAt = err, true, s.g.nextFailure()
	if s.state.Load() == nil {
		s.logCancelling(err, by)
		s.cancel(&cancellation{err: context.Canceled, cause: err})
	}
}

// failedAgain takes a failure of a scope that has failed before, and which is in no result. A
// panic is a mistake in the program and goes where unobserved errors go. Anything else is
// logged, unless it only follows from the cancellation. UI thread only.
func (s *scope) failedAgain(err error, by *Task) {
	c := s.state.Load()
	switch {
	case same(err, s.err), c != nil && c.matches(err), isFailedCancellation(err):
	case isPanic(err):
		s.g.unobserved(unobservedOf(by, err))
	default:
		u, first := unobservedOf(by, err), s.err
		s.g.pushLog(func() {
			s.g.opts.logger().Warn("guest: one more failure in a scope that has failed; its result has only the first",
				slog.Any("err", u), slog.Any("first", first))
		})
	}
}

// logCancelling says whom the scope's first failure is about to cancel. UI thread only.
func (s *scope) logCancelling(err error, by *Task) {
	var others tally
	s.eachTask(func(t *Task) {
		if t != by && t.scope.cancelled() == nil {
			others.count(t.body.pc())
		}
	})
	if len(others) == 0 {
		return
	}
	if p, ok := err.(*PanicError); ok {
		err = errors.New("panic: " + quoteAny(p.Value)) // its stack comes with the scope's result
	}
	u := unobservedOf(by, err)
	s.g.pushLog(func() {
		s.g.opts.logger().Info("guest: a failure cancels the other tasks of its scope",
			slog.Any("err", u), "cancelled", others.names())
	})
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
	s.fail(err, s.task)
}

// childEnded takes the result of a child task. UI thread only.
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
			s.g.unobserved(unobservedIn(t.body.pc(), err))
		}
	default:
		s.fail(err, t)
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
	all := &s.more().lost
	if n := len(*all); n >= 64 && n == cap(*all) {
		*all = slices.DeleteFunc(*all, lost.over)
	}
	*all = append(*all, l)
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
	if x := s.extra.Load(); x != nil {
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
				s.failedAgain(s.err, nil)
				s.err, s.failedAt = l.task.end.err, l.at
			default:
				s.failedAgain(l.task.end.err, l.task)
			}
		}
		x.lost = nil
	}
	return s.err
}
