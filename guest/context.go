package guest

import (
	"context"
	"time"

	"github.com/golodger/lodger/guest/internal/bridge"
)

// A scope is a context.Context. Its cancellation needs no lock and no channel. Code that asks
// for Done, or derives a standard context, gets it from a standard twin, which is made then.
// Package context finds the canceller of a parent by a private key. A spy learns that key once.
// So standard children register with the twin without a goroutine. If a later Go changes this,
// AfterFunc below does the same at the price of an indirection.

var _ context.Context = (*scope)(nil)

// scopeKey finds the innermost scope of a context.
var scopeKey int

// cancelKey is the key with which package context asks a context for its canceller.
var cancelKey = learnCancelKey()

type spy struct {
	context.Context
	key any
}

func (s *spy) Err() error        { return context.Canceled }
func (s *spy) Value(key any) any { s.key = key; return nil }

func learnCancelKey() any {
	s := &spy{Context: context.Background()}
	_ = context.Cause(s)
	return s.key
}

// A twin is the standard context that stands for a scope.
type twin struct {
	ctx    context.Context
	cancel context.CancelCauseFunc
	stop   func() bool // ends followContext
}

func (tw *twin) end(cause error) {
	if tw.stop != nil {
		tw.stop()
	}
	tw.cancel(cause)
}

// newTwin makes a twin. If the scope was cancelled before, for c, its parent may have been
// cancelled since for another reason, which must not come through.
func (s *scope) newTwin(c *cancellation) *twin {
	switch {
	case c == nil:
		ctx, cancel := context.WithCancelCause(s.ctx)
		return &twin{ctx: ctx, cancel: cancel}
	case c.err == context.DeadlineExceeded:
		ctx, cancel := context.WithDeadlineCause(context.WithoutCancel(s.ctx), time.Time{}, c.cause)
		return &twin{ctx: ctx, cancel: func(error) { cancel() }}
	}
	ctx, cancel := context.WithCancelCause(context.WithoutCancel(s.ctx))
	cancel(c.cause)
	return &twin{ctx: ctx, cancel: cancel}
}

// followContext cancels the scope when the standard context under it is done. Before the scope
// has children or waits.
func (s *scope) followContext() {
	if s.ctx.Done() == nil {
		return // shielded: WithoutCancel
	}
	if s.ctx.Err() != nil {
		s.cancel(&cancellation{err: s.ctx.Err(), cause: causeOf(s.ctx)})
		return
	}
	tw := s.twin()
	tw.stop = context.AfterFunc(tw.ctx, func() {
		c := &cancellation{err: tw.ctx.Err(), cause: causeOf(tw.ctx)}
		s.g.pump.Control(&cancelScope{s, c})
	})
}

// Deadline returns the deadline of the context under the scope. Any goroutine.
func (s *scope) Deadline() (time.Time, bool) { return s.ctx.Deadline() }

// Done returns a channel that is closed when the scope is cancelled or has ended. Any goroutine.
func (s *scope) Done() <-chan struct{} { return s.twin().ctx.Done() }

// Err returns how the scope was cancelled, or nil. Any goroutine.
func (s *scope) Err() error {
	if s.calm() {
		return nil
	}
	if c := s.cancelled(); c != nil {
		return c.err
	}
	return nil
}

// Value looks up the contexts under the scope. Any goroutine.
func (s *scope) Value(key any) any {
	switch key {
	case &scopeKey, &taskKey:
		return s
	case cancelKey:
		return s.twin().ctx.Value(key)
	case &workKey, &bridge.PlaceKey:
		return nil // it belongs to the background function, not to what that starts
	}
	return s.ctx.Value(key)
}

// AfterFunc calls f in a new goroutine when the scope is cancelled. Package context looks for
// this method by its name.
func (s *scope) AfterFunc(f func()) (stop func() bool) { return context.AfterFunc(s.twin().ctx, f) }

// String keeps a printed context short.
func (s *scope) String() string { return "guest.scope" }

// A workCtx is the context of a background function: the task's context, with the task that
// waits for it.
type workCtx struct {
	context.Context
	waiter    *Task
	submitted bool // the task is that of Submit
	returned  bool // Background has returned; UI thread only
}

// Err also sees a cancellation that the task of Submit has not seen, because it is not in the
// tree yet.
func (w *workCtx) Err() error {
	err := w.Context.Err()
	if err == nil && w.submitted && w.waiter.scope.ctx.Err() != nil {
		_ = w.Context.Done() // makes the twin, so that what is told now stays the reason
		err = w.Context.Err()
	}
	return err
}

// workKey finds the innermost background function of a context, unless a scope is nearer.
var workKey int

// taskKey is scopeKey unless a background function is nearer.
var taskKey int

func (w *workCtx) Value(key any) any {
	switch key {
	case &workKey:
		return w
	case &taskKey, &bridge.NameKey:
		return nil // the name applies to the function itself
	}
	return w.Context.Value(key)
}

// scopeOf returns the innermost scope of ctx, or nil.
func scopeOf(ctx context.Context) *scope {
	if s, ok := ctx.(*scope); ok {
		return s // the usual case, without a call
	}
	return scopeBelow(ctx, &scopeKey)
}

// scopeBelow returns the scope that ctx knows by key, or nil. It is not inlined, so that its
// callers can be.
//
//go:noinline
func scopeBelow(ctx context.Context, key *int) *scope {
	needContext(ctx)
	s, _ := ctx.Value(key).(*scope)
	return s
}

// needContext panics for a nil context at the call that has the mistake.
func needContext(ctx context.Context) {
	if ctx == nil {
		panic("guest: called with a nil context; pass the context of a task, or context.Background()")
	}
}

// plainScope returns the scope whose cancellation is exactly that of ctx: ctx is a scope, or
// wraps one only in contexts that this package made.
func plainScope(ctx context.Context) (*scope, bool) {
	if s, ok := ctx.(*scope); ok {
		return s, true // the usual case, without a call
	}
	return wrappedScope(ctx)
}

// wrappedScope is plainScope for a context that may wrap a scope.
func wrappedScope(ctx context.Context) (*scope, bool) {
	for {
		switch c := ctx.(type) {
		case *scope:
			return c, true
		case *workCtx:
			ctx = c.Context
		default:
			return nil, false
		}
	}
}

// ctxError returns the error of a wait that ctx has ended, or nil: it matches ctx.Err() and
// context.Cause(ctx).
func ctxError(ctx context.Context) error {
	if s, ok := ctx.(*scope); ok && s.calm() {
		return nil
	}
	return surelyCtxError(ctx)
}

// surelyCtxError is ctxError, for a context that may be done.
func surelyCtxError(ctx context.Context) error {
	if s, ok := ctx.(*scope); ok {
		if s.stillCalm() {
			return nil
		}
		if c := s.cancelled(); c != nil {
			return c
		}
		return nil
	}
	needContext(ctx)
	if err := ctx.Err(); err != nil {
		return &cancellation{err: err, cause: causeOf(ctx)}
	}
	return nil
}

// FromContext returns the guest of ctx: the guest of the innermost task or scope that ctx
// derives from. Any goroutine.
func FromContext(ctx context.Context) (*Guest, bool) {
	if s := scopeOf(ctx); s != nil {
		return s.g, true
	}
	return nil, false
}
