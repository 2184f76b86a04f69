package fynehost

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"fyne.io/fyne/v2"

	"github.com/golodger/lodger/guest"
)

// When a dialog goes, Fyne also removes all dialogs above it in the same window, and they are
// never answered. So a dialog that is taken back stays until those above it have gone.

// A question is a dialog that a task waits for, or has waited for.
type question struct {
	window fyne.Window
	ctx    context.Context // of the task
	cover  bool            // it is a cover, which asks nothing
	heard  bool            // the user has dismissed it
	over   bool
	popUp  fyne.CanvasObject // Fyne's pop-up, after it is shown
	hide   func()            // removes the dialog when nothing lies above it; nil: nothing to do
	unhook func()
}

// questions has the questions of each window, from bottom to top. UI thread only.
var questions = map[fyne.Window][]*question{}

// posed counts the questions. UI thread only.
var posed int

// pose begins a question in w. It calls gone if w is closed during the question. In a task.
func pose(ctx context.Context, verb string, w fyne.Window, gone func()) (*question, error) {
	needTask(verb)
	needWindow(verb, w)
	if err := closed(ctx, w); err != nil {
		return nil, err
	}
	if loopEnded() { // and ctx does not tell, since it is shielded
		return nil, fmt.Errorf("%w; %w", guest.ErrHostGone, guest.ErrNotBegun)
	}
	posed++
	q := &question{window: w, ctx: ctx}
	q.unhook = onClosedIfFree(w, gone)
	questions[w] = append(questions[w], q)
	return q, nil
}

// shown records that the dialog has just been shown.
func (q *question) shown() { q.popUp = q.window.Canvas().Overlays().Top() }

// end ends the question. If hide is not nil, it removes the dialog, at once or when those above
// it have gone.
func (q *question) end(hide func()) {
	q.unhook()
	q.over = true
	if !loopEnded() && !errors.Is(context.Cause(q.ctx), guest.ErrHostGone) { // or it can't be seen
		q.hide = hide
	}
	settle(q.window)
}

// unanswered reports whether a task still wants an answer from the user.
func (q *question) unanswered() bool { return !q.cover && !q.heard && !q.over && q.ctx.Err() == nil }

// asking reports whether a dialog of any window still wants an answer. A pop-up of the program in
// a window other than w counts, too.
func asking(w fyne.Window) bool {
	for _, list := range questions {
		if slices.ContainsFunc(list, (*question).unanswered) {
			return true
		}
	}
	for _, other := range fyne.CurrentApp().Driver().AllWindows() {
		top := other.Canvas().Overlays().Top()
		ours := func(q *question) bool { return q.popUp == top }
		if other != w && top != nil && !slices.ContainsFunc(questions[other], ours) {
			return true
		}
	}
	return false
}

// settle removes finished dialogs from the top.
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

// ask is [guest.Await] for a dialog of w that disappears by itself when the user answers. If w
// is closed during the dialog, the error is guest.ErrWindowClosed: the dialog goes with its
// window, and is never answered.
func ask[T any](ctx context.Context, verb string, w fyne.Window, start func(answer func(T)) (hide func())) (v T, err error) {
	f := guest.NewFuture[T]()
	q, err := pose(ctx, verb, w, func() { f.Reject(guest.ErrWindowClosed) })
	if err != nil {
		return v, err
	}
	var left func()
	defer func() { q.end(left) }() // also if the task ends here
	hide := start(func(v T) { f.Resolve(v) })
	q.shown()
	if v, err = f.Wait(ctx); err != nil {
		left = hide
	}
	return v, err
}

// needTask panics outside a task, before a call that waits shows or changes anything.
func needTask(verb string) {
	if _, ok := guest.CurrentTask(); !ok {
		panic("fynehost: " + verb + " called outside a task; in a handler start a task with Go, elsewhere use guest.CallOnMain")
	}
}
