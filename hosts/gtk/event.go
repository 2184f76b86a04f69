//go:build cgo

package gtkhost

// #include "source.h"
import "C"

import (
	"context"
	"fmt"
	"iter"
	"reflect"
	"runtime"

	"github.com/gotk3/gotk3/glib"

	"github.com/golodger/lodger/hosts/internal/events"
)

// Signals as values: a task waits for one signal, or ranges over many. The signals are
// disconnected when the wait, the range or the task ends. No goroutine is involved. A misspelt
// signal panics, since it would never come.

// An Object emits signals: it is anything that embeds a glib.Object, such as gotk3's widgets,
// dialogs and actions.
type Object interface {
	Connect(signal string, f any) glib.SignalHandle
}

// native returns the GObject of o, or 0. Some widgets, such as entries, inherit two Native
// methods and so have none. The object that they embed has one.
func native(o Object) uintptr {
	if n, ok := o.(interface{ Native() uintptr }); ok {
		return n.Native()
	}
	if object := embedded(reflect.ValueOf(o)); object != nil {
		return object.Native()
	}
	return 0
}

// isNil reports whether o is nil or a nil pointer.
func isNil(o Object) bool {
	v := reflect.ValueOf(o)
	return o == nil || v.Kind() == reflect.Pointer && v.IsNil()
}

// embedded returns the glib.Object that v is or embeds, or nil.
func embedded(v reflect.Value) *glib.Object {
	switch v.Kind() {
	case reflect.Pointer:
		if o, ok := v.Interface().(*glib.Object); ok {
			return o
		}
		return embedded(v.Elem())
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.Anonymous && f.IsExported() {
				if o := embedded(v.Field(i)); o != nil {
					return o
				}
			}
		}
	}
	return nil
}

// Connect connects handler as gotk3 does, and returns a function that disconnects it. You may
// call that function even if o has been destroyed, and all its handlers with it. Connect panics
// if o has no such signal, or if handler is not a function. UI thread only. Never waits.
func Connect(o Object, signal string, handler any) (disconnect func()) {
	query("Connect", o, signal)
	if f := reflect.ValueOf(handler); f.Kind() != reflect.Func || f.IsNil() {
		panic(fmt.Sprintf("gtkhost: Connect called for the signal %q with a handler that is not a function; pass a func", signal))
	}
	handle := o.Connect(signal, handler)
	return func() {
		C.lodger_disconnect(C.uintptr_t(native(o)), C.ulong(handle))
		runtime.KeepAlive(o)
	}
}

// query returns how many values a signal has, and the type of the first value if that can't be
// kept.
func query(verb string, o Object, signal string) (values int, fleeting string) {
	if isNil(o) || native(o) == 0 {
		panic("gtkhost: " + verb + " called with a nil object; make the object first")
	}
	known := C.lodger_signal_query(C.uintptr_t(native(o)), C.CString(signal))
	runtime.KeepAlive(o)
	if known.values < 0 { // it would never come
		panic(fmt.Sprintf("gtkhost: %s called for the signal %q, which a %T does not have; check the name", verb, signal, o))
	}
	return int(known.values), C.GoString(known.fleeting)
}

// Signal waits until o emits a signal: Signal(ctx, button, "clicked"). Only an emission from now
// on counts. [First] waits for one of several signals. In a task. Waits.
func Signal(ctx context.Context, o Object, signal string) error {
	needTask("Signal")
	_, err := First(ctx, On(o, signal))
	return err
}

// A Source is a signal of an object. [On] makes one.
type Source struct {
	object Object
	signal string
}

// On returns a signal of an object as a Source for [First]. UI thread only. Never waits.
func On(o Object, signal string) Source { return Source{o, signal} }

