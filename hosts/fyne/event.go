package fynehost

import (
	"context"
	"iter"
	"reflect"
	"slices"

	"fyne.io/fyne/v2/data/binding"

	"github.com/golodger/lodger/hosts/internal/events"
)

// Fyne's widgets report events through fields that hold one function each: Button.OnTapped,
// Entry.OnChanged, List.OnSelected. This file lets you range over the calls of such a field. The
// handler in the field is still called, and called first. No goroutine is involved.

// Tap waits until one of the handlers is called, and returns its index, counted from 0. Example:
// Tap(ctx, &yes.OnTapped, &no.OnTapped). Only a call from now on counts. With an error, which is
// that of ctx, the index is -1. In a task. Waits.
func Tap(ctx context.Context, handlers ...*func()) (int, error) {
	needTask("Tap")
	needField("Tap", len(handlers) == 0 || slices.Contains(handlers, nil))
	n, err := events.One(ctx, func() *events.Listener[int] { return listenAll(handlers) })
	if err != nil {
		return -1, err
	}
	return n, nil
}

// Taps ranges over the calls of handler, from the start of the loop until ctx is done. Then
// ctx.Err() tells why it ended. Calls that come while the loop's body waits are kept for later:
// five impatient taps make five rounds. If the program sets the field to another handler
// meanwhile, Taps gets no more calls. Set the handler before, or keep the old one and call it
// from the new one. In a task. Waits.
//
//	for range fynehost.Taps(ctx, &button.OnTapped) { … }
func Taps(ctx context.Context, handler *func()) iter.Seq[struct{}] {
	needField("Taps", handler == nil)
	return events.Each(ctx, func() *events.Listener[struct{}] { needTask("Taps"); return listenPlain(handler) })
}

// Changes ranges over the values with which handler is called, as [Taps] does. If only the
// latest value counts, as in a search while the user types, range over the [Values] of a
// binding. In a task. Waits.
//
//	for text := range fynehost.Changes(ctx, &entry.OnChanged) { … }
func Changes[T any](ctx context.Context, handler *func(T)) iter.Seq[T] {
	needField("Changes", handler == nil)
	return events.Each(ctx, func() *events.Listener[T] { needTask("Changes"); return listen(handler) })
}

// Values ranges over the values of a binding, beginning with its current one, until ctx is done.
// If several values come while the loop's body waits, it sees only the last: a binding is a
// state, not a list of events. It also ends if it can't read the value. In a task. Waits.
func Values[T any](ctx context.Context, item binding.Item[T]) iter.Seq[T] {
	needItem("Values", item)
	return func(yield func(T) bool) {
		needTask("Values")
		l := &events.Listener[struct{}]{Latest: true}
		data := binding.NewDataListener(func() { l.Tell(struct{}{}) })
		item.AddListener(data)
		defer item.RemoveListener(data)
		for {
			if _, err := l.Next(ctx); err != nil {
				return
			}
			v, err := item.Get()
			if err != nil || !yield(v) {
				return
			}
		}
	}
}

// A hook stays in a handler field as long as there are listeners. The listeners of a field share
// one hook, since they may come and go in any order.
type hook[T any] struct {
	own       func(T) // the function that the field held
	listeners []*func(T)
	put, take func() // put the hook into the field, and take it out
}

func (h *hook[T]) call(v T) {
	if h.own != nil {
		h.own(v)
	}
	for _, l := range h.listeners {
		(*l)(v) // it only queues the value
	}
}

// hooks has the hook of each field, by the field's address. UI thread only.
var hooks = map[any]any{}

// listen adds a listener to the hook of a field.
func listen[T any](field *func(T)) *events.Listener[T] {
	l := new(events.Listener[T])
	l.Stop = join(field, l.Tell, func(h *hook[T]) {
		call := h.call
		h.put = func() {
			if !same(*field, call) { // a new hook, or the program has set a handler
				h.own, *field = *field, call
			}
		}
		h.take = func() {
			if same(*field, call) {
				*field = h.own
			}
		}
	})
	return l
}

// listenPlain is listen for a field whose function has no argument.
func listenPlain(field *func()) *events.Listener[struct{}] {
	l := new(events.Listener[struct{}])
	l.Stop = joinPlain(field, l.Tell)
	return l
}

// listenAll adds one listener to several fields. The listener gets the index of the field.
func listenAll(fields []*func()) *events.Listener[int] {
	l := new(events.Listener[int])
	var leave []func()
	for i, field := range fields {
		leave = append(leave, joinPlain(field, func(struct{}) { l.Tell(i) }))
	}
	l.Stop = func() {
		for _, leave := range leave {
			leave()
		}
	}
	return l
}

func joinPlain(field *func(), tell func(struct{})) (leave func()) {
	return join(field, tell, func(h *hook[struct{}]) {
		var own func()
		h.own = func(struct{}) {
			if own != nil {
				own()
			}
		}
		call := func() { h.call(struct{}{}) }
		h.put = func() {
			if !same(*field, call) {
				own, *field = *field, call
			}
		}
		h.take = func() {
			if same(*field, call) {
				*field = own
			}
		}
	})
}

// join calls tell whenever the field's function is called.
func join[T any](field any, tell func(T), prepare func(*hook[T])) (leave func()) {
	h, _ := hooks[field].(*hook[T])
	if h == nil {
		h = new(hook[T])
		prepare(h)
		hooks[field] = h
	}
	h.put()
	entry := &tell
	h.listeners = append(h.listeners, entry)
	return func() {
		i := slices.Index(h.listeners, entry)
		// a copy, since call may be ranging over it
		h.listeners = slices.Concat(h.listeners[:i], h.listeners[i+1:])
		if len(h.listeners) == 0 {
			delete(hooks, field)
			h.take()
		}
	}
}

// same compares two functions by their code. That tells a hook from a handler of the program.
func same(a, b any) bool { return reflect.ValueOf(a).Pointer() == reflect.ValueOf(b).Pointer() }

func needField(verb string, missing bool) {
	if missing {
		panic("fynehost: " + verb + " called with a nil handler; pass the address of a widget's field, as in &button.OnTapped")
	}
}
