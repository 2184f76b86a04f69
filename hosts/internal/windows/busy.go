package windows

import (
	"context"
	"errors"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/flow"
	"github.com/golodger/lodger/guest/inspect"
)

// A BusyDialog is what a toolkit shows while work goes on. All is called in the task that waits.
type BusyDialog struct {
	// Show shows the dialog. It keeps stop, to call it on the UI thread when the user presses
	// Cancel, with nil, or when the window is closed under it, with the cause. It returns how to
	// take the dialog away, which is called once.
	Show func(stop func(cause error)) (hide func())
	// Report shows how far the work is: done is 0 to 1, or negative where that is not known.
	// Outside any task.
	Report func(done float64, text string)
	// Fail shows an error until the user has taken note of it.
	Fail func(ctx context.Context, problem error) error
}

// errStopped is the cause of the cancellation by the Cancel button.
var errStopped = errors.New("the user has cancelled the work")

// Busy runs work off the UI thread while d is shown, and returns its result, and whether it came
// to its end. A failure is shown, and is no error of Busy's. In a task. Waits.
//
// When ctx is done, or the window is closed, the error says so. An error that says more than
// that the work was cancelled is shown also after a Cancel; a panic is returned as it is.
func Busy[T any](ctx context.Context, d BusyDialog, work func(ctx context.Context, report func(done float64, text string)) (T, error)) (v T, ok bool, err error) {
	v, stopped, err := busy(ctx, d, work)
	panicked := (*guest.PanicError)(nil)
	switch {
	case err == nil:
		return v, true, nil
	case errors.As(err, &panicked):
		return v, false, err
	case ctx.Err() != nil && guest.Cancelled(err):
		return v, false, guest.Yield(ctx) // which says why, also if the Cancel button came first
	case stopped == guest.ErrWindowClosed && guest.Cancelled(err):
		return v, false, stopped
	case stopped == guest.ErrWindowClosed || ctx.Err() != nil: // there is no screen to show it on
		return v, false, err
	case stopped != nil && guest.Cancelled(err):
		return v, false, nil
	}
	return v, false, d.Fail(ctx, err)
}

// busy is Busy without what becomes of an error; stopped is why the dialog has ended the work.
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
