package guest

import (
	"context"
	"fmt"
	"reflect"
)

// A Future is a value or an error that comes later. It is settled once, from any goroutine. Any
// number of tasks and goroutines may wait for it. Async makes a future that a task settles.
// NewFuture makes a future that you settle.
//
// If you settle a future with an error and no code observes it, the error is logged once when
// the future is garbage, with the place where the future was made. If the future was made on a
// guest's UI thread, that guest reports the error in its next turn, to Options.OnError or its
// log. Calling Wait, Result, Done or OnDone, or chaining the future, counts as observing it. An
// error that refers to its future keeps the future alive, and so is never reported. An error
// that only says that work was cancelled ([Cancelled]) is not a failure.
type Future[T any] struct {
	end     *completion
	task    *Task    // settles it; or
	promise *promise // if other code settles it
	value   T
}

// NewFuture returns a future that waits for Resolve or Reject. It belongs to no guest. Any
// goroutine.
func NewFuture[T any]() *Future[T] { return newFuture[T](markedGuest()) }

// newFuture makes a future. g, if not nil, reports its lost error.
func newFuture[T any](g *Guest) *Future[T] {
	f := &struct {
		Future[T]
		end     completion
		promise promise
	}{}
	f.Future.end, f.Future.promise = &f.end, &f.promise
	f.promise.g = g
	f.promise.made.here()
	return &f.Future
}

// Async starts fn as a task of the innermost scope of ctx, as Go does, and returns a future for
// its result. Any goroutine. Never waits.
//
// An error of fn belongs to the future and cancels no task. If no code has observed it with
// Wait, Result, Done or OnDone when the scope joins, it becomes the scope's. A panic goes to
// both, unless the scope is supervised. If the scope has ended already, the future is settled
// with ErrFinished.
func Async[T any](ctx context.Context, fn func(ctx context.Context) (T, error)) *Future[T] {
	needFunc(fn == nil, "Async")
	a := newAsync(fn)
	a.task.async = true
	a.task.spawn(home(ctx, "Async"))
	return &a.future
}

// An asyncTask is a task, its future and the function between them, in one allocation.
type asyncTask[T any] struct {
	task   Task
	future Future[T]
	fn     func(ctx context.Context) (T, error)
}

func newAsync[T any](fn func(ctx context.Context) (T, error)) *asyncTask[T] {
	a := &asyncTask[T]{fn: fn}
	a.task.body = a
	a.future.end, a.future.task = &a.task.end, &a.task
	return a
}

func (a *asyncTask[T]) run(ctx context.Context) (err error) {
	a.future.value, err = a.fn(ctx)
	return err
}

func (a *asyncTask[T]) pc() uintptr { return reflect.ValueOf(a.fn).Pointer() }

// Resolve settles the future with a value; false if it was settled already. Any goroutine.
// Never waits. A future that NewFuture has not made is settled by its work alone: Resolve panics.
func (f *Future[T]) Resolve(v T) bool {
	f.mine("Resolve")
	return f.settle(v, nil)
}

// Reject settles the future with an error; false if it was settled already. Any goroutine.
// Never waits. It panics if err is nil, or a nil pointer, and on a future that NewFuture has not
// made.
func (f *Future[T]) Reject(err error) bool {
	f.mine("Reject")
	if err == nil {
		panic("guest: Reject called with a nil error; use Resolve")
	}
	if isNilPointer(err) {
		panic(fmt.Sprintf("guest: Reject called with a nil %T in an error; use Resolve", err))
	}
	err = soundMethods(err)
	var zero T
	return f.settle(zero, err)
}

// settle settles a future that has a promise.
func (f *Future[T]) settle(v T, err error) bool {
	return f.end.settle(err, func() {
		f.value = v
		if p := f.promise; p.close(err) && !f.end.heeds(err) {
			f.end.keepLost(&lostError{err: err, g: p.g, made: p.made})
		}
	})
}

// made returns the future's completion. It panics for a nil or zero Future.
func (f *Future[T]) made(verb string) *completion {
	if f == nil || f.end == nil {
		panic("guest: " + verb + " called on a zero Future; make one with NewFuture")
	}
	return f.end
}

// mine panics if a task or a function of Submit settles the future.
func (f *Future[T]) mine(verb string) {
	f.made(verb)
	switch {
	case f.promise == nil:
		panic("guest: " + verb + " called on a future of Async, which its task settles; make one with NewFuture")
	case f.promise.taken:
		panic("guest: " + verb + " called on a future of Submit, which its function settles; make one with NewFuture")
	}
}

// Done returns a channel that is closed when the future is settled. Any goroutine. Calling Done
// counts as observing the result.
func (f *Future[T]) Done() <-chan struct{} { return f.made("Done").channel() }

// Wait waits until the future is settled, and returns its value and error. In a task it parks;
// elsewhere it blocks the calling goroutine. On a UI thread outside a task it returns an error
// that wraps ErrWouldDeadlock, even if the future is settled. It returns the same error if the
// future's task waits for the caller. When ctx is done, the error is that of ctx. If the future
// is settled nevertheless, its value and its error come with it.
func (f *Future[T]) Wait(ctx context.Context) (T, error) {
	end := f.made("Wait")
	here, err := waiting(ctx, "Wait")
	if err != nil {
		var zero T
		return zero, err
	}
	return f.outcome(waitHere(ctx, here, end, f.task))
}

// Result returns the future's value and error; ok is false while the future is not settled. Any
// goroutine. Never waits.
func (f *Future[T]) Result() (v T, ok bool, err error) {
	if end := f.made("Result"); !end.isSettled() {
		return v, false, nil
	}
	return f.value, true, f.end.result()
}

// outcome returns the result of a wait that has returned why. If the future is settled
// nevertheless, its value comes with the error.
func (f *Future[T]) outcome(why error) (T, error) {
	if why != nil && !f.end.isSettled() {
		var zero T
		return zero, why
	}
	return f.value, outcome(why, f.end)
}

// Future returns a future without a value that is settled when the task ends. Use it with All,
// First, Chain and OnDone. Any goroutine. Never waits.
func (t *Task) Future() *Future[struct{}] { return &Future[struct{}]{end: &t.end, task: t} }
