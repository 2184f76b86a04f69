package guest

import (
	"context"
	"errors"
)

// Await turns anything that answers through a callback into a call that returns the answer: a
// dialog, a C library, an older API. In a task it parks; elsewhere it blocks the calling
// goroutine. On a UI thread outside a task the error wraps ErrWouldDeadlock, and start is not
// called.
//
//	yes, err := guest.Await(ctx, func(answer func(bool)) (cancel func()) {
//		d := dialog.NewConfirm(title, text, answer, w)
//		d.Show()
//		return d.Hide
//	})
//
// Await calls start at once, on the caller's goroutine. start arranges that answer is called
// once, on any goroutine; later answers are dropped. start returns cancel, a function that
// withdraws the question. If ctx is done before there is an answer, Await calls cancel on the
// caller's goroutine, unless cancel is nil or the host has gone by then. If an answer came
// nevertheless, Await returns it with the error. If ctx is done before Await is called, start is
// not called.
//
// The idea is Kotlin's suspendCancellableCoroutine.
func Await[T any](ctx context.Context, start func(answer func(T)) (cancel func())) (T, error) {
	needFunc(start == nil, "Await")
	f := NewFuture[T]()
	if _, err := surelyWaiting(ctx, "Await"); err != nil {
		return f.value, err
	}
	if ctx.Err() != nil {
		return f.Wait(ctx) // it returns the reason
	}
	cancel := start(func(v T) { f.Resolve(v) })
	v, err := f.Wait(ctx)
	switch {
	case err == nil:
	case !f.end.settle(err, nil): // not by a look: an answer may come at any moment
		return f.outcome(err)
	case cancel != nil && !errors.Is(err, ErrHostGone):
		cancel()
	}
	return v, err
}
