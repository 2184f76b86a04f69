//go:build cgo

package gtkui

import (
	"context"
	"errors"
	"runtime"

	"github.com/gotk3/gotk3/glib"
	"github.com/gotk3/gotk3/gtk"

	"github.com/golodger/lodger/guest"
	gtkhost "github.com/golodger/lodger/hosts/gtk"
)

// ErrWindowClosed is the cause with which the tasks of [WithWindow] are cancelled.
var ErrWindowClosed = errors.New("gtkui: the window was closed")

// QuitOnClose makes a click on the close button of w a request to g: the window stays, g is
// cancelled with the cause guest.ErrQuit, and when all its tasks have unwound, the loop quits:
// w's application, or gtk.Main. closing, if not nil, is called at the first click; it may show
// that the program is on its way out. When w is destroyed from code, g is cancelled likewise.
// UI thread only. Never waits.
//
// gtk.MainQuit and Application.Quit do not ask: to quit in order from code, call
// g.Cancel(guest.ErrQuit).
func QuitOnClose(g *guest.Guest, w *gtk.Window, closing func()) {
	if g == nil || w == nil {
		panic("gtkui: QuitOnClose called with a nil guest or window; pass both")
	}
	asked, app := false, applicationOf(w)
	ask := func() {
		if asked {
			return
		}
		asked = true
		if app == nil {
			app = applicationOf(w) // which may have got it meanwhile
		}
		g.Cancel(guest.ErrQuit)
		switch {
		case running > 0, glib.MainDepth() == 0: // the guest's host quits, or the loop has ended
		case app != nil:
			whenDone(g, app.Quit)
		default:
			whenDone(g, gtk.MainQuit)
		}
	}
	w.Connect("delete-event", func() bool {
		if !asked && closing != nil {
			closing()
		}
		ask()
		return true
	})
	w.Connect("destroy", ask)
}

// applicationOf returns the application that w belongs to, or nil.
func applicationOf(w *gtk.Window) *gtk.Application {
	app, err := w.GetApplication()
	if err != nil {
		return nil
	}
	return app
}

// WithWindow calls fn as a task that ends with w: once w is destroyed, which GTK does when the
// user closes it, fn and all tasks that it has started are cancelled with the cause
// [ErrWindowClosed], from the next batch on, so that none of their waits ends as if the window
// were still there. In a task. Waits until they have ended.
//
// It returns ErrWindowClosed, and fn does not run, if w is destroyed already; else fn's error,
// or nil when fn answered the closing of w with the cancellation: a closed window is no
// failure.
func WithWindow(ctx context.Context, w *gtk.Window, fn func(ctx context.Context) error) error {
	needTask("WithWindow")
	if w == nil {
		panic("gtkui: WithWindow called with a nil window; pass the window that the tasks belong to")
	}
	if err := closed(ctx, w); err != nil {
		return err
	}
	err := guest.Supervise(ctx, func(ctx context.Context) error {
		t := guest.Go(ctx, fn)
		defer gtkhost.Connect(w, "destroy", func() { t.Cancel(ErrWindowClosed) })()
		return t.Wait(context.WithoutCancel(ctx)) // ctx cancels t, and t's answer counts
	})
	if errors.Is(err, ErrWindowClosed) && ctx.Err() == nil {
		return nil
	}
	return err
}

// closed returns ErrWindowClosed if w, which may be nil, was destroyed before, unless ctx is
// done, which then counts. UI thread only.
func closed(ctx context.Context, w *gtk.Window) error {
	if w == nil || ctx.Err() != nil || !destroyed(w) {
		return nil
	}
	return ErrWindowClosed
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
