//go:build cgo

package gtkui

import (
	"context"

	"github.com/gotk3/gotk3/gtk"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/hosts/internal/windows"
)

// QuitOnClose makes the close button of w a request to end the program. quit is the same
// request; call it from a menu or a shortcut. UI thread only, also for quit. Neither waits.
//
// If ask is not nil, it is called in a task of g, never twice at the same time, and decides
// whether the program may end. If it answers yes, or is nil, g is cancelled with the cause
// guest.ErrQuit, and w stays until all tasks have unwound. Then the loop quits: that of w's
// application, or the one that [QuitWhenDone] quits. If ask answers no, everything goes on. The
// same holds if it returns an error, so that unsaved work is not lost. The error goes to
// Options.OnError, where the user does not see it. So show the error, and offer a way out, such
// as the "Discard" of a [Choose]. The same also holds if ask panics and there is an
// Options.OnError; without one the panic ends g, as it does in any task. A request that comes
// while ask runs changes nothing.
//
// If you call QuitOnClose or [AskOnClose] several times for w, the last call counts; the
// functions that earlier calls returned then ask the same question. When the context of the
// last AskOnClose is done, the last QuitOnClose counts again.
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
// While g ends, for whatever reason, w shows that. After 0.3 s its content is disabled, and a
// bubble with a spinner says "Closing…" (translated if the program's gettext domain has that
// text). The user can still answer dialogs. A task that ignores its cancellation keeps the
// program, and w, from ending. After Options.Grace the log names it. After 5 s in which
// nothing was asked, a window offers the user a button, "Quit now". It can be pressed a second
// later, and quits the loop at once. What is not saved yet may be lost: the tasks unwind as
// [guest.Guest.Finish] says.
//
// If code destroys w, g is cancelled without a question. QuitOnClose includes QuitWhenDone: the
// loop also quits when g ends for another reason. The program's own handlers of w are called as
// before. A handler of "delete-event" that was connected before and returns true keeps the
// request from g. gtk.MainQuit and Application.Quit do not ask.
func QuitOnClose(g *guest.Guest, w *gtk.Window, ask func(ctx context.Context) (bool, error)) (quit func()) {
	if g == nil || w == nil {
		panic("gtkui: QuitOnClose called with a nil guest or window; pass both")
	}
	app := applicationOf(w)
	quitOwn := func() {
		if app == nil {
			app = applicationOf(w) // it may have one only now
		}
		quitLoop(app)
	}
	quitWhenDone(g, quitOwn)
	end := func() {
		if app == nil {
			app = applicationOf(w) // a destroyed window no longer has one
		}
		g.Cancel(guest.ErrQuit)
	}
	q := &windows.Question{
		Ask:    ask,
		Start:  windows.InGuest(g, ask),
		Over:   g.Ending,
		Agreed: end,
	}
	last := lastCallsOf(w)
	last.quit, last.ask = q, nil
	w.Connect("delete-event", func() bool { return wish(w) })
	w.Connect("destroy", end)
	coverAtEnd(g, w, quitOwn)
	return func() { wishOr(w, q) }
}

// lastCalls are the questions of the last calls for a window. UI thread only.
type lastCalls struct {
	quit *windows.Question // of QuitOnClose
	ask  *windows.Question // of an AskOnClose after that
}

// calls has the last calls for each window. The key is the window's address in C, since gotk3
// makes several wrappers for one window. UI thread only.
var calls = map[uintptr]*lastCalls{}

func lastCallsOf(w *gtk.Window) *lastCalls {
	key := w.Native()
	if calls[key] == nil {
		calls[key] = new(lastCalls)
		w.Connect("destroy", func() { delete(calls, key) })
	}
	return calls[key]
}

// wish requests that w closes, with the question that counts. It reports whether there is one.
func wish(w *gtk.Window) bool {
	last := calls[w.Native()]
	switch {
	case last == nil:
		return false
	case last.ask != nil && !last.ask.Over():
		last.ask.Wish()
		return true
	case last.quit != nil:
		last.quit.Wish()
		return true
	}
	return false
}

// wishOr is wish, or a wish of q if no question counts. Its caller keeps w, so that no other
// window gets its address.
func wishOr(w *gtk.Window, q *windows.Question) {
	if !wish(w) {
		q.Wish()
	}
}

// AskOnClose lets ask decide whether w may close when the user closes it, for example a document
// with unsaved changes. request is the same wish; call it from a menu or a shortcut. UI thread
// only, also for request. Neither waits.
//
// ask is called in a task of ctx's scope, never twice at the same time. If it answers yes, w is
// destroyed, so its [WithWindow] ends. If it answers no or returns an error, w stays. The error
// is kept apart: it cancels no other task, and goes to Options.OnError. The same holds for a
// panic if there is an Options.OnError; without one it ends the guest, as in any task.
//
// AskOnClose lasts until ctx is done. After that w closes like any window, and request closes it
// without a question. If you call AskOnClose or QuitOnClose several times for w, the last call
// counts; the functions that earlier calls returned then ask the same question. An earlier
// AskOnClose never counts again; an earlier QuitOnClose does when ctx is done.
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
	lastCallsOf(w).ask = q
	connectUntil(ctx, w, "delete-event", func() bool { return wish(w) })
	return func() { wishOr(w, q) }
}
