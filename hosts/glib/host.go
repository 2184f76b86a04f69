// Package glibhost is a guest's host that iterates GLib's default main context itself. So it
// works beside any binding, or none: GTK 4, GTK 3, WebKit, GStreamer, whatever lives in that
// context. It imports no binding, and tasks run in plain Go, below no C.
//
//	g_application_register(app, NULL, NULL);   // instead of g_application_run
//	g_application_activate(app);
//
//	err := guest.RunTask(glibhost.New(), main, nil)
package glibhost

// #cgo pkg-config: glib-2.0
// #include <glib.h>
import "C"

import (
	"sync/atomic"

	"github.com/golodger/lodger/host"
)

// A Host iterates the default main context on one thread. It is a [host.Mainloop] and a
// [host.Threader].
type Host struct {
	queue *host.Queue
	ours  bool        // Mainloop iterates, and not RunLoop
	again bool        // do not sleep in the next iteration; UI thread only
	quit  atomic.Bool // by Quit
}

// New makes a host. Any goroutine. Never waits.
func New() *Host {
	return &Host{queue: host.NewQueue(wake)}
}

// wake ends the sleep of an iteration, or the next one. Without a loop it does no harm.
func wake() { C.g_main_context_wakeup(nil) }

// RunSyncSoonThreadsafe queues fn for the loop. Any goroutine. Never waits.
func (h *Host) RunSyncSoonThreadsafe(fn func()) { h.queue.Post(fn) }

// RunSyncSoonNotThreadsafe is the same, where nothing sleeps that must be woken. UI thread only.
// Never waits.
func (h *Host) RunSyncSoonNotThreadsafe(fn func()) {
	if h.queue.Add(fn) {
		h.again = true
	}
}

// OnThread reports whether the caller is on the thread that iterates. Any goroutine. Never waits.
func (h *Host) OnThread() bool { return h.queue.OnThread() }

// DoneCallback ends a loop that Mainloop runs. UI thread only. Never waits.
func (h *Host) DoneCallback(host.Outcome) {
	h.queue.End()
	if h.ours {
		h.Quit()
	}
}

// Quit ends the loop after the iteration that is under way, with or without the guest. Any
// goroutine. Never waits.
func (h *Host) Quit() {
	h.quit.Store(true)
	wake()
}

// Mainloop iterates the context until Quit, or until the guest has ended. Waits.
func (h *Host) Mainloop(startGuest func() error) error {
	h.ours = true
	h.queue.Begin()
	defer h.queue.End()
	if err := startGuest(); err != nil {
		return err
	}
	h.iterate()
	return nil
}

// RunLoop iterates the context until Quit, for a program that has its own guest (guest.Start). The
// caller has locked its goroutine to its thread. Waits.
func (h *Host) RunLoop() {
	h.queue.Begin()
	defer h.queue.End()
	h.iterate()
}

// iterate gives the guest a turn, and then the toolkit one.
func (h *Host) iterate() {
	for !h.quit.Load() {
		h.queue.Run()
		sleeps := C.gboolean(1)
		if h.again {
			h.again, sleeps = false, 0
		}
		C.g_main_context_iteration(nil, sleeps)
	}
}
