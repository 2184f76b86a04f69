// Package looptest contains the main loop for the tests of the scheduler. The loop keeps the
// contract of package host, except where a script takes a call over. It works in a
// testing/synctest bubble. The package also has the catalogue of what hosts do wrong.
package looptest

import (
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/golodger/lodger/host"
)

// A Loop is a main loop with a script: the functions below, set before it runs. The zero Loop
// keeps the contract. Read Turns and Outcomes on the loop's thread, or after the loop.
type Loop struct {
	mu    sync.Mutex
	cond  sync.Cond
	queue []func()
	ended bool

	entered  atomic.Bool
	Thread   atomic.Uint64  // the thread that the loop reports as its own; see Settle
	Asked    atomic.Int64   // how many calls the guest asked for
	Deaf     atomic.Bool    // calls are lost
	Turns    int64          // how many functions the loop has run
	Outcomes []host.Outcome // what DoneCallback was told

	OnAsk  func(fn func()) bool    // true: the script has handled the call
	OnTurn func()                  // before each function
	OnIdle func()                  // before the loop looks whether it may sleep; no lock is held
	OnDone func(host.Outcome)      // in DoneCallback
	OnMain func(func() error) bool // in Mainloop; true: go on as usual
	Err    error                   // what Mainloop returns
	Stays  bool                    // DoneCallback does not end the loop
}

var _ interface {
	host.Mainloop
	host.Threader
} = (*Loop)(nil)

// RunSyncSoonThreadsafe does what the script says, or else queues fn. Any goroutine.
func (l *Loop) RunSyncSoonThreadsafe(fn func()) {
	l.Asked.Add(1)
	l.mu.Lock()
	script := l.OnAsk
	l.mu.Unlock()
	if !l.Deaf.Load() && (script == nil || !script(fn)) {
		l.Post(fn)
	}
}

// RunSyncSoonNotThreadsafe is RunSyncSoonThreadsafe.
func (l *Loop) RunSyncSoonNotThreadsafe(fn func()) { l.RunSyncSoonThreadsafe(fn) }

// SetOnAsk sets OnAsk while the loop runs. Any goroutine.
func (l *Loop) SetOnAsk(script func(fn func()) bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.OnAsk = script
}

// Post queues a function, as the contract says.
func (l *Loop) Post(fn func()) {
	l.mu.Lock()
	if !l.ended {
		l.queue = append(l.queue, fn)
	}
	l.mu.Unlock()
	l.cond.Signal()
}

// Lose makes the loop lose calls. which gets the number of each call, counted from now on.
func (l *Loop) Lose(which func(nth int64) bool) {
	from := l.Asked.Load()
	l.SetOnAsk(func(func()) bool { return which(l.Asked.Load() - from) })
}

// PostFirst queues a function before all others.
func (l *Loop) PostFirst(fn func()) {
	l.mu.Lock()
	if !l.ended {
		l.queue = slices.Insert(l.queue, 0, fn)
	}
	l.mu.Unlock()
	l.cond.Signal()
}

// DoneCallback notes the outcome and ends the loop, unless it stays.
func (l *Loop) DoneCallback(o host.Outcome) {
	l.Outcomes = append(l.Outcomes, o)
	if !l.Stays {
		l.Quit()
	}
	if l.OnDone != nil {
		l.OnDone(o)
	}
}

// Quit ends the loop and drops what is queued. Any goroutine.
func (l *Loop) Quit() {
	l.mu.Lock()
	l.ended, l.queue = true, nil
	l.mu.Unlock()
	l.cond.Signal()
}

// OnThread reports whether the caller is on Thread. Before the loop was entered there is none.
// Where threads can't be told apart, all callers are on it from then on. Any goroutine.
func (l *Loop) OnThread() bool {
	thread := l.Thread.Load()
	return (thread != 0 || l.entered.Load()) && thread == uint64(host.CurrentThread())
}

// Mainloop runs the loop on the calling goroutine until Quit. Waits.
func (l *Loop) Mainloop(startGuest func() error) error {
	l.Enter()
	defer l.Quit()
	if l.OnMain != nil && !l.OnMain(startGuest) {
		return l.Err
	}
	if startGuest != nil {
		if err := startGuest(); err != nil {
			return err
		}
	}
	l.Spin()
	return l.Err
}

// Enter makes the calling thread the loop's thread.
func (l *Loop) Enter() {
	l.cond.L = &l.mu
	l.Settle()
}

// Settle makes the calling thread the loop's thread before the loop runs.
func (l *Loop) Settle() {
	l.Thread.Store(uint64(host.CurrentThread()))
	l.entered.Store(true)
}

// Lock locks the calling goroutine to its thread, as the caller of Mainloop must, and returns
// the function that undoes that. On wasm it does nothing: there all goroutines share one lock
// count, and a locked goroutine beside another one with tasks ends the process.
func Lock() (unlock func()) {
	if runtime.GOARCH == "wasm" {
		return func() {}
	}
	runtime.LockOSThread()
	return runtime.UnlockOSThread
}

// Spin is the loop itself, for a Mainloop that a script has taken over.
func (l *Loop) Spin() {
	for fn := l.next(true); fn != nil; fn = l.next(true) {
		l.run(fn)
	}
}

// SpinUntil runs functions until stop says so: a nested loop, for example.
func (l *Loop) SpinUntil(stop func() bool) {
	for !stop() {
		fn := l.next(true)
		if fn == nil {
			return // the loop has quit
		}
		l.run(fn)
	}
}

// Queued returns how many functions wait. Any goroutine.
func (l *Loop) Queued() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.queue)
}

func (l *Loop) run(fn func()) {
	l.Turns++
	if l.OnTurn != nil {
		l.OnTurn()
	}
	fn()
	if runtime.GOARCH == "wasm" {
		runtime.Gosched() // there no other goroutine runs while this one does not wait
	}
}

// Nest runs what is queued now, in a nested loop.
func (l *Loop) Nest() {
	for fn := l.next(false); fn != nil; fn = l.next(false) {
		l.run(fn)
	}
}

func (l *Loop) next(wait bool) func() {
	if l.OnIdle != nil && wait {
		l.OnIdle()
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for wait && len(l.queue) == 0 && !l.ended {
		l.cond.Wait()
	}
	if l.ended || len(l.queue) == 0 {
		return nil
	}
	fn := l.queue[0]
	l.queue[0] = nil
	l.queue = l.queue[1:]
	return fn
}
