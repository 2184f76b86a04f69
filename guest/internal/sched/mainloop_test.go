package sched

import (
	"iter"
	"runtime"
	"runtime/debug"
	"sync"
	"sync/atomic"

	"github.com/golodger/lodger/host"
)

// A mainLoop is the main loop of a host that keeps the contract, except where its script takes
// a request over. It works in a synctest bubble. Its owner reads turns on the loop's thread,
// or after the loop.
type mainLoop struct {
	mu     sync.Mutex
	cond   sync.Cond
	queue  []func()
	over   bool
	script func(wake func()) bool // true: it has dealt with the request

	thread atomic.Uint64 // while the loop runs
	asked  atomic.Int64  // requests
	turns  int64         // functions that the loop has run

	onTurn func() // before each function
	onIdle func() // before the loop looks whether it may sleep, and holds no lock
}

// ask hears a request for a wake-up. Any goroutine.
func (l *mainLoop) ask(wake func()) {
	l.asked.Add(1)
	l.mu.Lock()
	script := l.script
	l.mu.Unlock()
	if script == nil || !script(wake) {
		l.post(wake)
	}
}

// onAsk sets the script for requests. Any goroutine.
func (l *mainLoop) onAsk(script func(wake func()) bool) {
	l.mu.Lock()
	l.script = script
	l.mu.Unlock()
}

// lose has the loop lose requests, by their number from now on. Any goroutine.
func (l *mainLoop) lose(which func(nth int64) bool) {
	from := l.asked.Load()
	l.onAsk(func(func()) bool { return which(l.asked.Load() - from) })
}

// post queues a function, as the contract says. Any goroutine.
func (l *mainLoop) post(fn func()) {
	l.mu.Lock()
	if !l.over {
		l.queue = append(l.queue, fn)
	}
	l.mu.Unlock()
	l.cond.Signal()
}

// quit ends the loop and drops what is queued. Any goroutine.
func (l *mainLoop) quit() {
	l.mu.Lock()
	l.over, l.queue = true, nil
	l.mu.Unlock()
	l.cond.Signal()
}

// run is the loop itself, on a locked thread. It returns after quit.
func (l *mainLoop) run() {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	l.runLocked()
}

// runLocked is run for a goroutine that is locked to its thread.
func (l *mainLoop) runLocked() {
	l.enter()
	for fn := l.next(); fn != nil; fn = l.next() {
		l.turns++
		if l.onTurn != nil {
			l.onTurn()
		}
		fn()
	}
}

// enter makes the calling thread the loop's.
func (l *mainLoop) enter() {
	l.cond.L = &l.mu
	l.thread.Store(uint64(host.CurrentThread()))
	debug.SetPanicOnFault(true) // the mark, as package place sets it
}

// onThread reports whether the caller is on the loop's thread.
func (l *mainLoop) onThread() bool { return l.thread.Load() == uint64(host.CurrentThread()) }

func (l *mainLoop) next() func() {
	if l.onIdle != nil {
		l.onIdle()
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for len(l.queue) == 0 && !l.over {
		l.cond.Wait()
	}
	if l.over {
		return nil
	}
	fn := l.queue[0]
	l.queue[0] = nil
	l.queue = l.queue[1:]
	return fn
}

// dispatched visits what is queued, as a nested loop does.
func (l *mainLoop) dispatched() iter.Seq[func()] {
	return func(yield func(func()) bool) {
		for {
			l.mu.Lock()
			if len(l.queue) == 0 {
				l.mu.Unlock()
				return
			}
			fn := l.queue[0]
			l.queue = l.queue[1:]
			l.mu.Unlock()
			if !yield(fn) {
				return
			}
		}
	}
}
