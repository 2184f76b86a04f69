package guest

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"runtime/debug"
	"slices"

	"github.com/golodger/lodger/internal/stacks"
)

var (
	// ErrFinished: the guest, or the scope that would have owned the work, has ended; the work
	// was not accepted. It is also the cause with which the guest cancels what is left when main
	// has ended. Then the error matches context.Canceled, too, and the work may have run.
	ErrFinished = errors.New("guest: finished; the guest or the scope has ended and takes no more work")

	// ErrHostGone: the host's loop ended before the guest did, so the guest was unwound after it.
	ErrHostGone = errors.New("guest: the host's loop has ended")

	// errHostBusy: the host value has, or had, a guest. Make a new host value for every guest.
	errHostBusy = errors.New("guest: this host value already served a guest; make a new host for every guest")

	// ErrNoGuest: there is no guest in the context, and none lives in the process.
	ErrNoGuest = errors.New("guest: no guest in this context, and none lives in the process; start one with Run or Start, " +
		"or pass a context from a guest")

	// ErrWouldDeadlock: the wait was refused because it would hold the host's own thread, or
	// could never end: a blocking wait on that thread, or a wait for something that waits for the
	// caller.
	ErrWouldDeadlock = errors.New("guest: this wait would freeze the window, or never end; on the UI thread wait in a task (Go), " +
		"and never wait for something that waits for the caller")

	// errAbandoned: the background function ignored its cancellation, and the guest's end no
	// longer waits for it.
	errAbandoned = errors.New("guest: background function abandoned; it did not return when its context was cancelled")

	// ErrNotBegun: the function has never run, since its context was done before it began.
	ErrNotBegun = errors.New("guest: the function has not begun, and never will")

	// ErrQuit is the cause of a cancellation that the user requested, for example by closing
	// the window.
	ErrQuit = errors.New("guest: quit")

	// ErrWindowClosed: the window that the work was for has been closed. It is the cause that
	// cancels a window's tasks, and the error that dialogs of a closed window return.
	ErrWindowClosed = errors.New("guest: the window was closed")

	// ErrGoexit: the function called runtime.Goexit, as testing's FailNow does.
	ErrGoexit = errors.New("guest: the function called runtime.Goexit (as t.FailNow and require do)")
)

// A PanicError is a panic in a task or in a function that the guest called, with the stack of
// the panic.
type PanicError struct {
	Value any    // what was passed to panic
	Stack []byte // the stack of the panicking goroutine, as debug.Stack formats it
}

// Error returns the value and the stack, without the arguments of its calls. So a program that
// only prints its error shows where it went wrong.
func (e *PanicError) Error() string {
	return fmt.Sprintf("guest: panic: %v\n\n%s", e.Value, stacks.Plain(string(e.Stack)))
}

// Unwrap returns the panic's value if it is an error. It returns nil if that is a nil pointer, or
// if its methods panic.
func (e *PanicError) Unwrap() error {
	err, _ := e.Value.(error)
	if isNilPointer(err) || ask(err) != nil {
		return nil
	}
	return err
}

// newPanicError must be called in the deferred function that recovered v, while the panicking
// frames are still on the stack.
func newPanicError(v any) *PanicError {
	return &PanicError{Value: v, Stack: debug.Stack()}
}

// protect calls fn and turns a panic into a *PanicError. On a Goexit it calls exit, and the
// Goexit goes on.
func protect(fn func() error, exit func()) (err error) {
	returned := false
	defer func() {
		if returned {
			return
		}
		if v := recover(); v != nil {
			err = newPanicError(v)
		} else if exit != nil {
			exit()
		}
	}()
	err = fn()
	returned = true
	return sound(err)
}

// sound returns err, the result of a function, or what replaces it if it is a nil pointer in an
// error, or if its methods panic. The guest asks errors on the UI thread what they wrap, and the
// methods of most types can't take a nil pointer.
func sound(err error) error {
	if c, ok := err.(*cancellation); ok && c != nil {
		return err // nearly always
	}
	if isNilPointer(err) {
		return fmt.Errorf("guest: the function returned a nil %T in an error, and that is an error; return nil", err)
	}
	return soundMethods(err)
}

// soundCause is sound for the cause that Cancel got.
func soundCause(cause error) error { return soundMethods(notNilPointer(cause)) }

// causeOf is context.Cause(ctx), or what replaces it if it is a nil pointer in an error. It costs
// little, since each wait that ends may ask.
func causeOf(ctx context.Context) error { return notNilPointer(context.Cause(ctx)) }

