//go:build cgo

package gtkhost

// #include "source.h"
import "C"

import (
	"context"
	"iter"
	"runtime"

	"github.com/gotk3/gotk3/glib"

	"github.com/golodger/lodger/hosts/internal/events"
)

// Signals as values: a task waits for one, or ranges over many. They are disconnected when the wait or the range ends, and with it the
// task. No goroutine is involved. They only look on: a signal whose handler answers ("delete-event") needs a handler of its own. An
// object that is destroyed emits nothing any more, and a wait for it lasts until its context is done: see gtkui.WithWindow.

// An Object is what emits signals: all of gotk3's widgets, dialogs, actions.
type Object interface {
	Connect(signal string, f any) glib.SignalHandle
	Native() uintptr
}

// Connect connects handler, as gotk3 does, and returns how to disconnect it, which is right also when o has been destroyed, and with it
// all its handlers. UI thread only. Never waits.
func Connect(o Object, signal string, handler any) (disconnect func()) {
	handle := o.Connect(signal, handler)
	return func() {
		C.lodger_disconnect(C.uintptr_t(o.Native()), C.ulong(handle))
		runtime.KeepAlive(o)
	}
}

// Signal waits until o emits a signal: Signal(ctx, button, "clicked"). In a task. Waits. Only one from now on counts.
func Signal(ctx context.Context, o Object, signal string) error {
	_, err := events.One(ctx, func() *events.Listener[struct{}] { return listenPlain(o, signal) })
	return err
}

// Signals ranges over a signal, from the start of the loop until ctx is done; ctx.Err() tells why it ended. What comes while the
// loop's body waits is kept for later. In a task.
//
//	for range gtkhost.Signals(ctx, button, "clicked") { … }
func Signals(ctx context.Context, o Object, signal string) iter.Seq[struct{}] {
	return events.Each(ctx, func() *events.Listener[struct{}] { return listenPlain(o, signal) })
}

// Values ranges over the first value that comes with a signal, as [Signals] does. T is the type that gotk3 gives
// it, or one that it can be converted to; another panics in the signal.
//
//	for r := range gtkhost.Values[int](ctx, dialog, "response") { … }
func Values[T any](ctx context.Context, o Object, signal string) iter.Seq[T] {
	return events.Each(ctx, func() *events.Listener[T] {
		l := new(events.Listener[T])
		l.Stop = Connect(o, signal, func(_ any, v T) { l.Tell(v) })
		return l
	})
}

func listenPlain(o Object, signal string) *events.Listener[struct{}] {
	l := new(events.Listener[struct{}])
	l.Stop = Connect(o, signal, func() { l.Tell(struct{}{}) })
	return l
}
