// Package glibhost has a host that iterates GLib's default main context itself. So it works with
// any binding or without one: GTK 4, GTK 3, WebKit, GStreamer, or anything else that uses this
// context. It imports no binding. Tasks run in plain Go, not below C.
//
//	err := guest.RunTask(glibhost.New(), window, &guest.Options{Supervise: true})
//
// The task window opens the window, and waits until it is closed. Instead of g_application_run
// it calls in C:
//
//	g_application_register(app, NULL, NULL);
//	g_application_activate(app);
//
// Supervise keeps failures apart, as the Run of other toolkits does: if the task of a handler
// fails, the program goes on.
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
	ours  bool        // Mainloop iterates, not RunLoop
	again bool        // do not sleep in the next iteration; UI thread only
	quit  atomic.Bool // Quit was called
}

// New makes a host. Any goroutine. Never waits.
func New() *Host {
	return &Host{queue: host.NewQueue(wake)}
}

// wake ends the sleep of an iteration, or the next one. Without a loop it does no harm.
func wake() { C.g_main_context_wakeup(nil) }

// RunSyncSoonThreadsafe queues fn for the loop. Any goroutine. Never waits.
func (h *Host) RunSyncSoonThreadsafe(fn func()) { h.queue.Post(fn) }

// RunSyncSoonNotThreadsafe does the same on the host's thread, where no sleeping goroutine must
// be woken. UI thread only. Never waits.
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

// Quit ends the loop after the current iteration, whether the guest has ended or not. Any
// goroutine. Never waits.
func (h *Host) Quit() {
	h.quit.Store(true)
	wake()
}

// Mainloop iterates the context until Quit is called or the guest has ended. Waits.
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

// RunLoop iterates the context until Quit is called. It is for a program that starts its guest
// itself (guest.Start). The guest's end does not end it: call Quit when Guest.Done is closed.
// Lock the goroutine to its thread before. Waits.
func (h *Host) RunLoop() {
	h.queue.Begin()
	defer h.queue.End()
	h.iterate()
}

// iterate gives a turn to the guest, and then to the toolkit.
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
