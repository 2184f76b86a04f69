//go:build cgo

package gtkui

import (
	"context"

	"github.com/gotk3/gotk3/glib"
	"github.com/gotk3/gotk3/gtk"

	"github.com/golodger/lodger/guest"
)

// QuitWhenDone makes the loop quit when g has ended, for whatever reason: main has returned, a
// menu has called g.Cancel, a panic has ended g, or its context is done. Without it, a loop that
// the program runs itself would go on, with windows whose buttons do nothing. It quits the
// application that runs, or else the innermost gtk.Main. If the loop has ended before, nothing
// happens, and a loop that runs later goes on. If the process has run another application before,
// the present one must have a window, at the call or at the end. UI thread only. Never waits.
//
// It is for guests of guest.Start, since [Run], [RunApplication] and guest.Run quit their loops
// by themselves. One call for each guest is enough; a second call does no harm. For other kinds
// of loops use QuitWhenDone of gtkhost.Host.
func QuitWhenDone(g *guest.Guest) {
	if g == nil {
		panic("gtkui: QuitWhenDone called with a nil guest; pass the one from guest.Start or guest.FromContext")
	}
	app := runningApplication() // now, since a destroyed window no longer tells
	quitWhenDone(g, func() { quitLoop(app) })
}

// quitWhenDone calls quit in the loop when g has ended. A host of gtkhost does that right at the
// end. For other hosts a goroutine waits; its call to GLib may come late, into a loop that runs
// after this one.
func quitWhenDone(g *guest.Guest, quit func()) {
	if h, ok := g.Host().(glibHost); ok {
		h.QuitWhenDone(quit)
	} else {
		whenDone(g, quit)
	}
}

// A glibHost is a gtkhost.Host, or embeds one.
type glibHost interface {
	QuitWhenDone(quit func())
	Quit()
}

// loopEnded reports whether the loop of ctx's guest has ended. It does not judge hosts of
// another kind, which may run tasks between two iterations. In a task.
func loopEnded(ctx context.Context) bool {
	g, ok := guest.FromContext(ctx)
	if !ok {
		return false
	}
	_, ok = g.Host().(glibHost)
	return ok && glib.MainDepth() == 0
}

// quitLoop quits app's loop. If app is nil, it quits the loop of the running application, or else
// gtk.Main.
func quitLoop(app *gtk.Application) {
	if app == nil {
		app = runningApplication()
	}
	if app != nil {
		app.Quit()
	} else {
		gtk.MainQuit()
	}
}

// runningApplication returns the application that runs, or nil. GLib knows only the first one of
// the process. A later one is known by its windows.
func runningApplication() (app *gtk.Application) {
	if first := glib.ApplicationGetDefault(); first != nil && first.GetIsRegistered() {
		return &gtk.Application{Application: *first}
	}
	gtk.WindowListToplevels().Foreach(func(w any) {
		if of := applicationOf(w.(*gtk.Window)); of != nil && of.GetIsRegistered() {
			app = of
		}
	})
	return app
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
