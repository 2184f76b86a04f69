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
// start is called at once, where the caller is. It keeps answer, to call it once, on any
// goroutine; later answers are dropped. It returns how to take the question back: cancel, if
// not nil, is called where the caller is when ctx is done before there is an answer, unless the
// host has gone by then. If ctx is done already, start is not called. An answer that came
// nevertheless comes with the error.
//
// The idea is Kotlin's suspendCancellableCoroutine.
func Await[T any](ctx context.Context, start func(answer func(T)) (cancel func())) (T, error) {
	needFunc(start == nil, "Await")
	f := NewFuture[T]()
	if _, err := surelyWaiting(ctx, "Await"); err != nil {
		return f.value, err
	}
	if ctx.Err() != nil {
		return f.Wait(ctx) // which says why
	}
	cancel := start(func(v T) { f.Resolve(v) })
	v, err := f.Wait(ctx)
	if err != nil && cancel != nil && !f.end.settled.Load() && !errors.Is(err, ErrHostGone) {
		cancel()
	}
	return v, err
}
