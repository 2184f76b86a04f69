package fynehost

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"fyne.io/fyne/v2"

	"github.com/golodger/lodger/guest"
)

// Fyne takes away with a dialog all that lie above it in the same window, and those are never
// answered. So a dialog that is taken back while others lie above it stays until they have
// gone.

// A question is a dialog that a task waits for, or no longer.
type question struct {
	window fyne.Window
	ctx    context.Context // of the task
	over   bool
	popUp  fyne.CanvasObject // Fyne's, once it is shown
	hide   func()            // what is left to do when nothing lies above it; nil: nothing
	unhook func()
}

// questions of each window, from bottom to top. UI thread only.
var questions = map[fyne.Window][]*question{}

// pose begins a question in w, and has gone called when w is closed under it. In a task.
func pose(ctx context.Context, verb string, w fyne.Window, gone func()) (*question, error) {
	needTask(verb)
	needWindow(verb, w)
	if err := closed(ctx, w); err != nil {
		return nil, err
	}
	if loopEnded() { // and ctx is shielded from that
		return nil, fmt.Errorf("%w; %w", guest.ErrHostGone, guest.ErrNotBegun)
	}
	q := &question{window: w, ctx: ctx}
	q.unhook = onClosedIfFree(w, gone)
	questions[w] = append(questions[w], q)
	return q, nil
}

// shown notes that the dialog has just been shown.
func (q *question) shown() { q.popUp = q.window.Canvas().Overlays().Top() }

// end ends the question. hide, if not nil, takes its dialog away, at once or when those above it
// have gone.
func (q *question) end(hide func()) {
	q.unhook()
	q.over = true
	if !loopEnded() && !errors.Is(context.Cause(q.ctx), guest.ErrHostGone) { // else no one sees it
		q.hide = hide
	}
	settle(q.window)
}

// unanswered reports whether a task still wants an answer from the user.
func (q *question) unanswered() bool { return !q.over && q.ctx.Err() == nil }

// settle takes away from the top what is over.
func settle(w fyne.Window) {
	list := questions[w]
	for len(list) > 0 && list[len(list)-1].over {
		top := list[len(list)-1]
		list = list[:len(list)-1]
		if top.hide != nil && isOpen(w) {
			top.hide()
		}
	}
	if len(list) == 0 {
		delete(questions, w)
		return
	}
	questions[w] = slices.Clip(list)
}

// ask is [guest.Await] for a dialog of w that goes by itself when it is answered. When w is
// closed under it, the error is guest.ErrWindowClosed: a dialog goes with its window, and is
// never answered.
func ask[T any](ctx context.Context, verb string, w fyne.Window, start func(answer func(T)) (hide func())) (v T, err error) {
	f := guest.NewFuture[T]()
	q, err := pose(ctx, verb, w, func() { f.Reject(guest.ErrWindowClosed) })
	if err != nil {
		return v, err
	}
	var left func()
	defer func() { q.end(left) }() // also when the task ends here
	hide := start(func(v T) { f.Resolve(v) })
	q.shown()
	if v, err = f.Wait(ctx); err != nil {
		left = hide
	}
	return v, err
}

// needTask refuses a call that waits before it shows or changes anything.
func needTask(verb string) {
	if _, ok := guest.CurrentTask(); !ok {
		panic("fynehost: " + verb + " called outside a task; in a handler start a task with Go, elsewhere use guest.CallOnMain")
	}
}
