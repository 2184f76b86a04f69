//go:build cgo

package gtkhost

import (
	"context"
	"runtime"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/host"
	"github.com/golodger/lodger/hosts/internal/apart"
)

// Run runs a GMainLoop on the default context, with a guest whose first task is main, and
// returns main's error when both have ended. A nil main means: run until the guest is cancelled.
// For windows use gtkui.Run, which opens the display first.
//
// main runs in a supervised scope. If a task fails, for example one that a handler starts with
// main's ctx, it cancels no other task. Its error goes to Options.OnError, or to the log.
//
// Run locks the goroutine to its thread. Waits.
func Run(main func(ctx context.Context) error, opts *guest.Options) error {
	// in a handler of another guest's loop the goroutine is locked already
	if _, lodged := host.Current(); !lodged {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
	}
	h, err := New()
	if err != nil {
		return err
	}
	return guest.RunTask(h, main, apart.Options(opts))
}
