package windows

import (
	"context"
	"errors"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/flow"
	"github.com/golodger/lodger/guest/inspect"
)

// A BusyDialog is the dialog that a toolkit shows during work. The waiting task calls its
// functions.
type BusyDialog struct {
	// Show shows the dialog, and returns a function that removes it, which is called once. Show
	// keeps stop and calls it on the UI thread: with nil when the user presses Cancel, and with
	// the cause when the window closes during the dialog.
	Show func(stop func(cause error)) (hide func())
	// Report shows the progress: done is from 0 to 1, or negative if it is not known. It is
	// called outside all tasks.
	Report func(done float64, text string)
	// Fail shows an error until the user dismisses it.
	Fail func(ctx context.Context, problem error) error
}

// errStopped is the cause of the cancellation by the Cancel button.
var errStopped = errors.New("the user has cancelled the work")

// Busy runs work off the UI thread while d is shown. It returns work's result, and whether work
// succeeded without being cancelled. It shows a failure of work, and does not return it as its
// own error. In a task. Waits.
//
// If ctx is done or the window is closed, the error says so. Busy also shows an error after a
// Cancel, if it says more than that the work was cancelled. It returns a panic unchanged.
func Busy[T any](ctx context.Context, d BusyDialog, work func(ctx context.Context, report func(done float64, text string)) (T, error)) (v T, ok bool, err error) {
	v, stopped, err := busy(ctx, d, work)
	panicked := (*guest.PanicError)(nil)
	switch {
	case err == nil:
		return v, true, nil
	case errors.As(err, &panicked):
		return v, false, err
	case ctx.Err() != nil && guest.Cancelled(err):
		return v, false, guest.Yield(ctx) // it returns the reason, even if Cancel came first
	case stopped == guest.ErrWindowClosed && guest.Cancelled(err):
		return v, false, stopped
	case stopped == guest.ErrWindowClosed || ctx.Err() != nil: // no window can show it
		return v, false, err
	case stopped != nil && guest.Cancelled(err):
		return v, false, nil
	}
	return v, false, d.Fail(ctx, err)
}

// busy is Busy without the handling of errors. stopped is the reason why the dialog has ended
// the work.
func busy[T any](ctx context.Context, d BusyDialog, work func(context.Context, func(float64, string)) (T, error)) (v T, stopped, err error) {
	type step struct {
		done float64
		text string
	}
	own, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	hide := d.Show(func(cause error) {
		if cause == nil {
			cause = errStopped
		}
		if stopped != guest.ErrWindowClosed {
			stopped = cause
		}
		cancel(cause)
	})
	defer hide()
	v, err = guest.Background(inspect.NamedAfter(own, work), func(ctx context.Context) (T, error) {
		p := flow.NewProgress(ctx, func(s step) { d.Report(s.done, s.text) })
		return work(ctx, func(done float64, text string) { p.Report(step{done, text}) })
	})
	return v, stopped, err
}