// First waits until one of several signals is emitted, and returns its index. For example, the
// user confirms by Return in the entry, by a click, or goes back. Only emissions from now on
// count. With an error the index is -1. It panics without a source. In a task. Waits.
//
//	i, err := gtkhost.First(ctx, gtkhost.On(entry, "activate"), gtkhost.On(ok, "clicked"))
func First(ctx context.Context, sources ...Source) (int, error) {
	needTask("First")
	if len(sources) == 0 {
		panic("gtkhost: First called without a source; pass at least one from On")
	}
	i, err := events.One(ctx, func() *events.Listener[int] { return listenFirst(sources) })
	if err != nil {
		return -1, err
	}
	return i, nil
}

// Signals ranges over the emissions of a signal, from the start of the loop until ctx is done.
// Then ctx.Err() tells why it ended. Emissions that come while the loop's body waits are kept
// for later. In a task. Waits.
//
//	for range gtkhost.Signals(ctx, button, "clicked") { … }
func Signals(ctx context.Context, o Object, signal string) iter.Seq[struct{}] {
	return events.Each(ctx, func() *events.Listener[struct{}] { needTask("Signals"); return listenPlain(o, signal) })
}

// Values ranges over the first value of a signal, as [Signals] does. T is the type that gotk3
// uses for the value, or a type to which it can be converted. Values panics in the task for any
// other type and for a signal without values. It also panics for values that are invalid after
// the handlers have returned: events, tree paths and iterators, and the property of "notify". It
// keeps every emission, as Changes of fynehost does; Values of fynehost keeps only the latest.
// In a task. Waits.
//
//	for r := range gtkhost.Values[int](ctx, dialog, "response") { … }
func Values[T any](ctx context.Context, o Object, signal string) iter.Seq[T] {
	return func(yield func(T) bool) {
		needTask("Values")
		switch values, fleeting := query("Values", o, signal); {
		case values == 0:
			panic(fmt.Sprintf("gtkhost: Values called for the signal %q, which has no values; use Signals", signal))
		case fleeting != "":
			panic(fmt.Sprintf("gtkhost: Values called for the signal %q, whose %s can't be kept; use Signals, "+
				"or Connect, and take what you need in the handler", signal, fleeting))
		}
		for v := range events.Each(ctx, func() *events.Listener[any] {
			l := new(events.Listener[any])
			l.Stop = Connect(o, signal, func(_, v any) { l.Tell(v) })
			return l
		}) {
			t, ok := converted[T](v)
			if !ok {
				panic(fmt.Sprintf("gtkhost: Values[%v] called for the signal %q, whose value is a %T; use Values[%[3]T]", reflect.TypeFor[T](), signal, v))
			}
			if !yield(t) {
				return
			}
		}
	}
}

// needTask panics outside a task, before a call that waits connects anything.
func needTask(verb string) {
	if !events.InTask() {
		panic("gtkhost: " + verb + " called outside a task; in a handler start a task with Go, elsewhere use guest.CallOnMain")
	}
}

// converted converts as Go does, but does not convert a number to text.
func converted[T any](v any) (t T, ok bool) {
	if t, ok := v.(T); ok {
		return t, true
	}
	from, to := reflect.ValueOf(v), reflect.TypeFor[T]()
	if !from.IsValid() || !from.CanConvert(to) || to.Kind() == reflect.String && from.CanInt() || to.Kind() == reflect.String && from.CanUint() {
		return t, false
	}
	return from.Convert(to).Interface().(T), true
}

func listenFirst(sources []Source) *events.Listener[int] {
	for _, s := range sources {
		query("Connect", s.object, s.signal) // it panics before anything is connected
	}
	l := new(events.Listener[int])
	var stops []func()
	for i, s := range sources {
		stops = append(stops, Connect(s.object, s.signal, func() { l.Tell(i) }))
	}
	l.Stop = func() {
		for _, stop := range stops {
			stop()
		}
	}
	return l
}

func listenPlain(o Object, signal string) *events.Listener[struct{}] {
	l := new(events.Listener[struct{}])
	l.Stop = Connect(o, signal, func() { l.Tell(struct{}{}) })
	return l
}
