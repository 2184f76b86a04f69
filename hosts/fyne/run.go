package fynehost

import (
	"context"

	"fyne.io/fyne/v2"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/hosts/internal/apart"
)

// Run runs app's loop with a guest whose first task is main. It returns when both have ended.
// When main and its tasks have ended, the app quits. If the app quits first, all tasks are
// cancelled with the cause guest.ErrHostGone, and have unwound before Run returns. Run returns
// main's error, or nil if main only passes on that the app quits, as in return guest.Park(ctx).
// A nil main means: run until the app quits or the guest is cancelled.
//
// main runs in a supervised scope. If a task fails, for example one that a handler starts with
// main's ctx, it cancels no other task. Its error goes to Options.OnError, or to the log.
//
// Make windows in main: Run fails if something has made one before. If you need that, use New,
// right after app.New, and guest.Run. Main goroutine only, and only once in a process. Waits.
func Run(app fyne.App, main func(ctx context.Context) error, opts *guest.Options) error {
	h, err := New(app)
	if err != nil {
		return err
	}
	if phone(h.thread) {
		return runOnPhone(h, main, opts)
	}
	return guest.RunTask(h, main, apart.Options(opts))
}

// runOnPhone is Run where guest.RunTask can't be: its last turns would come on the goroutine that
// ran the app.
func runOnPhone(h *Host, main func(context.Context) error, opts *guest.Options) error {
	g, err := guest.Start(h, main, apart.Options(opts))
	if err != nil {
		return err
	}
	watches.Store(watched{h.driver, g}, true)
	h.app.Run()
	if err := g.Finish().Err; !guest.IsQuit(err) {
		return err
	}
	return nil
}
