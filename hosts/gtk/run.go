//go:build cgo

package gtkhost

import (
	"context"
	"runtime"

	"github.com/golodger/lodger/guest"
)

// Run runs a GMainLoop on the default context, with a guest whose first task is main, and returns main's error when both have
// ended. A nil main means: until the guest is cancelled. For windows use package gtkui, which opens the display first.
// Locks the goroutine to its thread. Waits.
func Run(main func(ctx context.Context) error, opts *guest.Options) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	h, err := New()
	if err != nil {
		return err
	}
	return guest.RunTask(h, main, opts)
}
