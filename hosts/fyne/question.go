package fynehost

import (
	"context"
	"slices"

	"fyne.io/fyne/v2"
)

// Fyne takes away with a dialog all that lie above it in the same window, and those are never
// answered. So a dialog that is taken back while others lie above it stays until they have
// gone.

// A question is a dialog that a task waits for, or no longer.
type question struct {
	over bool
	hide func() // what is left to do when nothing lies above it; nil: nothing
}

// questions of each window, from bottom to top. UI thread only.
var questions = map[fyne.Window][]*question{}

// ask is [Await] for a dialog of w.
func ask[T any](ctx context.Context, verb string, w fyne.Window, start func(answer func(T)) (hide func())) (T, error) {
	needTask(verb)
	needWindow(verb, w)
	if !isOpen(w) {
		var none T
		return none, ErrWindowClosed
	}
	q := new(question)
	questions[w] = append(questions[w], q)
	defer func() { // also when the task ends here
		q.over = true
		settle(w)
	}()
	return Await(ctx, func(answer func(T)) func() {
		hide := start(answer)
		return func() { q.hide = hide }
	})
}

// settle takes away from the top what is over.
func settle(w fyne.Window) {
	list := questions[w]
	for len(list) > 0 && list[len(list)-1].over {
		top := list[len(list)-1]
		list = list[:len(list)-1]
		if top.hide != nil {
			top.hide()
		}
	}
	if len(list) == 0 {
		delete(questions, w)
		return
	}
	questions[w] = slices.Clip(list)
}

func needWindow(verb string, w fyne.Window) {
	if w == nil {
		panic("fynehost: " + verb + " called with a nil window; pass the window that it belongs to")
	}
}

// isOpen reports whether w has not been closed.
func isOpen(w fyne.Window) bool { return slices.Contains(fyne.CurrentApp().Driver().AllWindows(), w) }
