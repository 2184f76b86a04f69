// Package apart keeps failures apart where the user of a toolkit expects it: one handler that
// fails ends neither the program nor its window. It is what the toolkits' Run and WithWindow
// have in common.
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

// Window runs fn in place, in a supervised scope that is cancelled when a window is closed, and
// returns when fn and all tasks that it has started have ended. In a task. Waits. bind asks for
// closed to be called when the window is closed; unbind takes that back.
//
// An answer of fn to the closing is an error that matches guest.ErrWindowClosed. Anything else
// that fn returns comes back as it is: a failure in spite of the closing, and nil, although the
// scope was cancelled.
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
