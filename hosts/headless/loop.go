// Package headless is a main loop without a toolkit: for CI, for servers, for tests and for virtual time.
//
// A [Loop] keeps every rule of package host, as kit_test.go proves, and behaves like a toolkit wherever programs could
// come to rely on it: it runs once, Quit drops what is queued, and a panic in a posted function comes out of Mainloop.
// Nothing in it polls and nothing needs cgo. It works inside a testing/synctest bubble: a Loop that has nothing to do is
// durably blocked, so virtual time moves on. Posts to a Loop that runs in a bubble must come from that bubble.
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

// A Loop is a [host.Mainloop] and a [host.Threader]. It runs once; make one for each run with [New].
//
// It is one queue under one lock. The loop takes the queue whole and runs it without the lock, so that a post never
// waits for a function, and what a function posts runs in the next batch, never on the stack of the post.
type Loop struct {
	mu      sync.Mutex
	queue   []func()
	started bool

	// ended is written under mu, together with the queue: a post is either queued before the end or dropped after it.
	// The loop reads it between two functions without mu, which would cost more than the functions do.
	ended atomic.Bool

	// wake is waited on only in Mainloop, for a non-empty queue or the end. A sync.Cond belongs to no synctest bubble
	// until somebody waits on it, so a Loop made outside a bubble works inside. A channel would belong to where it is made.
	wake sync.Cond

	thread atomic.Pointer[host.Thread] // nil until Mainloop is called, kept after it has returned
}

// maxSpare is the largest queue, in functions, whose memory is kept for the next batch. Larger ones go to the collector,
// so that one flood does not cost a long-lived program its memory for ever.
const maxSpare = 1024

// New returns a loop that has not started. Any goroutine.
func New() *Loop { return new(Loop) }

// RunSyncSoonThreadsafe queues fn for the loop. It is dropped once the loop has ended. Any goroutine. Never waits.
func (l *Loop) RunSyncSoonThreadsafe(fn func()) {
	l.mu.Lock()
	if !l.ended.Load() {
		l.queue = append(l.queue, fn)
		l.wake.Signal()
	}
	l.mu.Unlock()
}

// RunSyncSoonNotThreadsafe is [Loop.RunSyncSoonThreadsafe], called on the loop's thread only. A second queue without a
// lock would be cheaper, but a goroutine that uses both methods must see its functions run in the order posted.
// UI thread only. Never waits.
func (l *Loop) RunSyncSoonNotThreadsafe(fn func()) { l.RunSyncSoonThreadsafe(fn) }

// DoneCallback ends the loop, as [Loop.Quit] does. UI thread only. Never waits.
func (l *Loop) DoneCallback(host.Outcome) { l.Quit() }

// Quit ends the loop at once: the function that runs now is the last, and what is still queued is dropped, as a
// toolkit's quit does. A loop that quits before it has started calls startGuest all the same, so that a guest learns of
// its end in the usual way, and returns. Any goroutine, any number of times. Never waits.
func (l *Loop) Quit() {
	l.mu.Lock()
	l.ended.Store(true)
	l.queue = nil
	l.wake.Signal()
	l.mu.Unlock()
}

// OnThread reports whether the caller is on the thread that called Mainloop; before that call there is none. It stays
// true on that thread after the loop has ended. Where [host.CurrentThread] can't tell threads apart it is true for
// everybody: right on js/wasm, which has only one thread. Any goroutine. Never waits.
func (l *Loop) OnThread() bool {
	thread := l.thread.Load()
	return thread != nil && *thread == host.CurrentThread()
}

// Mainloop runs the loop on the calling goroutine until [Loop.Quit] or [Loop.DoneCallback], and returns nil. startGuest is
// called first; an error from it ends the loop and is returned, and so is the error of a second Mainloop. A panic in a
// function comes out of Mainloop and ends the loop. The caller has locked the goroutine to its thread: Mainloop must not,
// since the lock count would then differ between its functions and what runs after it. Waits.
func (l *Loop) Mainloop(startGuest func() error) error {
	l.mu.Lock()
	again := l.started
	l.started = true
	l.mu.Unlock()
	if again {
		return errors.New("headless: Mainloop called twice; a Loop runs once, make another with New")
	}
	l.wake.L = &l.mu
	thread := host.CurrentThread()
	l.thread.Store(&thread)

	// Deferred, because a panic, a Goexit and an error from startGuest end the loop too. None must leave a queue that
	// grows and never runs.
	defer l.Quit()
	if err := startGuest(); err != nil {
		return err
	}
	for batch := l.next(nil); batch != nil; batch = l.next(batch) {
		for i, fn := range batch {
			if l.ended.Load() {
				return nil
			}
			batch[i] = nil // what fn holds is garbage once it has run, not only after the batch
			fn()
		}
	}
	return nil
}

// next waits until something is queued and takes all of it, leaving spare's memory for what comes; nil is the end.
func (l *Loop) next(spare []func()) []func() {
	if cap(spare) > maxSpare {
		spare = nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for len(l.queue) == 0 && !l.ended.Load() {
		l.wake.Wait()
	}
	if l.ended.Load() {
		return nil
	}
	batch := l.queue
	l.queue = spare[:0]
	return batch
}
