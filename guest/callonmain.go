package guest

import (
	"context"

	"github.com/golodger/lodger/host"
)

// CallOnMain runs fn as a task on the UI thread and blocks the calling goroutine until it has
// returned; inside a task of the same guest it simply calls fn, with ctx, or, if ctx names no
// guest, with the task's context that has ctx's values and cancellation besides. Not on the UI
// thread outside a task: ErrWouldDeadlock. The guest is found as in RunOnMain.
//
// When ctx is done before fn has begun, the call is withdrawn and fn never runs; later, fn's
// context is cancelled and the call still waits for it to return. A panic in fn is returned as
// a *PanicError.
func CallOnMain[T any](ctx context.Context, fn func(ctx context.Context) (T, error)) (T, error) {
	needFunc(fn == nil, "CallOnMain")
	var zero T
	g := resolve(ctx)
	if g == nil {
		return zero, ErrNoGuest
	}
	thread := host.CurrentThread()
	here := runningOn(thread)
	if here != nil && here.scope.g == g {
		surelyRunning("CallOnMain") // and not in a callback from C
		if err := here.mayWait(ctx); err != nil {
			return zero, err
		}
		if scopeOf(ctx) != nil {
			return fn(ctx)
		}
		lent, done := here.lendScope(ctx)
		defer done()
		return fn(lent)
	}
	if here == nil && g.place.OnThreadIs(thread) {
		return zero, ErrWouldDeadlock
	}
	if err := ctxError(ctx); err != nil {
		return zero, err
	}
	parent := g.parentFor(ctx)
	a := newAsync(fn)
	t := &a.task
	t.private = true
	t.body = &withdrawable{t, a}
	if here == nil {
		t.scope.g = g
		forget, err := noteWait(ctx, t) // before fn can wait for the caller
		if err != nil {
			return zero, err
		}
		defer forget()
		defer lendPlace(ctx)()
		// now, so that nothing is left to do but to wait: the UI thread may be quick
		t.end.channel()
	}
	t.spawn(ctx, parent)
	var err error
	if here != nil {
		err = here.await(ctx, &t.end, nil) // a task of another guest calls
	} else {
		err = waitDone(ctx, &t.end)
	}
	if err != nil {
		if t.begun.take() {
			return zero, err // withdrawn
		}
		t.Cancel(context.Cause(ctx))
		if here != nil {
			if err := here.await(forever, &t.end, nil); err != nil {
				return zero, err
			}
		} else {
			<-t.end.channel()
		}
	}
	return a.future.value, t.end.result()
}

// lendScope returns the running task's context, with the values and the cancellation of ctx,
// which no guest made, besides its own.
func (t *Task) lendScope(ctx context.Context) (lent context.Context, done func()) {
	lent = &valuesCtx{&t.scope, ctx}
	if ctx.Done() == nil {
		return lent, func() {}
	}
	lent, cancel := context.WithCancelCause(lent)
	stop := context.AfterFunc(ctx, func() { cancel(context.Cause(ctx)) })
	return lent, func() { stop(); cancel(nil) }
}

// A valuesCtx is a context with the values of another before its own.
type valuesCtx struct {
	context.Context
	values context.Context
}

// Value looks up both; whose cancellation it is, only its own knows.
func (c *valuesCtx) Value(key any) any {
	if key != cancelKey {
		if v := c.values.Value(key); v != nil {
			return v
		}
	}
	return c.Context.Value(key)
}

// A withdrawable body does nothing if its caller has gone before it began.
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
