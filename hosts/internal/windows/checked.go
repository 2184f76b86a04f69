package windows

import (
	"context"
	"errors"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/inspect"
	"github.com/golodger/lodger/hosts/internal/events"
)

// A Press is an action of the user in a dialog.
type Press int

// The presses.
const (
	Confirm Press = iota
	Dismiss       // and everything else that closes the dialog
	Gone          // the window was closed, and the dialog with it
)

// A CheckedDialog is a dialog that checks the user's input before it closes. The waiting task
// calls its functions.
type CheckedDialog struct {
	Presses *events.Listener[Press]
	// Checking shows that a check has begun or ended. During a check the user can't enter or
	// confirm anything, but can dismiss the dialog.
	Checking func(on bool)
	// Problem shows why the dialog stays open; nil removes that.
	Problem func(err error)
}

// Checked waits until the user has confirmed and check, if not nil, returns nil, or until the
// user has dismissed the dialog. If the user dismisses it during a check, the check is
// cancelled. Checked returns whether the dialog was confirmed. In a task. Waits.
//
// If check returns an error, the dialog shows it and stays. Checked returns the error instead
// if check panics, or if the error says that the loop has ended. If the window is gone, the
// error is guest.ErrWindowClosed.
func Checked(ctx context.Context, d CheckedDialog, check func(ctx context.Context) error) (bool, error) {
	for {
		press, err := d.Presses.Next(ctx)
		var problem error
		if err == nil && press == Confirm && check != nil {
			d.Problem(nil)
			d.Checking(true)
			press, problem, err = d.run(ctx, check)
			d.Checking(false)
		}
		panicked := (*guest.PanicError)(nil)
		switch {
		case err != nil:
			return false, err
		case problem != nil && (ctx.Err() != nil || errors.Is(problem, guest.ErrHostGone) || errors.As(problem, &panicked)):
			return false, problem
		case press == Gone:
			return false, guest.ErrWindowClosed
		case problem == nil:
			return press == Confirm, nil
		}
		d.Problem(problem)
	}
}

// run runs check, and listens for other presses meanwhile. Whichever comes first ends the other.
// problem is the error of check, and err the reason why run could not go on. A press counts if it
// comes in the same moment.
func (d CheckedDialog) run(ctx context.Context, check func(ctx context.Context) error) (press Press, problem, err error) {
	err = guest.Supervise(ctx, func(ctx context.Context) error {
		verdict := guest.Async(inspect.NamedAfter(ctx, check), func(ctx context.Context) (Press, error) { return Confirm, check(ctx) })
		ended := guest.Async(ctx, func(ctx context.Context) (Press, error) {
			for {
				if press, err := d.Presses.Next(ctx); err != nil || press != Confirm {
					return press, err
				}
			}
		})
		defer verdict.Cancel(nil)
		defer ended.Cancel(nil)
		for f, err := range guest.AsCompleted(ctx, verdict, ended) {
			if err != nil {
				return err
			}
			if f == verdict {
				_, problem = f.Wait(ctx)
				panicked := (*guest.PanicError)(nil)
				if p, ok, err := ended.Result(); ok && err == nil && !errors.As(problem, &panicked) {
					press, problem = p, nil
				}
				return nil
			}
			press, err = f.Wait(ctx)
			return err
		}
		return nil
	})
	return press, problem, err
}
