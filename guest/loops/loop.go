package loops

import (
	"context"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/internal/bridge"
)

// A Loop is a loop that may be submitted to. Any goroutine may use it.
type Loop struct {
	m    *Manager
	kind string // of what is submitted through this handle
}

// ID returns the loop's name.
func (l *Loop) ID() string { return l.m.id }

// Kind returns the kind that the loop is protected for, or "".
func (l *Loop) Kind() string { return l.m.opts.kind() }

// For returns a handle whose submissions are of that kind. Never waits.
func (l *Loop) For(kind string) *Loop { return &Loop{l.m, kind} }

// Done returns a channel that is closed when the loop has ended and is forgotten.
func (l *Loop) Done() <-chan struct{} { return l.m.ended.Done() }

// String returns the loop's name.
func (l *Loop) String() string { return l.m.id }

// takes returns the error of a submission through this handle, or nil.
func (l *Loop) takes() error {
	registry.Lock()
	defer registry.Unlock()
	switch expected := l.Kind(); {
	case !l.m.started:
		return ErrNotStarted
	case expected != "" && expected != l.kind:
		return &UnknownKindError{l.kind, expected}
	}
	return nil
}

// Submit starts fn as a task of the loop, with the values and the cancellation of ctx, and
// returns its result to come: Wait for it. Any goroutine.
// Never waits.
//
// A protected loop refuses another kind than its own with an *UnknownKindError, and a loop that
// has ended all with guest.ErrFinished: then fn never runs. An accepted fn always does.
func Submit[T any](ctx context.Context, l *Loop, fn func(ctx context.Context) (T, error)) *guest.Future[T] {
	if fn == nil {
		panic("loops: Submit called with a nil function; pass the function to run")
	}
	if l == nil {
		panic("loops: Submit called without a loop; look at the error of Lookup or Get first")
	}
	if err := l.takes(); err != nil {
		f := guest.NewFuture[T]()
		f.Reject(err)
		return f
	}
	return guest.Async(bridge.In(ctx, l.m.guest), fn)
}
