package guest

import "context"

// What has become of a scope's context is one pointer, so that all who look see the same, and what
// they have seen never changes: neither how the context was cancelled, nor why, even if it is
// cancelled twice at the same time.

// A fate is what has become of a scope's context. It does not change; a scope gets the next one.
// A scope without a fate is not cancelled, as far as it knows, and has no twin. If it gets a twin,
// only the twin says from then on whether the scope is cancelled, and why.
type fate struct {
	why  *cancellation // nil: not cancelled, as far as the scope knows
	std  *twin         // nil: no code has asked for Done yet
	over bool          // the scope has ended, and why is nil
}

// finished is the reason why the context of a scope is done that has ended without a
// cancellation.
var finished = &cancellation{err: context.Canceled, cause: ErrFinished}

var finishedFate = &fate{why: finished}

// reason returns why the context is done, or nil. Any goroutine.
func (f *fate) reason() *cancellation {
	if f.why != nil {
		return f.why
	}
	err := f.std.ctx.Err()
	if err == nil {
		return nil
	}
	c := &cancellation{err: err, cause: causeOf(f.std.ctx)}
	if f.over && c.err == finished.err && same(c.cause, finished.cause) {
		return finished
	}
	return c
}

// twin returns the scope's standard context. It makes one if there is none. Any goroutine.
func (s *scope) twin() *twin {
	for {
		f, why := s.fate.Load(), (*cancellation)(nil)
		if f != nil {
			if f.std != nil {
				return f.std
			}
			why = f.why
		}
		tw := s.newTwin(why)
		if s.fate.CompareAndSwap(f, &fate{why: why, std: tw}) {
			return tw
		}
		tw.cancel(nil)
	}
}

// calm reports that the scope is surely not cancelled. It is the usual case, asked without a call,
// since each wait asks twice. Any goroutine.
func (s *scope) calm() bool {
	return s.fate.Load() == nil && (s.foreign == nil || s.foreign.fate.Load() == nil)
}

// stillCalm is calm for a scope of which, or of whose foreign scope, code has asked for Done. Any
// goroutine.
func (s *scope) stillCalm() bool {
	f := s.fate.Load()
	if f == nil {
		f = s.foreign.fate.Load() // calm has found one of the two
	}
	return f.why == nil && f.std.ctx.Err() == nil
}

// cancelled returns the reason why the scope is cancelled, or nil. Any goroutine.
func (s *scope) cancelled() *cancellation {
	f := s.fate.Load()
	if f == nil {
		if s.overtaken() == nil {
			return nil
		}
		s.twin() // what has been told stays the reason
		f = s.fate.Load()
	}
	return f.reason()
}

// known returns the reason for which the scope has been cancelled, or nil. Unlike cancelled, it
// does not look at contexts. UI thread only.
func (s *scope) known() *cancellation {
	if f := s.fate.Load(); f != nil {
		return f.why
	}
	return nil
}

// overtaken returns the reason for which a context above a scope without a fate is done by itself,
// if the scope does not know of it yet; or nil. Any goroutine.
func (s *scope) overtaken() *cancellation {
	if s.foreign == nil {
		return nil
	}
	if f := s.foreign.fate.Load(); f != nil {
		return f.reason()
	}
	return nil
}

// decide makes f the scope's fate, unless something else has happened to its context before. Then
// that stays the reason. It returns what scopes below share, and whether the scope was not
// cancelled before. UI thread only.
func (s *scope) decide(f *fate) (shared *fate, first bool) {
	for {
		now := s.fate.Load()
		switch {
		case now == nil:
			if by := s.overtaken(); by != nil && by != f.why {
				s.twin()
			} else if s.fate.CompareAndSwap(nil, f) {
				return f, true
			}
		case now.why != nil || now.over:
			return nil, false
		default:
			now.std.end(f.why.cause)
			if c := now.reason(); !same(c.err, f.why.err) || !same(c.cause, f.why.cause) {
				f = &fate{why: c}
			}
			s.fate.Store(&fate{why: f.why, std: now.std})
			return f, true
		}
	}
}

// finish ends the contexts that were derived from the scope, which has ended. UI thread only.
func (s *scope) finish() {
	if s.fate.CompareAndSwap(nil, finishedFate) {
		return
	}
	if f := s.fate.Load(); f.why == nil {
		s.fate.Store(&fate{std: f.std, over: true})
		f.std.end(ErrFinished)
	}
}
