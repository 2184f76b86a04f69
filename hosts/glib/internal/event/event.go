// Package event makes GLib call functions, for tests: test files can't contain C.
package event

// #cgo pkg-config: glib-2.0
// #include <glib.h>
// #include <stdint.h>
// void lodgerEvent(uintptr_t handle);
// static gboolean once(gpointer handle) { lodgerEvent((uintptr_t)handle); return FALSE; }
// static void later(uintptr_t handle) { g_timeout_add(1, once, (gpointer)handle); }
import "C"

import "runtime/cgo"

// Later makes the loop of the default context call fn once, soon. Any goroutine. Never waits.
func Later(fn func()) { C.later(C.uintptr_t(cgo.NewHandle(fn))) }

//export lodgerEvent
func lodgerEvent(handle C.uintptr_t) {
	h := cgo.Handle(handle)
	fn := h.Value().(func())
	h.Delete()
	fn()
}
