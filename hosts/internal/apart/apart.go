// Package apart keeps failures apart where users of a toolkit expect it: if one handler fails,
// neither the program nor its window ends. It is the common part of the toolkits' Run and
// WithWindow.
package apart

import (
	"context"

	"github.com/golodger/lodger/guest"
)

// Options returns opts, which may be nil, for a main whose tasks fail apart.
func Options(opts *guest.Options) *guest.Options {
	var o guest.Options
	if opts != nil {
		o = *opts
	}
	o.Supervise = true
	return &o
}

// Window runs fn in place, in a supervised scope that is cancelled when a window closes. It
// returns when fn and all tasks that it has started have ended. bind registers closed to be
// called when the window closes; unbind takes that back. In a task. Waits.
//
// If fn returns any error that only reports the closing, Window returns an error that matches
// guest.ErrWindowClosed. It returns every other error unchanged, even after the closing. If fn
// returns nil, so does Window, even if the scope was cancelled, unless ctx is done.
func Window(ctx context.Context, fn func(ctx context.Context) error, bind func(closed func()) (unbind func())) error {
	open, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	defer bind(func() { cancel(guest.ErrWindowClosed) })()
	done := false // fn has returned nil
	err := guest.Supervise(open, func(ctx context.Context) error {
		err := fn(ctx)
		done = err == nil
		return err
	})
	if done && ctx.Err() == nil {
		return nil
	}
	return err
}
