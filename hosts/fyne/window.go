package fynehost

import (
	"context"
	"slices"

	"fyne.io/fyne/v2"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/hosts/internal/apart"
)

// WithWindow calls fn, in place, with a context that ends with w: once w is closed, fn and all
// tasks that it has started are cancelled with the cause guest.ErrWindowClosed, so that none of
// their waits ends as if the window were still there. In a task. Waits until they have ended.
// Deferred calls run when w has been closed: they must not touch it. A panic in fn goes on
// then.
//
// It returns nil if fn does. If fn answers the closing of w, in whatever words, it is an error
// that matches guest.ErrWindowClosed, and so it is if w is closed already: then fn is not
// called. Anything else is what fn returned. To return that error from main is no failure.
//
// Failures are kept apart, as in guest.Supervise: a handler of the window's that starts a task
// with fn's ctx, which fails, ends neither the others nor the window.
//
// Calls for one window may be nested or follow each other. They take w's SetOnClosed, of which
// Fyne has one, without a way to get what was set before: a hook that was set before is never
// called, which the log says, and one that is set meanwhile keeps WithWindow from hearing of
// the closing. What the program wants to do after the closing, it does after WithWindow.
func WithWindow(ctx context.Context, w fyne.Window, fn func(ctx context.Context) error) error {
	needTask("WithWindow")
	needWindow("WithWindow", w)
	if fn == nil {
		panic("fynehost: WithWindow called with a nil function; pass what is to run while the window is open")
	}
	if err := closed(ctx, w); err != nil {
		return err
	}
	takesHook("WithWindow", w, closedField, "SetOnClosed", "do after WithWindow what is to be done after the closing")
	return apart.Window(ctx, fn, func(closed func()) (unbind func()) { return onClosed(w, closed) })
}

// closed returns why nothing is to be done for w any more: the error of ctx, if that is done,
// or else guest.ErrWindowClosed, if w was closed before; or nil. In a task.
func closed(ctx context.Context, w fyne.Window) error {
	switch {
	case ctx.Err() != nil:
		return guest.Yield(ctx) // which says why, as every wait does
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

// closers are what to call when a window is closed. SetOnClosed has one slot and no getter, so
// its users share one table. UI thread only.
var closers = map[fyne.Window][]*func(){}

// A closedWindow is what is in a window's hook.
type closedWindow struct{ window fyne.Window }

// tell calls all that have asked for it.
func (w closedWindow) tell() {
	list := closers[w.window]
	delete(closers, w.window)
	for _, fn := range list {
		(*fn)()
	}
}

// onClosed asks for fn to be called when w is closed. It takes w's SetOnClosed, unless that is
// ours already.
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

// onClosedIfFree is onClosed for those that do without rather than take a hook from the
// program.
func onClosedIfFree(w fyne.Window, fn func()) (remove func()) {
	if hooked(w, closedField) {
		return func() {}
	}
	return onClosed(w, fn)
}
