//go:build cgo

package gtkui

import (
	"context"
	"runtime"

	"github.com/gotk3/gotk3/gtk"

	"github.com/golodger/lodger/guest"
	gtkhost "github.com/golodger/lodger/hosts/gtk"
	"github.com/golodger/lodger/hosts/internal/apart"
)

// WithWindow calls fn, in place, with a context that ends with w: once w is destroyed, which
// GTK does when the user closes it, fn and all tasks that it has started are cancelled with the
// cause guest.ErrWindowClosed, so that none of their waits ends as if the window were still
// there. In a task. Waits until they have ended. Deferred calls run when w has been destroyed:
// they must not touch it. A panic in fn goes on then.
//
// It returns nil if fn does. If fn answers the closing of w, in whatever words, it is an error
// that matches guest.ErrWindowClosed, and so it is if w is destroyed already: then fn is not
// called. Anything else is what fn returned. To return that error from main is no failure.
//
// Failures are kept apart, as in guest.Supervise: a handler of the window's that starts a task
// with fn's ctx, which fails, ends neither the others nor the window.
func WithWindow(ctx context.Context, w *gtk.Window, fn func(ctx context.Context) error) error {
	needTask("WithWindow")
	if w == nil {
		panic("gtkui: WithWindow called with a nil window; pass the window that the tasks belong to")
	}
	if fn == nil {
		panic("gtkui: WithWindow called with a nil function; pass what is to run while the window is open")
	}
	if err := closed(ctx, w); err != nil {
		return err
	}
	return apart.Window(ctx, fn, func(closed func()) (unbind func()) { return gtkhost.Connect(w, "destroy", closed) })
}

// closed returns why nothing is to be done any more for w, which may be nil: the error of ctx,
// if that is done, or else guest.ErrWindowClosed, if w was destroyed before; or nil. In a task.
func closed(ctx context.Context, w *gtk.Window) error {
	switch {
	case ctx.Err() != nil:
		return guest.Yield(ctx) // which says why, as every wait does
	case w != nil && destroyed(w):
		return guest.ErrWindowClosed
	}
	return nil
}

// destroyed reports whether w is gone for GTK, though not for Go: it emits no signal any more,
// and nothing shows it. UI thread only.
func destroyed(w interface{ Native() uintptr }) bool {
	there := false
	all := gtk.WindowListToplevels()
	all.Foreach(func(top any) { there = there || top.(*gtk.Window).Native() == w.Native() })
	runtime.KeepAlive(all)
	return !there
}
