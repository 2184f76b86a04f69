package flow

import (
	"context"
	"slices"
)

// Bind calls fn with the current value of the Var, and again after changes, until ctx is done.
// fn runs on the UI thread of the guest of ctx (found as in guest.RunOnMain). Any goroutine,
// any UI handler. Never waits.
//
//	title.Bind(ctx, label.SetText)
//
// fn is called soon and never at once, outside any task, at most once in each turn of the loop
// (and once more when the task that made the binding ends), and with the newest value. It must
// not wait. A binding costs no task and no goroutine. A panic in fn goes to
// guest.Options.OnError, or the log, and does not end the binding. Pass a context that ends
// with the widget, such as that of the window's task. A binding that a function of Background
// makes ends with that function. Bind panics if fn is nil, or if there is no guest.
func (x *Var[T]) Bind(ctx context.Context, fn func(v T)) {
	needFunc(fn == nil, "Bind")
	b := &binding[T]{seen: sight[T]{equal: x.equal}}
	b.notify = notice(ctx, "Bind", func() {
		if ctx.Err() != nil {
			return
		}
		if v, version := x.newest(); b.seen.news(v, version) {
			fn(v)
		}
	})
	x.mu.Lock()
	x.bound = append(slices.Clip(x.bound), b)
	x.mu.Unlock()
	context.AfterFunc(ctx, func() { x.unbind(b) })
	b.notify()
}

func (x *Var[T]) unbind(b *binding[T]) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.bound = slices.DeleteFunc(slices.Clone(x.bound), func(other *binding[T]) bool { return other == b })
}
