package flow

import (
	"context"
	"slices"
)

// Bind has fn called with the value that the Var has, and then with each change, on the UI
// thread of the guest of ctx (found as in guest.RunOnMain), until ctx is done. Any goroutine,
// any UI handler. Never waits.
//
//	title.Bind(ctx, label.SetText)
//
// fn is called soon and never at once, outside any task, and at most once in each turn of the
// loop, with the newest value; it must not wait. It costs no task and no goroutine. A panic in
// it goes to guest.Options.OnError, or the log, and does not end the binding. What is bound to
// one Var is called in the order of binding. Take a context that ends with the widget: that of
// the window's task, say. A binding that a function of Background makes ends with that. Bind
// panics if fn is nil, or there is no guest.
func (x *Var[T]) Bind(ctx context.Context, fn func(v T)) {
	needFunc(fn == nil, "Bind")
	b := &binding[T]{seen: sight[T]{equal: x.equal}}
	b.notify = notice(ctx, "Bind", func() {
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
