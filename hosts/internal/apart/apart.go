// Package apart keeps failures apart where the user of a toolkit expects it: one handler that
// fails ends neither the program nor its window. It is what the toolkits' Run and WithWindow
// have in common.
package apart

import (
	"context"

	"github.com/golodger/lodger/guest"
)

// Main returns main, run in a supervised scope: the failure of a task that main or a handler has
// started goes to Options.OnError, and cancels nothing. A nil main stays nil.
func Main(main func(ctx context.Context) error) func(ctx context.Context) error {
	if main == nil {
		return nil
	}
	return func(ctx context.Context) error { return guest.Supervise(ctx, main) }
}

// Window runs fn as a task that ends with a window, in a supervised scope, and returns when fn
// and all tasks that it has started have ended. In a task. Waits. bind asks for closed to be
// called when the window is closed; unbind takes that back.
//
// An answer of fn to the closing is an error that matches guest.ErrWindowClosed. Anything else
// that fn returns comes back as it is: a failure in spite of the closing, and nil, although its
// task was cancelled.
func Window(ctx context.Context, fn func(ctx context.Context) error, bind func(closed func()) (unbind func())) error {
	closed, done := false, false // done: fn has returned nil
	err := guest.Supervise(ctx, func(ctx context.Context) error {
		t := guest.Go(ctx, func(ctx context.Context) error {
			// the tasks of fn have this scope, for the task's own would not keep them apart
			return guest.Supervise(ctx, func(ctx context.Context) error {
				err := fn(ctx)
				done = err == nil
				return err
			})
		})
		defer bind(func() { closed = true; t.Cancel(guest.ErrWindowClosed) })()
		return t.Wait(context.WithoutCancel(ctx)) // ctx cancels t, and t's answer counts
	})
	if closed && done && ctx.Err() == nil {
		return nil
	}
	return err
}
