// Package headless is a main loop without a toolkit: for CI, for servers, for tests and for
// virtual time.
//
// A [Loop] keeps every rule of package host, as kit_test.go proves, and behaves like a
// toolkit wherever programs could come to rely on it: it runs once, Quit drops what is
// queued, and a panic in a posted function comes out of Mainloop. Nothing in it polls and
// nothing needs cgo. It works inside a testing/synctest bubble: a Loop that has nothing to do
// is durably blocked, so virtual time moves on. Posts to a Loop that runs in a bubble must
// come from that bubble.
package headless

import (
	"errors"
	"sync"
	"sync/atomic"

	"github.com/golodger/lodger/host"
)

func init() {
	host.Register("headless", func() (host.Mainloop, error) { return New(), nil })
}

// A Loop is a [host.Mainloop] and a [host.Threader]. It runs once; make one for each run with
// [New].
//
// It is a [host.Queue], and a place to sleep for the goroutine that runs it.
type Loop struct {
	queue   *host.Queue
	started atomic.Bool
	again   bool // do not sleep after this batch; the loop's thread only

	mu    sync.Mutex
	woken bool // there is something to do, or the end

	// bell is waited on only in Mainloop, until woken. A sync.Cond belongs to no synctest
	// bubble until somebody waits on it, so a Loop made outside a bubble works inside. A
	// channel would belong to where it is made.
	bell sync.Cond
}

// New returns a loop that has not started. Any goroutine.
func New() *Loop {
	l := new(Loop)
	l.bell.L = &l.mu
	l.queue = host.NewQueue(l.wake)
	return l
}

// RunSyncSoonThreadsafe queues fn for the loop. It is dropped once the loop has ended. Any
// goroutine. Never waits.
func (l *Loop) RunSyncSoonThreadsafe(fn func()) { l.queue.Post(fn) }

// RunSyncSoonNotThreadsafe is [Loop.RunSyncSoonThreadsafe], called on the loop's thread only,
// where nothing sleeps that must be woken. A second queue without a lock would be cheaper
// still, but a goroutine that uses both methods must see its functions run in the order
// posted. UI thread only. Never waits.
func (l *Loop) RunSyncSoonNotThreadsafe(fn func()) {
	if l.queue.Add(fn) {
		l.again = true
	}
}

// DoneCallback ends the loop, as [Loop.Quit] does. UI thread only. Never waits.
func (l *Loop) DoneCallback(host.Outcome) { l.Quit() }

// Quit ends the loop at once: the function that runs now is the last, and what is still
// queued is dropped, as a toolkit's quit does. A loop that quits before it has started calls
// startGuest all the same, so that a guest learns of its end in the usual way, and returns.
// Any goroutine, any number of times. Never waits.
func (l *Loop) Quit() {
	l.queue.End()
	l.wake()
}

// OnThread reports whether the caller is on the thread that called Mainloop; before that call
// there is none. It stays true on that thread after the loop has ended. Where
// [host.CurrentThread] can't tell threads apart it is true for everybody: right on js/wasm,
// which has only one thread. Any goroutine. Never waits.
func (l *Loop) OnThread() bool { return l.queue.OnThread() }

// Mainloop runs the loop on the calling goroutine until [Loop.Quit] or [Loop.DoneCallback],
// and returns nil. startGuest is called first; an error from it ends the loop and is
// returned, and so is the error of a second Mainloop. A panic in a function comes out of
// Mainloop and ends the loop. The caller has locked the goroutine to its thread: Mainloop
// must not, since the lock count would then differ between its functions and what runs after
// it. Waits.
func (l *Loop) Mainloop(startGuest func() error) error {
	if l.started.Swap(true) {
		return errors.New("headless: Mainloop called twice; a Loop runs once, make another with New")
	}
	l.queue.Begin()
	// Deferred, because a panic, a Goexit and an error from startGuest end the loop too. None
	// must leave a queue that grows and never runs.
	defer l.Quit()
	if err := startGuest(); err != nil {
		return err
	}
	for l.queue.Run() {
		if l.again {
			l.again = false
			l.giveWay()
			continue
		}
		l.sleep()
	}
	return nil
}

// sleep waits until the loop was woken since it last slept.
func (l *Loop) sleep() {
	l.mu.Lock()
	woken := l.woken
	for !l.woken {
		l.bell.Wait()
	}
	l.woken = false
	l.mu.Unlock()
	if woken {
		l.giveWay() // it did not wait
	}
}

// wake ends the loop's sleep, or the next one.
func (l *Loop) wake() {
	l.mu.Lock()
	l.woken = true
	l.bell.Signal()
	l.mu.Unlock()
}
