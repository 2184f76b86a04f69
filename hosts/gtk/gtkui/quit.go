//go:build cgo

package gtkui

import (
	"context"

	"github.com/gotk3/gotk3/glib"
	"github.com/gotk3/gotk3/gtk"

	"github.com/golodger/lodger/guest"
)

// QuitWhenDone makes the loop quit when g has ended, however that came: main has returned,
// g.Cancel was called from a menu, a panic has ended g, its context is done. A loop that the
// program runs itself would go on with windows whose buttons do nothing. It quits the process's
// application, if that has been run, or else gtk.Main, the innermost one. If the loop has ended
// before, nothing happens, and a loop that is run later goes on. UI thread only. Never waits.
//
// [Run], [RunApplication] and guest.Run quit their loops by themselves; so it is for guests of
// guest.Start. Once is enough for a guest, and a second call does no harm. For a loop of another
// kind there is gtkhost.Host's QuitWhenDone.
func QuitWhenDone(g *guest.Guest) {
	if g == nil {
		panic("gtkui: QuitWhenDone called with a nil guest; pass the one of Start, or of guest.FromContext")
	}
	quitWhenDone(g, func() { quitLoop(nil) })
}

// quitWhenDone has quit called in the loop when g has ended. A host of gtkhost's does it in the
// moment of the end. Elsewhere a goroutine waits; what it gives GLib then may come late, into a
// loop that is run after this one.
func quitWhenDone(g *guest.Guest, quit func()) {
	if h, ok := g.Host().(glibHost); ok {
		h.QuitWhenDone(quit)
	} else {
		whenDone(g, quit)
	}
}

// A glibHost is gtkhost's, or embeds it.
type glibHost interface{ QuitWhenDone(quit func()) }

// loopEnded reports whether the loop of ctx's guest has ended. A host of another kind may run
// tasks between two iterations, and is not judged. In a task.
func loopEnded(ctx context.Context) bool {
	g, ok := guest.FromContext(ctx)
	if !ok {
		return false
	}
	_, ok = g.Host().(glibHost)
	return ok && glib.MainDepth() == 0
}

// quitLoop quits app's loop or, if that is nil, the one of the process's application, if it has
// been run, or else gtk.Main.
func quitLoop(app *gtk.Application) {
	if app != nil {
		app.Quit()
	} else if first := glib.ApplicationGetDefault(); first != nil && first.GetIsRegistered() {
		first.Quit()
	} else {
		gtk.MainQuit()
	}
}

// applicationOf returns the application that w belongs to, or nil.
func applicationOf(w *gtk.Window) *gtk.Application {
	app, err := w.GetApplication()
	if err != nil {
		return nil
	}
	return app
}

// whenDone calls fn on the UI thread when g has ended, if a loop still runs then.
func whenDone(g *guest.Guest, fn func()) {
	go func() {
		<-g.Done()
		glib.IdleAdd(fn)
	}()
}
