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
	return RunHost(h, main, opts)
}

// RunHost is [Run] on a host that is there already: guest.Run for a main function without a result. The goroutine is
// locked to its thread. Waits.
func RunHost(h *Host, main func(ctx context.Context) error, opts *guest.Options) error {
	var body func(ctx context.Context) (struct{}, error)
	if main != nil {
		body = func(ctx context.Context) (struct{}, error) { return struct{}{}, main(ctx) }
	}
	_, err := guest.Run(h, body, opts)
	return err
}
