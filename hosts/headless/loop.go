// Package headless is a main loop without a toolkit. Use it for CI, servers, tests and virtual
// time.
//
// A [Loop] keeps every rule of package host, as kit_test.go proves. It behaves like a toolkit in
// everything that programs may come to rely on: it runs once, Quit drops the queued functions,
// and a panic in a posted function comes out of Mainloop. It does not poll and does not need
// cgo. It works in a testing/synctest bubble: a Loop that has nothing to do is durably blocked,
// so virtual time moves on. If a Loop runs in a bubble, only code in that bubble may post to it.
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

// A Loop is a [host.Mainloop], a [host.Threader] and a [host.Looper]. It runs once; make one
// for each run with [New].
//
// It consists of a [host.Queue] and a place where the goroutine that runs it can sleep.
type Loop struct {
	queue   *host.Queue
	started atomic.Bool
	again   bool // do not sleep after this batch; the loop's thread only, like the next
	running bool // Mainloop has not returned

	mu    sync.Mutex
	woken bool // there is something to do, or the loop ends

	// Only Mainloop waits for bell, until woken is set. A sync.Cond belongs to no synctest
	// bubble until a goroutine waits for it, so a Loop that was made outside a bubble works
	// inside. A channel would belong to the place where it was made.
	bell sync.Cond
}

// New returns a loop that has not started. Any goroutine. Never waits.
func New() *Loop {
	l := new(Loop)
	l.bell.L = &l.mu
	l.queue = host.NewQueue(l.wake)
	return l
}

// RunSyncSoonThreadsafe queues fn for the loop. After the loop has ended, it drops fn. Any
// goroutine. Never waits.
func (l *Loop) RunSyncSoonThreadsafe(fn func()) { l.queue.Post(fn) }

// RunSyncSoonNotThreadsafe is [Loop.RunSyncSoonThreadsafe] for the loop's own thread, where no
// sleeping goroutine must be woken. A second queue without a lock would be cheaper, but the
// functions of a goroutine that uses both methods must run in the order posted. UI thread only.
// Never waits.
func (l *Loop) RunSyncSoonNotThreadsafe(fn func()) {
	switch {
	case !l.queue.Add(fn):
	case nameless:
		l.wake() // the caller may be on another goroutine, unnoticed
	default:
		l.again = true
	}
}

// nameless says that threads can't be told apart.
var nameless = host.CurrentThread() == 0

// DoneCallback ends the loop, as [Loop.Quit] does. UI thread only. Never waits.
func (l *Loop) DoneCallback(host.Outcome) { l.Quit() }

// Quit ends the loop at once, as a toolkit's quit does. The function that runs now is the last,
// and all queued functions are dropped. If you call Quit before Mainloop, Mainloop still calls
// startGuest, so that a guest learns of its end in the usual way, and then returns. You may call
// Quit any number of times. Any goroutine. Never waits.
func (l *Loop) Quit() {
	l.queue.End()
	l.wake()
}

// OnThread reports whether the caller is on the thread that called Mainloop. It is false on all
// threads before that call, and stays true on that thread after the loop has ended. Where
// [host.CurrentThread] can't tell threads apart, it is true for all callers. That is right on
// js/wasm, which has only one thread. Any goroutine. Never waits.
func (l *Loop) OnThread() bool { return l.queue.OnThread() }

// InLoop reports whether [Loop.Mainloop] has called the caller. A guest then refuses Finish. UI
// thread only. Never waits.
func (l *Loop) InLoop() bool { return l.running }

// Mainloop runs the loop on the calling goroutine until [Loop.Quit] or [Loop.DoneCallback], and
// then returns nil. It first calls startGuest. If startGuest fails, the loop ends and Mainloop
// returns that error. A second call of Mainloop returns an error, too. A panic in a posted
// function ends the loop and comes out of Mainloop. Waits.
//
// Lock the goroutine to its thread before you call Mainloop. Mainloop does not lock it, since
// the lock count would then differ between its functions and the code that runs after it.
func (l *Loop) Mainloop(startGuest func() error) error {
	if l.started.Swap(true) {
		return errors.New("headless: Mainloop called twice; a Loop runs once, so make another with New")
	}
	l.queue.Begin()
	l.running = true
	// Deferred, because a panic, a Goexit and an error from startGuest end the loop, too. After
	// that the queue must not grow without running.
	defer func() {
		l.running = false
		l.Quit()
	}()
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

// sleep waits until the loop is woken. It returns at once if the loop was woken since the last
// sleep.
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