func notNilPointer(cause error) error {
	if isNilPointer(cause) {
		return fmt.Errorf("guest: cancelled with a nil %T in an error, and that is an error; pass nil", cause)
	}
	return cause
}

func soundMethods(err error) error {
	if p := ask(err); p != nil {
		return p
	}
	return err
}

// ask calls the methods that packages errors and guest call. It returns the panic of one of them,
// which counts as a panic of the code that has made the error.
func ask(err error) error {
	switch err.(type) {
	case *cancellation: // sound by itself
	case interface{ Unwrap() error }, interface{ Unwrap() []error }, interface{ Is(error) bool }, interface{ As(any) bool }:
		return catch(func() { _ = isPanic(err) || errors.Is(err, errAbandoned) })
	}
	return nil
}

func isNilPointer(v any) bool {
	if v == nil {
		return false
	}
	r := reflect.ValueOf(v)
	return r.Kind() == reflect.Pointer && r.IsNil()
}

// catch calls fn and turns a panic into a *PanicError. A Goexit goes on.
func catch(fn func()) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = newPanicError(v)
		}
	}()
	fn()
	return nil
}

// A cancellation says why a scope was cancelled. It is also the error that waits return: it
// matches ctx.Err() and context.Cause(ctx). If the cancelled work has returned an error, the
// cancellation wraps that, too.
type cancellation struct {
	err    error // context.Canceled or context.DeadlineExceeded
	cause  error
	said   error // the error of the work; nil: only one of the above
	failed bool  // said is a failure, not an answer to the cancellation
}

// newCancellation returns the cancellation with a cause of the program's; nil means
// context.Canceled.
func newCancellation(cause error) *cancellation {
	if cause == nil {
		cause = context.Canceled
	}
	return &cancellation{err: context.Canceled, cause: soundCause(cause)}
}

func (c *cancellation) Error() string {
	text := c.err.Error()
	if c.cause != nil && c.cause != c.err {
		text += ": " + c.cause.Error()
	}
	if c.said != nil {
		text = c.said.Error() + " (" + text + ")"
	}
	return text
}

// Unwrap returns all parts, for errors.Is and errors.As.
func (c *cancellation) Unwrap() []error {
	parts := make([]error, 0, 3)
	for _, err := range []error{c.err, c.cause, c.said} {
		if err != nil {
			parts = append(parts, err)
		}
	}
	return parts
}

// matches reports whether err is an answer to c and says nothing else. An answer is the
// cancellation itself or one of its halves, perhaps with a text around it. In a list of errors,
// all must be answers: an error that is joined to an answer is a failure. A panic is a failure,
// too, unless it is the cause itself. A closed window is not a failure, so it answers any
// cancellation: at a quit, some tasks learn of their window first.
func (c *cancellation) matches(err error) bool {
	if c.repeatedBy(err) {
		return true
	}
	if p := panicIn(err); p != nil && p != panicIn(c.cause) {
		return false // even if its value is such an error
	}
	for ; err != nil; err = errors.Unwrap(err) {
		if err == error(c) || c.isHalf(err) {
			return true
		}
		switch e := err.(type) {
		case *cancellation:
			return !e.failed && (errors.Is(e, c.err) || is(e, c.cause) || isWindowClosed(e))
		case interface{ Unwrap() []error }:
			return all(e, c.matches)
		}
		if more := errors.Unwrap(err); more == nil {
			return c.saysItIs(err)
		}
	}
	return false
}

// repeatedBy reports whether err is a cancellation for the same reasons that says nothing else,
// as nearly all answers are. It costs little: errors.Is and errors.As allocate, and need more
// stack than a parked task has.
func (c *cancellation) repeatedBy(err error) bool {
	own, ok := err.(*cancellation)
	return ok && own.said == nil && (own == c || same(own.err, c.err) && same(own.cause, c.cause))
}

// all reports whether is holds for each error of a list.
func all(list interface{ Unwrap() []error }, is func(error) bool) bool {
	errs := list.Unwrap()
	return len(errs) > 0 && !slices.ContainsFunc(errs, func(err error) bool { return !is(err) })
}

// isHalf reports whether err itself, not an error that it wraps, is an answer to c.
func (c *cancellation) isHalf(err error) bool {
	for _, half := range []error{c.err, c.cause, ErrWindowClosed, ErrNotBegun} {
		if same(err, half) {
			return true
		}
	}
	return false
}

// saysItIs reports whether err, which wraps nothing, claims to be an answer to c.
func (c *cancellation) saysItIs(err error) bool {
	is, ok := err.(interface{ Is(target error) bool })
	return ok && (is.Is(c.err) || c.cause != nil && is.Is(c.cause))
}

