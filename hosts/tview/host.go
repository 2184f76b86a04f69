// Package tviewhost runs a guest in the event loop of a tview program.
//
//	app := tview.NewApplication()
//	err := tviewhost.Run(app, func(ctx context.Context) error {
//		… // build primitives, app.SetRoot; no QueueUpdate, no lock
//		return guest.Park(ctx)
//	}, nil)
//
// A task changes primitives directly, and the changes are drawn soon. You don't need
// QueueUpdate, which waits forever on the UI thread and after the end.
package tviewhost

import (
	"sync/atomic"
	"time"

	"github.com/rivo/tview"

	"github.com/golodger/lodger/host"
)

// frame is the shortest time between two drawings.
const frame = 16 * time.Millisecond

// A Host is the event loop of one Application. It is a [host.Mainloop] and a [host.Threader].
type Host struct {
	app   *tview.Application
	queue *host.Queue
	ends  atomic.Bool // the loop is to end with the guest

	drawn time.Time // UI thread only, like below
	late  bool      // a turn was not drawn yet, and a timer runs
}

// New makes a host for an application that has not run. Any goroutine. Never waits.
func New(app *tview.Application) *Host {
	h := &Host{app: app}
	h.queue = host.NewQueue(h.wake)
	return h
}

// RunSyncSoonThreadsafe queues fn for the loop. Any goroutine. Never waits.
func (h *Host) RunSyncSoonThreadsafe(fn func()) { h.queue.Post(fn) }

// RunSyncSoonNotThreadsafe does the same. UI thread only. Never waits.
func (h *Host) RunSyncSoonNotThreadsafe(fn func()) { h.queue.Post(fn) }

// OnThread reports whether the caller is on the thread of the loop. Any goroutine. Never waits.
func (h *Host) OnThread() bool { return h.queue.OnThread() }

// DoneCallback ends a loop that Mainloop runs, or for which QuitOnCtrlC was pressed. UI thread
// only. Never waits.
func (h *Host) DoneCallback(host.Outcome) {
	h.queue.End()
	if h.ends.Load() {
		h.app.Stop()
	}
}

// wake uses a goroutine, one at a time, since QueueUpdate waits until the loop has called turn.
// If the loop ends before that, this one goroutine stays forever.
func (h *Host) wake() { go h.app.QueueUpdate(h.turn) }

// turn runs the guest's turn on the loop's goroutine.
func (h *Host) turn() {
	if h.queue.Run() {
		h.draw()
	}
}

// draw draws what tasks have changed, but no more often than a screen does. For the rest it asks
// for another turn.
func (h *Host) draw() {
	if since := time.Since(h.drawn); since < frame {
		if !h.late {
			h.late = true
			time.AfterFunc(frame-since, func() { h.queue.Post(func() {}) })
		}
		return
	}
	h.drawn, h.late = time.Now(), false
	h.app.ForceDraw()
}

// Mainloop runs the application until it stops or the guest has ended. Its error is the
// application's error. Waits.
func (h *Host) Mainloop(startGuest func() error) error {
	h.ends.Store(true)
	h.queue.Begin()
	defer h.queue.End()
	if err := startGuest(); err != nil {
		return err
	}
	return h.app.Run()
}

// RunApp runs the application if your program has its own guest (guest.Start). Lock the
// goroutine to its thread before. Waits.
func (h *Host) RunApp() error {
	h.queue.Begin()
	defer h.queue.End()
	return h.app.Run()
}
