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
// same holds if it returns an error or panics, so that unsaved work is not lost. The error goes
// to Options.OnError, where the user does not see it. So show the error, and offer a way out,
// such as the "Discard" of a [Choose]. A request that comes while ask runs changes nothing. If
// you call QuitOnClose several times for w, the last ask counts, also for the quit of an earlier
// call.
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
	questions[w.Native()] = q
	wish := func() { // it holds w, so that no other window gets its address
		if last := questions[w.Native()]; last != nil {
			last.Wish()
		} else {
			q.Wish()
		}
	}
	w.Connect("delete-event", func() bool { wish(); return true })
	w.Connect("destroy", func() { delete(questions, w.Native()); end() })
	coverAtEnd(g, w, quitOwn)
	return wish
}

// questions has the last question of QuitOnClose for each window. The key is the window's
// address in C, since gotk3 makes several wrappers for one window. UI thread only.
var questions = map[uintptr]*windows.Question{}

// AskOnClose lets ask decide whether w may close when the user closes it, for example a document
// with unsaved changes. request is the same wish; call it from a menu or a shortcut. UI thread
// only, also for request. Neither waits.
//
// ask is called in a task of ctx's scope, never twice at the same time. If it answers yes, w is
// destroyed, so its [WithWindow] ends. If it answers no, returns an error or panics, w stays, as
// in [QuitOnClose]. The error is kept apart: it cancels no other task, and goes to
// Options.OnError.
//
// AskOnClose lasts until ctx is done. After that w closes like any window, and request closes it
// without a question.
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
