package fynehost

import (
	"context"
	"slices"

	"fyne.io/fyne/v2"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/hosts/internal/apart"
)

// WithWindow calls fn, in place, with a context that ends with w. When w closes, fn and all
// tasks that it has started are cancelled with the cause guest.ErrWindowClosed. So none of their
// waits ends as if the window were still there. WithWindow returns when they have ended.
// Deferred calls run after w has closed. They may still change its widgets, with no visible
// effect, but must not show w again. A panic in fn passes on after that. In a task. Waits.
//
// If fn returns nil, so does WithWindow, unless ctx is done. If fn returns any error that only
// reports the closing of w, WithWindow returns an error that matches guest.ErrWindowClosed.
// Otherwise it returns fn's error. If w is closed already, it returns an error that matches
// guest.ErrWindowClosed without calling fn. If main returns such an error, that is not a
// failure. But when main returns any error, its other tasks are cancelled, also those of other
// windows. So start a task for each of several windows.
//
// Failures are kept apart, as in guest.Supervise: if a handler of the window starts a task with
// fn's ctx and the task fails, neither the other tasks nor the window end.
//
// You may nest calls for one window, or make them one after the other. They use w's SetOnClosed.
// Fyne has only one and does not let us read it. So a hook that was set before is never called
// again, and the log says so. If you set a hook during WithWindow, WithWindow does not notice
// that w closes. Put code that must run after the closing behind the call of WithWindow.
func WithWindow(ctx context.Context, w fyne.Window, fn func(ctx context.Context) error) error {
	needTask("WithWindow")
	needWindow("WithWindow", w)
	if fn == nil {
		panic("fynehost: WithWindow called with a nil function; pass the function to run while the window is open")
	}
	if err := closed(ctx, w); err != nil {
		return err
	}
	takesHook("WithWindow", w, closedField, "SetOnClosed", "put code for after the closing behind the call of WithWindow")
	return apart.Window(ctx, fn, func(closed func()) (unbind func()) { return onClosed(w, closed) })
}

// closed returns why work for w must stop: the error of ctx if ctx is done, or
// guest.ErrWindowClosed if w is closed. Otherwise it returns nil. In a task.
func closed(ctx context.Context, w fyne.Window) error {
	switch {
	case ctx.Err() != nil:
		return guest.Yield(ctx) // it returns the reason, as every wait does
	case !isOpen(w):
		return guest.ErrWindowClosed
	}
	return nil
}

// isOpen reports whether w has not been closed. UI thread only.
func isOpen(w fyne.Window) bool {
	return !isClosing(w) && slices.Contains(fyne.CurrentApp().Driver().AllWindows(), w)
}

func needWindow(verb string, w fyne.Window) {
	if w == nil {
		panic("fynehost: " + verb + " called with a nil window; pass the window that it belongs to")
	}
}

// closers has the functions to call when a window closes. SetOnClosed has one slot and no
// getter, so all users share this table. UI thread only.
var closers = map[fyne.Window][]*func(){}

// A closedWindow is the value in a window's hook.
type closedWindow struct{ window fyne.Window }

// tell calls all functions that were registered for the window.
func (w closedWindow) tell() {
	list := closers[w.window]
	delete(closers, w.window)
	for _, fn := range list {
		(*fn)()
	}
}

// onClosed registers fn to be called when w closes. It takes w's SetOnClosed, unless this
// package has it already.
func onClosed(w fyne.Window, fn func()) (remove func()) {
	if closers[w] == nil || hooked(w, closedField) {
		w.SetOnClosed(closedWindow{w}.tell)
	}
	entry := &fn
	closers[w] = append(closers[w], entry)
	return func() {
		list := closers[w]
		if i := slices.Index(list, entry); i >= 0 {
			list = slices.Delete(list, i, i+1)
		}
		if len(list) == 0 {
			delete(closers, w)
		} else {
			closers[w] = list
		}
	}
}

// onClosedIfFree is onClosed for callers that would rather go without than take a hook from the
// program.
func onClosedIfFree(w fyne.Window, fn func()) (remove func()) {
	if hooked(w, closedField) {
		return func() {}
	}
	return onClosed(w, fn)
}
