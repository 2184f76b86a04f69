package fynehost

import (
	"context"

	"fyne.io/fyne/v2"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/hosts/internal/windows"
)

// AskOnClose lets ask decide whether the user may close w, for example a document with unsaved
// changes. A click on the close button calls ask, and so does request, which you call from a
// menu or a shortcut. ask is called in a task of ctx's innermost scope, and never twice at the
// same time. If it answers yes, w is closed, so [WithWindow] ends. If it answers no, w stays.
// For the window whose closing ends the program, use [QuitOnClose]. UI thread only, also for
// request. Neither of them waits.
//
// If ask returns an error, w also stays, so that unsaved work is not lost. The error goes to
// guest.Options.OnError, or to the log. It cancels no other task, whatever the scope. So let ask
// offer a way out, such as "Discard". The same holds for a panic in ask if there is an OnError;
// without one it ends the guest, as the panic of any task does.
//
// AskOnClose lasts until ctx is done. After that the close button closes w without a question,
// unless QuitOnClose was called for w before: then that counts again. AskOnClose uses w's
// SetCloseIntercept. Fyne has only one and does not let us read it, so a function that was set
// there before is never called again. The log says so. If you call AskOnClose or QuitOnClose
// several times for w, the last call counts; the functions that earlier calls returned then ask
// the same question. Fyne does not ask when the program calls w.Close or App.Quit: call request
// instead.
func AskOnClose(ctx context.Context, w fyne.Window, ask func(ctx context.Context) (bool, error)) (request func()) {
	needWindow("AskOnClose", w)
	if ask == nil {
		panic("fynehost: AskOnClose called with a nil function; pass a function that decides whether the window may close")
	}
	if _, ok := guest.FromContext(ctx); !ok {
		panic("fynehost: AskOnClose called with a context without a guest; pass the context of a task or of WithWindow")
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

// A closeHook is the value in a window's SetCloseIntercept. UI thread only.
type closeHook struct {
	window   fyne.Window
	question windows.Question
	quits    *closeHook // of QuitOnClose: this one, or an earlier one of the window; may be nil
}

// closeHooks has each window's hook that can be given back. UI thread only.
var closeHooks = map[fyne.Window]*closeHook{}

// wish asks for the window to be closed, with the most recent ask.
func (h *closeHook) wish() {
	if last := closeHooks[h.window]; last != nil {
		h = last
	}
	h.question.Wish()
}

func (h *closeHook) put(verb string) {
	takesHook(verb, h.window, interceptField, "SetCloseIntercept", "do its work in ask")
	if last := closeHooks[h.window]; last != nil && h.quits == nil {
		h.quits = last.quits
	}
	closeHooks[h.window] = h
	h.window.SetCloseIntercept(h.wish)
}

// giveBack gives the hook back to an earlier QuitOnClose, or empties it, unless other code has
// taken it since.
func (h *closeHook) giveBack() {
	if closeHooks[h.window] != h {
		return
	}
	delete(closeHooks, h.window)
	switch {
	case !isOpen(h.window) || hooked(h.window, interceptField):
	case h.quits != nil:
		closeHooks[h.window] = h.quits
		h.window.SetCloseIntercept(h.quits.wish)
	default:
		h.window.SetCloseIntercept(nil)
	}
}
