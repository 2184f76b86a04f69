package fynehost

import (
	"context"
	"iter"
	"reflect"
	"slices"

	"fyne.io/fyne/v2/data/binding"

	"github.com/golodger/lodger/hosts/internal/events"
)

// Fyne's widgets tell what happens through fields that hold one function each: Button.OnTapped,
// Entry.OnChanged, List.OnSelected. Here such a field becomes something to range over, beside
// the handler that it holds: that one is called first, as before. No goroutine is involved.

// Tap waits until one of handlers is called, and returns which, from 0: Tap(ctx, &yes.OnTapped,
// &no.OnTapped). In a task. Waits. Only a call from now on counts. The error is that of ctx.
func Tap(ctx context.Context, handlers ...*func()) (int, error) {
	needTask("Tap")
	needField("Tap", len(handlers) == 0 || slices.Contains(handlers, nil))
	return events.One(ctx, func() *events.Listener[int] { return listenAll(handlers) })
}

// Taps ranges over the calls of handler, from the start of the loop until ctx is done;
// ctx.Err() tells why it ended. What comes while the loop's body waits is kept for later: five
// impatient taps are five rounds. A handler that the program assigns to the field meanwhile
// ends the telling; assign it before, or keep the old one and call it. In a task.
//
//	for range fynehost.Taps(ctx, &button.OnTapped) { … }
func Taps(ctx context.Context, handler *func()) iter.Seq[struct{}] {
	needField("Taps", handler == nil)
	return events.Each(ctx, func() *events.Listener[struct{}] { needTask("Taps"); return listenPlain(handler) })
}

// Changes ranges over the values that handler is called with, as [Taps] does. Where only the
// last one counts, as in a search while one types, range over the [Values] of a binding.
//
//	for text := range fynehost.Changes(ctx, &entry.OnChanged) { … }
func Changes[T any](ctx context.Context, handler *func(T)) iter.Seq[T] {
	needField("Changes", handler == nil)
	return events.Each(ctx, func() *events.Listener[T] { needTask("Changes"); return listen(handler) })
}

// Values ranges over the values of a binding, from its present one on, until ctx is done. Of
// values that come while the loop's body waits only the last is seen: a binding is what
// something is, and not what happened to it. It ends also when the value can't be got. In a
// task.
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

// A hook sits in a handler field as long as somebody listens. They share one, because they may
// come and go in any order.
type hook[T any] struct {
	own       func(T) // what the field held
	listeners []*func(T)
	put, take func() // into the field, and out of it
}

func (h *hook[T]) call(v T) {
	if h.own != nil {
		h.own(v)
	}
	for _, l := range h.listeners {
		(*l)(v) // which only queues
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
			if !same(*field, call) { // new, or the program has set another handler since
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

// listenPlain is listen for a field whose function gets no value.
func listenPlain(field *func()) *events.Listener[struct{}] {
	l := new(events.Listener[struct{}])
	l.Stop = joinPlain(field, l.Tell)
	return l
}

// listenAll adds one listener to several fields. It is told which of them was called.
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

// join has tell called when the field's function is called.
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
		// a copy: call may be ranging
		h.listeners = slices.Concat(h.listeners[:i], h.listeners[i+1:])
		if len(h.listeners) == 0 {
			delete(hooks, field)
			h.take()
		}
	}
}

// same compares two functions by their code, which tells a hook's from a program's.
func same(a, b any) bool { return reflect.ValueOf(a).Pointer() == reflect.ValueOf(b).Pointer() }

func needField(verb string, missing bool) {
	if missing {
		panic("fynehost: " + verb + " called with a nil handler; pass the address of a widget's field, as in &button.OnTapped")
	}
}