// with returns c together with the work's error: an answer to c, or a failure in spite of it.
func (c *cancellation) with(said error) *cancellation {
	own, ok := said.(*cancellation)
	switch {
	case ok && c.repeatedBy(own): // nearly always
		return own
	case said == nil || same(said, c.err) || same(said, c.cause):
		return c
	case ok && errors.Is(own, c.err) && (c.cause == nil || is(own, c.cause)):
		return own
	}
	return &cancellation{err: c.err, cause: c.cause, said: said, failed: !c.matches(said)}
}

// same reports whether a and b are the same error. The program's errors may not be comparable.
func same(a, b error) bool {
	return reflect.TypeOf(a) == reflect.TypeOf(b) && (a == nil || reflect.ValueOf(a).Comparable()) && a == b
}

// is is errors.Is for a target that may not be comparable, although its type is; or nil.
func is(err, target error) bool {
	return target != nil && reflect.ValueOf(target).Comparable() && errors.Is(err, target)
}

// isFailedCancellation reports whether err is, or wraps, a failure in spite of a cancellation.
// That failure has been logged, and stays a failure on its way up.
func isFailedCancellation(err error) bool {
	switch e := err.(type) {
	case nil:
		return false
	case *cancellation:
		return e.failed || isFailedCancellation(e.said)
	case interface{ Unwrap() []error }:
		return slices.ContainsFunc(e.Unwrap(), isFailedCancellation)
	}
	return isFailedCancellation(errors.Unwrap(err))
}

// answered returns c for work that has returned no failure.
func (c *cancellation) answered() *cancellation {
	c.failed = false
	return c
}

// IsQuit reports whether err says only that the guest was asked to quit (ErrQuit), that its
// host's loop has ended (ErrHostGone), or that a window was closed (ErrWindowClosed). Such
// errors come from waits and from cancelled functions. Closing a window is not a failure, so a
// program whose main returns such an error has succeeded. If something fails after the
// cancellation, such as a save, that is a failure, even if its error is joined to a
// cancellation error. Any goroutine.
func IsQuit(err error) bool {
	return saysOnly(err, func(e error) bool {
		c, ok := e.(*cancellation)
		return same(e, ErrQuit) || same(e, ErrHostGone) ||
			ok && !c.failed && IsQuit(c.cause)
	}) || isWindowClosed(err)
}

// Cancelled reports whether err says only that work was cancelled, for any reason:
// context.Canceled or ErrWindowClosed, bare or with a text around it. It returns false for a
// time-out, a failure after the cancellation, a panic, or a list with any other error. Any
// goroutine. Never waits.
//
// To say nothing when your own work was cancelled, look at ctx.Err() instead. That also covers
// cancelled work that fails late with an error of its own:
//
//	hits, err := guest.Background(ctx, query)
//	if ctx.Err() != nil {
//		return ctx.Err()
//	}
//
// Use Cancelled where you have only the error, and not the ctx of the work: for the error of
// another task, or in an observer.
//
//	if err := search.Wait(ctx); err != nil && !guest.Cancelled(err) {
//		showError(err)
//	}
func Cancelled(err error) bool {
	return saysOnly(err, func(e error) bool {
		c, ok := e.(*cancellation)
		return same(e, context.Canceled) || ok && !c.failed && c.err == context.Canceled
	}) || isWindowClosed(err)
}

// isWindowClosed reports whether err says that a window was closed, and nothing else: it is
// ErrWindowClosed, the answer to a cancellation with that cause, or one of these with a text
// around it.
func isWindowClosed(err error) bool {
	return saysOnly(err, func(e error) bool {
		c, ok := e.(*cancellation)
		return same(e, ErrWindowClosed) || ok && !c.failed && isWindowClosed(c.cause)
	})
}

// saysOnly reports whether is holds for err, or for the error that err wraps with only a text
// around it. In a list of errors, it must hold for all but ErrNotBegun, which adds nothing to the
// reason.
func saysOnly(err error, is func(error) bool) bool {
	for ; err != nil; err = errors.Unwrap(err) {
		if is(err) {
			return true
		}
		switch e := err.(type) {
		case *cancellation, *PanicError:
			return false
		case interface{ Unwrap() []error }:
			said := false
			for _, err := range e.Unwrap() {
				switch {
				case same(err, ErrNotBegun):
				case saysOnly(err, is):
					said = true
				default:
					return false
				}
			}
			return said
		}
	}
	return false
}
