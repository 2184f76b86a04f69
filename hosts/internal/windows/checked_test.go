package windows_test

import (
	"context"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/guesttest"
	"github.com/golodger/lodger/hosts/headless"
	"github.com/golodger/lodger/hosts/internal/events"
	"github.com/golodger/lodger/hosts/internal/windows"
)

// A form is a fake dialog.
type form struct {
	presses  events.Listener[windows.Press]
	checking bool
	problem  error
}

func (f *form) dialog() windows.CheckedDialog {
	return windows.CheckedDialog{
		Presses:  &f.presses,
		Checking: func(on bool) { f.checking = on },
		Problem:  func(err error) { f.problem = err },
	}
}

func (f *form) press(ctx context.Context, after time.Duration, p windows.Press) {
	guest.After(ctx, after, func(context.Context) error { f.presses.Tell(p); return nil })
}

func TestCheckedStaysUntilThereIsNoObjection(t *testing.T) {
	guesttest.Run(t, func(ctx context.Context, t *testing.T) {
		f, n := new(form), 0
		f.press(ctx, 1*time.Second, windows.Confirm)
		f.press(ctx, 3*time.Second, windows.Confirm)
		guest.After(ctx, 2500*time.Millisecond, func(context.Context) error {
			require.Equal(t, errWrong, f.problem)
			require.False(t, f.checking)
			return nil
		})
		ok, err := windows.Checked(ctx, f.dialog(), func(ctx context.Context) error {
			require.True(t, f.checking)
			require.NoError(t, f.problem, "the old objection is gone")
			if err := guest.Sleep(ctx, time.Second); err != nil {
				return err
			}
			if n++; n == 1 {
				return errWrong
			}
			return nil
		})
		require.NoError(t, err)
		require.True(t, ok)
		require.Equal(t, 2, n)
	}, nil)
}

func TestCheckedEndsWithTheDialog(t *testing.T) {
	long := func(ctx context.Context) error { return guest.Sleep(ctx, time.Hour) }
	for name, c := range map[string]struct {
		check   func(ctx context.Context) error
		presses []windows.Press
		ok      bool
		err     error
	}{
		"without a check":           {presses: []windows.Press{windows.Confirm}, ok: true},
		"dismissed":                 {presses: []windows.Press{windows.Dismiss}, check: long},
		"dismissed while it checks": {presses: []windows.Press{windows.Confirm, windows.Dismiss}, check: long},
		"confirmed twice":           {presses: []windows.Press{windows.Confirm, windows.Confirm, windows.Dismiss}, check: long},
		"closed":                    {presses: []windows.Press{windows.Gone}, check: long, err: guest.ErrWindowClosed},
		"closed while it checks":    {presses: []windows.Press{windows.Confirm, windows.Gone}, check: long, err: guest.ErrWindowClosed},
		"a panic":                   {presses: []windows.Press{windows.Confirm}, check: func(context.Context) error { panic(errWrong) }, err: errWrong},
		"its check hears first that the loop has ended": {presses: []windows.Press{windows.Confirm}, err: guest.ErrHostGone,
			check: func(context.Context) error { return guest.ErrHostGone }},
		"cancelled":                 {err: context.DeadlineExceeded},
		"cancelled while it checks": {presses: []windows.Press{windows.Confirm}, check: long, err: context.DeadlineExceeded},
		"dismissed after an objection": {presses: []windows.Press{windows.Confirm, windows.Dismiss},
			check: func(context.Context) error { return errWrong }},
		"dismissed in the moment of a panic": {presses: []windows.Press{windows.Confirm, windows.Dismiss}, err: errWrong,
			check: func(ctx context.Context) error { _ = guest.Sleep(ctx, time.Second); panic(errWrong) }},
		"dismissed in the moment of an objection": {presses: []windows.Press{windows.Confirm, windows.Dismiss},
			check: func(ctx context.Context) error { _ = guest.Sleep(ctx, time.Second); return errWrong }},
	} {
		t.Run(name, func(t *testing.T) {
			guesttest.Run(t, func(ctx context.Context, t *testing.T) {
				f := new(form)
				for i, p := range c.presses {
					f.press(ctx, time.Duration(i+1)*time.Second, p)
				}
				short, cancel := context.WithTimeout(ctx, time.Minute)
				defer cancel()
				ok, err := windows.Checked(short, f.dialog(), c.check)
				require.Equal(t, c.ok, ok)
				require.ErrorIs(t, err, c.err)
				require.False(t, f.checking)
				if c.err != nil {
					require.NoError(t, f.problem)
				}
			}, nil)
		})
	}
}

// A task that is shielded from its cancellation learns only from a refused wait that the loop has
// ended. That is no objection.
func TestCheckedEndsWithTheLoop(t *testing.T) {
	for name, check := range map[string]func(context.Context) error{
		"without a check":           nil,
		"before its check":          func(context.Context) error { return nil },
		"while it waits in a check": func(ctx context.Context) error { return guest.Park(ctx) },
	} {
		t.Run(name, func(t *testing.T) {
			runtime.LockOSThread()
			defer runtime.UnlockOSThread()
			loop, f := headless.New(), new(form)
			var g *guest.Guest
			var answer error
			require.NoError(t, loop.Mainloop(func() (err error) {
				g, err = guest.Start(loop, func(ctx context.Context) error {
					if strings.Contains(name, "in a check") {
						f.presses.Tell(windows.Confirm)
					}
					guest.After(ctx, 0, func(context.Context) error { loop.Quit(); return nil })
					_, answer = windows.Checked(context.WithoutCancel(ctx), f.dialog(), check)
					return nil
				}, &guest.Options{Grace: time.Millisecond})
				return err
			}))
			g.Finish()
			require.ErrorIs(t, answer, guest.ErrHostGone)
			require.NoError(t, f.problem)
		})
	}
}
