package guest

import "context"

// OnDone registers fn to be called with the result of the future. fn runs on the UI thread of
// the guest of ctx (found as in RunOnMain), outside any task. Callbacks that were registered
// before the future is settled run in their order. They never run at once, even if the future is
// settled already. Any
// goroutine. Never waits.
//
// If ctx is done before fn can run, or the guest has ended, fn is not called, since its window is
// gone. fn must not wait. A panic in fn goes to Options.OnError, or the log, and does no other
// harm. OnDone's error is ErrNoGuest or ErrFinished. In a task, use Wait instead.
func (f *Future[T]) OnDone(ctx context.Context, fn func(v T, err error)) error {
	needFunc(fn == nil, "OnDone")
	f.made("OnDone")
	g := resolve(ctx)
	switch {
	case g == nil:
		return ErrNoGuest
	case g.life.is(closing):
		return g.tooLate()
	}
	f.end.observe()
	deliver := func() bool {
		_ = g.post(func() {
			if ctx.Err() == nil {
				fn(f.value, f.end.result())
			}
		})
		return true
	}
	if !f.end.hook(&hook{deliver, ctx}) {
		deliver()
	}
	return nil
}

// Chain settles to with the result of the future: its value, its error, or its cancellation. If
// to is settled already, Chain has no effect. Any goroutine. Never waits. It panics if NewFuture
// has not made to.
//
// A cancellation of to is not passed back, since others may wait for the future;
// to.OnCancel(ctx, f.Cancel) does so.
func (f *Future[T]) Chain(to *Future[T]) {
	f.made("Chain")
	to.mine("Chain")
	pass := func() bool {
		taken := to.settle(f.value, f.end.peek())
		if taken {
			f.end.observe() // from now on the error belongs to to
		}
		return taken
	}
	if !f.end.hook(&hook{fn: pass}) {
		pass()
	}
}
