package loops

import (
	"context"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/internal/bridge"
)

// A Loop is a handle to submit work to a loop. Lookup, Get and Manager.Loop return one. Any
// goroutine.
type Loop struct {
	m    *Manager
	kind string // of the work submitted through this handle
}

// ID returns the loop's name.
func (l *Loop) ID() string { return l.m.id }

// Kind returns the kind of work that the loop takes, or "" if it takes all.
func (l *Loop) Kind() string { return l.m.opts.kind() }

// For returns a handle that submits work of the given kind. Never waits.
func (l *Loop) For(kind string) *Loop { return &Loop{l.m, kind} }

// Done returns a channel that is closed when the loop has ended and the registry has forgotten
// it.
func (l *Loop) Done() <-chan struct{} { return l.m.ended.Done() }

// String returns the loop's name.
func (l *Loop) String() string { return l.m.id }

// takes returns the error that a submission through this handle gets, or nil.
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

// Submit starts fn as a task of the loop, with the values and the cancellation of ctx. It
// returns a future; Wait for its result. Any goroutine. Never waits.
//
// A protected loop refuses work of a different kind with an *UnknownKindError. A loop that has
// ended refuses all work with guest.ErrFinished. Refused work never runs. An accepted fn always
// does.
func Submit[T any](ctx context.Context, l *Loop, fn func(ctx context.Context) (T, error)) *guest.Future[T] {
	if fn == nil {
		panic("loops: Submit called with a nil function; pass the function to run")
	}
	if l == nil {
		panic("loops: Submit called with a nil loop; check the error of Lookup or Get first")
	}
	if err := l.takes(); err != nil {
		f := guest.NewFuture[T]()
		f.Reject(err)
		return f
	}
	return guest.Async(bridge.In(ctx, l.m.guest), fn)
}
