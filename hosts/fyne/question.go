package fynehost

import (
	"context"
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
	over bool
	hide func() // what is left to do when nothing lies above it; nil: nothing
}

// questions of each window, from bottom to top. UI thread only.
var questions = map[fyne.Window][]*question{}

// ask is [Await] for a dialog of w. When w is closed under it, the error is
// guest.ErrWindowClosed: a dialog goes with its window, and is never answered.
func ask[T any](ctx context.Context, verb string, w fyne.Window, start func(answer func(T)) (hide func())) (none T, err error) {
	needTask(verb)
	needWindow(verb, w)
	if err := closed(ctx, w); err != nil {
		return none, err
	}
	if loopEnded() { // and ctx is shielded from that
		return none, fmt.Errorf("%w; %w", guest.ErrHostGone, guest.ErrNotBegun)
	}
	q := new(question)
	questions[w] = append(questions[w], q)
	defer func() { // also when the task ends here
		q.over = true
		settle(w)
	}()
	f := guest.NewFuture[T]()
	defer onClosedIfFree(w, func() { f.Reject(guest.ErrWindowClosed) })()
	return await(ctx, f, func() func() {
		hide := start(func(v T) { f.Resolve(v) })
		return func() { q.hide = hide }
	})
}

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
