// Package apart keeps failures apart where the user of a toolkit expects it: one handler that
// fails ends neither the program nor its window. It is what the toolkits' Run and WithWindow
// have in common.
package apart

import (
	"context"
	"errors"

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
// that fn returns comes back as it is: nil, and a failure in spite of the closing, which must
// not be taken for an answer.
func Window(ctx context.Context, fn func(ctx context.Context) error, bind func(closed func()) (unbind func())) error {
	w := &windowRun{fn: fn}
	err := guest.Supervise(ctx, func(ctx context.Context) error {
		t := guest.Go(ctx, w.run)
		defer bind(func() { w.closed = true; t.Cancel(guest.ErrWindowClosed) })()
		return t.Wait(context.WithoutCancel(ctx)) // ctx cancels t, and t's answer counts
	})
	if !w.closed || ctx.Err() != nil || guest.IsQuit(err) && w.said != nil {
		return err
	}
	return w.plain(err)
}

// A windowRun is one call of Window. UI thread only.
type windowRun struct {
	fn       func(ctx context.Context) error
	said     error // by fn
	returned bool
	closed   bool // the window, meanwhile
}

// run is the task. The scope inside it is for the tasks of fn, whose context has no other.
func (w *windowRun) run(ctx context.Context) error {
	return guest.Supervise(ctx, func(ctx context.Context) error {
		w.said = w.fn(ctx)
		w.returned = true
		return w.said
	})
}

// plain is what fn said, without the closing around it that is in err, the task's.
func (w *windowRun) plain(err error) error {
	if w.returned {
		return w.said
	}
	var p *guest.PanicError
	if errors.As(err, &p) {
		return p
	}
	return err
}
