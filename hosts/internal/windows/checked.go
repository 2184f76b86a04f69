package windows

import (
	"context"
	"errors"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/inspect"
	"github.com/golodger/lodger/hosts/internal/events"
)

// A Press is what the user does to a dialog.
type Press int

// The presses.
const (
	Confirm Press = iota
	Dismiss       // also all else that closes the dialog
	Gone          // the window has been closed, and the dialog with it
)

// A CheckedDialog is a dialog that checks what was entered before it closes. All is called in
// the task that waits.
type CheckedDialog struct {
	Presses *events.Listener[Press]
	// Checking shows that a check has begun, or has ended: nothing can be entered or confirmed
	// meanwhile, but the dialog can be dismissed.
	Checking func(on bool)
	// Problem shows why the dialog stays open; nil takes that away.
	Problem func(err error)
}

// Checked waits until the user has confirmed and check, if not nil, has no objection, or until
// the user has dismissed the dialog, also during the check, which is cancelled then. It returns
// whether the dialog was confirmed. In a task. Waits.
//
// An objection, which is an error of check, is shown, and the dialog stays. A panic in check is
// no objection, and is returned. When the window is gone, the error is guest.ErrWindowClosed.
func Checked(ctx context.Context, d CheckedDialog, check func(ctx context.Context) error) (bool, error) {
	for {
		press, err := d.Presses.Next(ctx)
		if err == nil && press == Confirm && check != nil {
			d.Problem(nil)
			d.Checking(true)
			press, err = d.run(ctx, check)
			d.Checking(false)
		}
		panicked := (*guest.PanicError)(nil)
		switch {
		case err == nil && press == Gone:
			return false, guest.ErrWindowClosed
		case err == nil:
			return press == Confirm, nil
		case ctx.Err() != nil || errors.As(err, &panicked):
			return false, err
		}
		d.Problem(err)
	}
}

// run checks, and listens for other presses meanwhile. The first ends the other.
func (d CheckedDialog) run(ctx context.Context, check func(ctx context.Context) error) (press Press, err error) {
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
			press, err = f.Wait(ctx)
			return err
		}
		return nil
	})
	return press, err
}
