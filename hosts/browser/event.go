//go:build js

package browserhost

import (
	"context"
	"iter"
	"syscall/js"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/hosts/internal/events"
)

// Event waits for the next event with that name, such as "click", at target: an element, the
// document, the window, or any object with addEventListener. The functions atOnce are called
// while the page dispatches the event, before the task goes on: see [PreventDefault]. The error
// is that of ctx. In a task. Waits.
func Event(ctx context.Context, target js.Value, name string, atOnce ...func(event js.Value)) (js.Value, error) {
	return events.One(ctx, func() *events.Listener[js.Value] { return listen(ctx, "Event", target, name, atOnce) })
}

// Events ranges over the events with that name at target, from the start of the range until
// ctx is done. Then ctx.Err() tells why it ended. Events that come while the loop's body waits are
// kept for later. In a task. Waits.
//
//	for range browserhost.Events(ctx, button, "click") { … }
//	for e := range browserhost.Events(ctx, form, "submit", browserhost.PreventDefault) { … }
func Events(ctx context.Context, target js.Value, name string, atOnce ...func(event js.Value)) iter.Seq[js.Value] {
	return events.Each(ctx, func() *events.Listener[js.Value] { return listen(ctx, "Events", target, name, atOnce) })
}

// PreventDefault stops the browser's default action for an event, such as loading a page for a
// form. Pass it to [Event] or [Events], which call it at once: when a task gets the event it is
// too late. Any goroutine. Never waits.
func PreventDefault(event js.Value) { event.Call("preventDefault") }

// listen adds a listener. The page calls it on its own goroutine. The guest gets the event in
// its next turn.
func listen(ctx context.Context, verb string, target js.Value, name string, atOnce []func(js.Value)) *events.Listener[js.Value] {
	g, ok := guest.FromContext(ctx)
	if !ok {
		panic("browserhost: " + verb + " called without a guest; call it in a task, with the task's context")
	}
	if add := target; add.Type() != js.TypeObject && add.Type() != js.TypeFunction ||
		add.Get("addEventListener").Type() != js.TypeFunction {
		panic("browserhost: " + verb + " called for a value that has no events; check that the page has this element")
	}
	l := new(events.Listener[js.Value])
	hear := js.FuncOf(func(_ js.Value, args []js.Value) any {
		for _, fn := range atOnce {
			fn(args[0])
		}
		_ = g.Post(func() { l.Tell(args[0]) }) // an error says that the guest has ended
		return nil
	})
	target.Call("addEventListener", name, hear)
	l.Stop = func() {
		target.Call("removeEventListener", name, hear)
		hear.Release()
	}
	return l
}
