package fynehost

import (
	"context"
	"errors"

	"github.com/golodger/lodger/guest"
)

// Await turns anything that answers through a callback into a call that returns the answer. In
// a task. Waits.
//
// start is called at once; it shows a dialog, say, and keeps answer to call it once, on any
// goroutine. Later answers are dropped. start returns how to take the question back: cancel, if
// not nil, is called when ctx is done before there is an answer, unless the window system has
// gone by then. If ctx is done already, start is not called.
func Await[T any](ctx context.Context, start func(answer func(T)) (cancel func())) (T, error) {
	needTask("Await")
	f := guest.NewFuture[T]()
	return await(ctx, f, func() (cancel func()) { return start(func(v T) { f.Resolve(v) }) })
}

// await is [Await] for a future that start or others settle, also with an error. In a task.
func await[T any](ctx context.Context, f *guest.Future[T], start func() (cancel func())) (T, error) {
	if ctx.Err() != nil {
		return f.Wait(ctx)
	}
	cancel := start()
	v, err := f.Wait(ctx)
	if err != nil && cancel != nil && !errors.Is(err, guest.ErrHostGone) {
		cancel()
	}
	return v, err
}

// needTask refuses a call that waits before it shows or changes anything.
func needTask(verb string) {
	if _, ok := guest.CurrentTask(); !ok {
		panic("fynehost: " + verb + " called outside a task; in a handler start a task with Go, elsewhere use guest.CallOnMain")
	}
}
