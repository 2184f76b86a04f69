//go:build cgo

package gtkui

import (
	"context"

	"github.com/gotk3/gotk3/gtk"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/hosts/internal/windows"
)

// QuitOnClose makes the close button of w a request to the program. quit is the same request,
// for a menu or a shortcut. UI thread only, both. Neither waits.
//
// ask, if not nil, is called in a task of g's, once at a time, and says whether the program may
// end. If it says yes, or is nil, g is cancelled with the cause guest.ErrQuit, w stays until
// all tasks have unwound, and then the loop quits: w's application, or what [QuitWhenDone]
// quits. If it says no, all goes on. If it returns an error or panics, all goes on, too, since
// what could not be saved would be lost, and the error goes to Options.OnError, where the user
// does not see it. So show it, and give the user a way out, like the "Discard" of a [Choose]. A
// request that comes while ask is running changes nothing. Of several calls for w the last one's
// ask counts, also for the quit of an earlier one.
//
//	gtkui.QuitOnClose(g, w, func(ctx context.Context) (bool, error) {
//		choice, err := gtkui.Choose(ctx, w, "Save the changes?", "", "Save", "Discard", "Cancel")
//		if choice == 0 {
//			if err := save(ctx); err != nil {
//				return false, gtkui.ShowError(ctx, w, err) // and w stays
//			}
//			return true, nil
//		}
//		return choice == 1, err
//	})
//
// While g ends, for whatever reason, w shows that: after 0.3 s what is in it can't be used any
// more, and a bubble with a spinner says "Closing…" (translated if the program has such a text
// in its own gettext domain). Dialogs can still be answered.
//
// When w is destroyed from code, g is cancelled unasked. QuitWhenDone is included: the loop
// also quits when g ends for another reason. Handlers of w that the program has connected are
// called as before; one of "delete-event" that returns true keeps the request from g if it was
// connected first. gtk.MainQuit and Application.Quit do not ask.
func QuitOnClose(g *guest.Guest, w *gtk.Window, ask func(ctx context.Context) (bool, error)) (quit func()) {
	if g == nil || w == nil {
		panic("gtkui: QuitOnClose called with a nil guest or window; pass both")
	}
	app := applicationOf(w)
	quitWhenDone(g, func() {
		if app == nil {
			app = applicationOf(w) // which may have got it meanwhile
		}
		quitLoop(app)
	})
	end := func() {
		if app == nil {
			app = applicationOf(w) // a window that is destroyed has none any more
		}
		g.Cancel(guest.ErrQuit)
	}
	q := &windows.Question{
		Ask:    ask,
		Start:  windows.InGuest(g, ask),
		Over:   g.Ending,
		Agreed: end,
	}
	questions[w.Native()] = q
	wish := func() { // it holds w, or the address might become another window's
		if last := questions[w.Native()]; last != nil {
			last.Wish()
		} else {
			q.Wish()
		}
	}
	w.Connect("delete-event", func() bool { wish(); return true })
	w.Connect("destroy", func() { delete(questions, w.Native()); end() })
	coverAtEnd(g, w)
	return wish
}

// questions has the last one of QuitOnClose for each window, by its address in C: gotk3 makes
// several wrappers for one. UI thread only.
var questions = map[uintptr]*windows.Question{}

// AskOnClose lets ask decide whether w is closed when the user wants it to be: a document with
// unsaved changes, say. request is the same wish, for a menu or a shortcut. UI thread only, both.
// Neither waits.
//
// ask is called in a task that belongs to ctx's scope, once at a time. If it says yes, w is
// destroyed, and so its [WithWindow] ends. If it says no, or returns an error or panics, w
// stays, as in [QuitOnClose]. The error is kept apart: it cancels no other task, and goes to
// Options.OnError.
//
// It lasts until ctx is done. From then on w is closed as any window is, and by request unasked.
func AskOnClose(ctx context.Context, w *gtk.Window, ask func(ctx context.Context) (bool, error)) (request func()) {
	if w == nil || ask == nil {
		panic("gtkui: AskOnClose called with a nil window or function; pass both")
	}
	needGuest(ctx, "AskOnClose")
	destroy := func() {
		if !destroyed(w) { // by the program, while it was asked
			w.Destroy()
		}
	}
	q := &windows.Question{
		Ask:    ask,
		Start:  windows.ApartFrom(ctx, ask, destroy),
		Over:   func() bool { return ctx.Err() != nil },
		Agreed: destroy,
	}
	connectUntil(ctx, w, "delete-event", func() bool {
		if ctx.Err() != nil {
			return false
		}
		q.Wish()
		return true
	})
	return q.Wish
}
