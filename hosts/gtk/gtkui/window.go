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

// WithWindow calls fn, in place, with a context that ends with w. When w is destroyed, as GTK
// does when the user closes it, fn and all tasks that it has started are cancelled with the
// cause guest.ErrWindowClosed. So none of their waits ends as if the window were still there.
// WithWindow returns when they have ended. Deferred calls run after w was destroyed. They may
// still change its widgets, with no visible effect. A panic in fn passes on after that. In a
// task. Waits.
//
// If fn returns nil, so does WithWindow, unless ctx is done. If fn returns any error that only
// reports the closing of w, WithWindow returns an error that matches guest.ErrWindowClosed.
// Otherwise it returns fn's error. If w is destroyed already, it returns an error that matches
// guest.ErrWindowClosed without calling fn. If main returns such an error, that is not a
// failure. But when main returns any error, its other tasks are cancelled, also those of other
// windows. So start a task for each of several windows.
//
// Failures are kept apart, as in guest.Supervise: if a handler of the window starts a task with
// fn's ctx and the task fails, neither the other tasks nor the window end.
func WithWindow(ctx context.Context, w *gtk.Window, fn func(ctx context.Context) error) error {
	needTask("WithWindow")
	if w == nil {
		panic("gtkui: WithWindow called with a nil window; pass the window that the tasks belong to")
	}
	if fn == nil {
		panic("gtkui: WithWindow called with a nil function; pass the function to run while the window is open")
	}
	if err := closed(ctx, w); err != nil {
		return err
	}
	return apart.Window(ctx, fn, func(closed func()) (unbind func()) { return gtkhost.Connect(w, "destroy", closed) })
}

// closed returns why work for w must stop: the error of ctx if ctx is done, or
// guest.ErrWindowClosed if w was destroyed. Otherwise it returns nil. w may be nil. In a task.
func closed(ctx context.Context, w *gtk.Window) error {
	switch {
	case ctx.Err() != nil:
		return guest.Yield(ctx) // it returns the reason, as every wait does
	case w != nil && destroyed(w):
		return guest.ErrWindowClosed
	}
	return nil
}

// destroyed reports whether GTK has destroyed w, though Go still has it. Then it emits no more
// signals and is not shown. UI thread only.
func destroyed(w interface{ Native() uintptr }) bool {
	there := false
	all := gtk.WindowListToplevels()
	all.Foreach(func(top any) { there = there || top.(*gtk.Window).Native() == w.Native() })
	runtime.KeepAlive(all)
	return !there
}
