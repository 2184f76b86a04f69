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
// returns main's error when both have ended. A nil main means: until the guest is cancelled.
// For windows use package gtkui, which opens the display first.
//
// main runs in a supervised scope: a task that fails, started by a handler with main's ctx for
// example, cancels no other, and its error goes to Options.OnError, or to the log.
//
// Locks the goroutine to its thread. Waits.
func Run(main func(ctx context.Context) error, opts *guest.Options) error {
	// in a handler of another guest's loop the goroutine is locked
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
