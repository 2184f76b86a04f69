package guest

import (
	"context"
	"reflect"

	"github.com/golodger/lodger/guest/internal/place"
)

// CallOnMain runs fn as a task on the UI thread, and waits until that task has ended: a goroutine
// blocks, and a task of another guest parks. Inside a task of the same guest it simply calls fn
// with ctx. If ctx names no guest,
// fn gets the task's context with the values and the cancellation of ctx added. On the UI
// thread outside a task CallOnMain returns ErrWouldDeadlock. The guest is found as in
// RunOnMain.
//
// When ctx is done before fn has begun, the call is withdrawn, fn never runs, and the error
// matches ErrNotBegun, too. When ctx is done later, fn's context is cancelled, and the call
// still waits for fn to return. Then CallOnMain returns the error of ctx, which wraps fn's own
// error, and fn's value. A panic in fn is returned as a *PanicError; in a task of the
// same guest it goes on.
func CallOnMain[T any](ctx context.Context, fn func(ctx context.Context) (T, error)) (T, error) {
	needFunc(fn == nil, "CallOnMain")
	var zero T
	g := resolve(ctx)
	if g == nil {
		return zero, ErrNoGuest
	}
	thread := place.CurrentThread()
	here := runningOn(thread)
	switch {
	case here != nil && here.scope.g == g:
		return callHere(ctx, here, fn)
	case here == nil:
		if on := guestAt(place.RunsOn(thread)); on != nil {
			_ = on.refuseOnUI("CallOnMain")
			return zero, ErrWouldDeadlock
		}
		if g.place.OnThreadIs(thread) { // but the loop does not run yet
			return zero, ErrWouldDeadlock
		}
	}
	if err := ctxError(ctx); err != nil {
		return zero, notBegun(err)
	}
	a := newAsync(fn)
	t := &a.task
	t.private = true
	t.body = &withdrawable{t, a}
	var err error
	if here != nil { // a task of another guest calls
		t.spawn(ctx, g.parentFor(ctx))
		err = withdrawOr(ctx, t, func(ctx context.Context) error { return here.await(ctx, &t.end, nil) })
	} else {
		err = callFromGoroutine(ctx, g, t)
	}
	if err != nil {
		return zero, err
	}
	return a.future.value, g.worked(ctx, t.pc(), t.end.result())
}

// callHere calls fn in the running task t of the called guest.
func callHere[T any](ctx context.Context, t *Task, fn func(ctx context.Context) (T, error)) (T, error) {
	surelyRunning("CallOnMain") // refuses a callback from C
	if err := t.mayWait(ctx); err != nil {
		var zero T
		return zero, notBegun(err)
	}
	lent, done := ctx, func() {}
	if scopeOf(ctx) == nil {
		lent, done = t.lendScope(ctx)
	}
	defer done()
	v, err := fn(lent)
	return v, t.scope.g.worked(ctx, reflect.ValueOf(fn).Pointer(), err)
}

// callFromGoroutine starts t in g and blocks the calling goroutine until t has ended. An error
// means that t never began, or that the wait was refused.
func callFromGoroutine(ctx context.Context, g *Guest, t *Task) error {
	t.scope.g = g
	forget, err := noteWait(ctx, t) // before fn can wait for the caller
	if err != nil {
		return err
	}
	defer forget()
	defer lendPlace(ctx)()
	// Made before the start, so that only the wait is left to do: the UI thread may be quick.
	t.end.channel()
	t.spawn(ctx, g.parentFor(ctx))
	return withdrawOr(ctx, t, func(ctx context.Context) error { return waitDone(ctx, &t.end) })
}

// withdrawOr waits until t has ended. If ctx is done before t has begun, t is withdrawn, and the
// error is that of ctx. If ctx is done later, t is cancelled, and withdrawOr waits for it.
func withdrawOr(ctx context.Context, t *Task, wait func(ctx context.Context) error) error {
	err := wait(ctx)
	if err == nil {
		return nil
	}
	if t.begun.take() {
		return notBegun(err)
	}
	t.Cancel(context.Cause(ctx))
	return wait(forever)
}

// lendScope returns the running task's context with the values and the cancellation of ctx
// added. ctx does not come from a guest.
func (t *Task) lendScope(ctx context.Context) (lent context.Context, done func()) {
	lent = &valuesCtx{&t.scope, ctx}
	if ctx.Done() == nil {
		return lent, func() {}
	}
	lent, cancel := context.WithCancelCause(lent)
	stop := context.AfterFunc(ctx, func() { cancel(context.Cause(ctx)) })
	return lent, func() { stop(); cancel(nil) }
}

// A valuesCtx is a context that looks up values in another context before its own.
type valuesCtx struct {
	context.Context
	values context.Context
}

// Value looks up both. The cancellation comes only from its own context.
func (c *valuesCtx) Value(key any) any {
	if key != cancelKey {
		if v := c.values.Value(key); v != nil {
			return v
		}
	}
	return c.Context.Value(key)
}

// A withdrawable body does nothing if its caller has gone before it begins.
type withdrawable struct {
	task *Task
	body body
}

func (w *withdrawable) run(ctx context.Context) error {
	if !w.task.begun.take() {
		return nil
	}
	return w.body.run(ctx)
}

func (w *withdrawable) pc() uintptr { return w.body.pc() }
