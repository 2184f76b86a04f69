package fynehost

import (
	"context"

	"fyne.io/fyne/v2"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/hosts/internal/windows"
)

// AskOnClose has ask decide whether the user may close w: a document with unsaved changes, for
// example. A click on the close button and request, which is for a menu or a shortcut, do the
// same: ask is called in a task of ctx's innermost scope, once at a time. If it answers yes, w
// is closed, and so [WithWindow] ends. If it answers no, w stays. For the window whose closing
// ends the program there is [QuitOnClose]. UI thread only. Never waits, and neither does
// request, which is for the UI thread.
//
// If ask fails or panics, w stays, too, since what could not be saved would be lost. The error
// goes to guest.Options.OnError, or to the log, and cancels no other task, whatever the scope.
// So let ask offer a way out, such as "Discard".
//
// It lasts until ctx is done; then the close button closes w unasked. It takes w's
// SetCloseIntercept, of which Fyne has one, without a way to get what was set before: that is
// never called any more, which the log says. Of several calls for w, of QuitOnClose too, the last
// one counts, and what the earlier ones have returned asks as it does. Fyne does not ask when the
// program calls w.Close or App.Quit: call request instead.
func AskOnClose(ctx context.Context, w fyne.Window, ask func(ctx context.Context) (bool, error)) (request func()) {
	needWindow("AskOnClose", w)
	if ask == nil {
		panic("fynehost: AskOnClose called with a nil function; pass what decides whether the window may be closed")
	}
	if _, ok := guest.FromContext(ctx); !ok {
		panic("fynehost: AskOnClose called with a context that no guest made; pass that of a task, or of WithWindow")
	}
	h := &closeHook{window: w, question: windows.Question{
		Ask:    ask,
		Start:  windows.ApartFrom(ctx, ask, w.Close),
		Over:   func() bool { return ctx.Err() != nil },
		Agreed: w.Close,
	}}
	h.put("AskOnClose")
	loop := currentLoop()
	context.AfterFunc(ctx, func() { loop.do(h.giveBack) })
	return h.wish
}

// A closeHook is what is in a window's SetCloseIntercept. UI thread only.
type closeHook struct {
	window   fyne.Window
	question windows.Question
}

// closeHooks has the one of each window that can be given back. UI thread only.
var closeHooks = map[fyne.Window]*closeHook{}

// wish asks for the window to be closed, by the last question that was put.
func (h *closeHook) wish() {
	if last := closeHooks[h.window]; last != nil {
		h = last
	}
	h.question.Wish()
}

func (h *closeHook) put(verb string) {
	takesHook(verb, h.window, interceptField, "SetCloseIntercept", "let ask do what it does")
	closeHooks[h.window] = h
	h.window.SetCloseIntercept(h.wish)
}

// giveBack empties the hook, unless others have taken it since.
func (h *closeHook) giveBack() {
	if closeHooks[h.window] != h {
		return
	}
	delete(closeHooks, h.window)
	if isOpen(h.window) && !hooked(h.window, interceptField) {
		h.window.SetCloseIntercept(nil)
	}
}
