//go:build js

package browserhost

import (
	"errors"

	"github.com/golodger/lodger/host"
	"github.com/golodger/lodger/hosts/internal/page"
)

func init() {
	host.Register("browser", func() (host.Mainloop, error) { return New(), nil })
}

// A Loop is the page's event loop as a host.Mainloop and host.Threader. [New] makes one. Each
// turn of the guest is a task in the page's own sense, a macrotask. It comes as soon as the
// page has handled everything that is due.
//
//	any goroutine   post ──► host.Queue ──ask──► page.Soon
//	                                                 │
//	Mainloop's goroutine   Queue.Run ◄── turn ◄── a task of the page
type Loop struct {
	queue *host.Queue
	turn  chan struct{} // the page gives the loop its turn
	used  bool
}

// New returns a loop that has not started. Any goroutine. Never waits.
func New() *Loop {
	l := &Loop{turn: make(chan struct{}, 1)}
	l.queue = host.NewQueue(func() { page.Soon(l.wake) })
	return l
}

// RunSyncSoonThreadsafe implements host.Host. Any goroutine. Never waits.
func (l *Loop) RunSyncSoonThreadsafe(fn func()) { l.queue.Post(fn) }

// RunSyncSoonNotThreadsafe implements host.Host. UI thread only. Never waits.
func (l *Loop) RunSyncSoonNotThreadsafe(fn func()) { l.queue.Post(fn) }

// DoneCallback implements host.Host: it ends the loop. UI thread only. Never waits.
func (l *Loop) DoneCallback(host.Outcome) { l.Quit() }

// Quit ends the loop, but not the page. The function that runs now is the last, and all queued
// functions are dropped. You may call it any number of times. Any goroutine. Never waits.
func (l *Loop) Quit() {
	l.queue.End()
	l.wake()
}

// OnThread implements host.Threader. It is always true while the loop runs, since there is only
// one thread. Any goroutine. Never waits.
func (l *Loop) OnThread() bool { return l.queue.OnThread() }

var errTwice = errors.New("browserhost: Mainloop called twice; a Loop runs once, so make another with New")

// Mainloop implements host.Mainloop. Its goroutine sleeps while the page does its own work.
// Waits until Quit or DoneCallback.
func (l *Loop) Mainloop(startGuest func() error) error {
	if l.used {
		return errTwice
	}
	l.used = true
	l.queue.Begin()
	defer l.queue.End() // also if a function panics
	if err := startGuest(); err != nil {
		return err
	}
	for l.queue.Run() {
		<-l.turn
	}
	return nil
}

// wake gives the loop its turn. Any goroutine.
func (l *Loop) wake() {
	select {
	case l.turn <- struct{}{}:
	default: // it has been woken already
	}
}
