package host

import (
	"slices"
	"sync"
	"sync/atomic"
)

// A Queue is the part of a host that is the same for all toolkits. Posted functions wait in the
// queue. The toolkit has to do only one thing: call [Queue.Run] soon, on its thread.
//
//	any goroutine       Post ──► queue ──(no wake-up outstanding)──► wake
//	                                                                  │
//	the loop's thread   Begin … Run ◄─────────── the toolkit ◄────────┘   … End
//
// With a Queue a host keeps the rules about posting, whatever the toolkit does to functions
// before its loop and at its end. The host adds what only the host can know: how to wake its
// loop, and when the loop begins and ends.
//
//   - The queue asks for a wake-up only between Begin and End, and not again until Run has been
//     called. So the toolkit holds at most one wake-up. A call of wake that a post has decided
//     on before End may come just after it. An extra or late wake-up does no harm.
//   - Run takes all waiting functions as one batch. Functions that they post run in a later
//     batch. So they never run on the stack of the post, and the toolkit gets its turn in
//     between.
//   - A function that panics leaves the queue in order. The rest of its batch waits for the
//     next Run.
//   - After End posts are dropped. They neither wait nor panic.
type Queue struct {
	wake   func()
	thread atomic.Pointer[Thread] // the one that called Begin; nil before

	// ended changes together with posted, under mu. So a post is either queued before the end or
	// dropped after it. Run reads ended between two functions without mu, since locking would
	// cost more than the functions.
	ended atomic.Bool

	mu     sync.Mutex
	posted []func() // not yet taken by Run
	asked  bool     // wake was called, and Run has not been called since

	// The loop's thread only. In a nested loop the batch of the outer Run has not ended yet.
	batch []func()
	next  int // the first function of batch that has not begun
}

// maxSpare is the capacity of the largest buffer, in functions, that is kept for the next batch.
// Larger buffers go to the garbage collector, so that a long-lived program does not keep the
// memory of one flood.
const maxSpare = 1024

// NewQueue returns a queue whose loop has not begun. wake asks the loop to call [Queue.Run]
// soon. The queue calls wake on any goroutine, without holding a lock. wake must not wait. A
// call that a post has decided on before End may still run, or only begin, just after End. So it
// must be harmless to wake a loop that has just ended. Pass a nil wake if the loop calls Run by
// itself, as a game's loop does in each frame. Any goroutine. Never waits.
func NewQueue(wake func()) *Queue {
	if wake == nil {
		wake = func() {}
	}
	return &Queue{wake: wake}
}

// Post queues fn, and wakes the loop unless a wake-up is outstanding. Before Begin, fn waits in
// the queue. After End, fn is dropped. Any goroutine. Never waits.
func (q *Queue) Post(fn func()) {
	if q.Add(fn) {
		q.wake()
	}
}

// Add is [Queue.Post] for hosts that can sometimes wake their loop more cheaply, for example on
// the loop's own thread. It does not call wake, but reports whether the caller must wake the
// loop. Any goroutine. Never waits.
func (q *Queue) Add(fn func()) (wake bool) {
	q.mu.Lock()
	if !q.ended.Load() {
		q.posted = append(q.posted, fn)
		wake = q.ask()
	}
	q.mu.Unlock()
	return wake
}

// ask reports whether wake must be called, and records that it is. The lock is held.
func (q *Queue) ask() bool {
	if q.asked || len(q.posted) == 0 || q.thread.Load() == nil {
		return false
	}
	q.asked = true
	return true
}

// Begin says that the loop runs, or can now be woken, and that the calling thread is the loop's
// thread. It wakes the loop if functions wait. The loop's thread only. Never waits.
func (q *Queue) Begin() {
	thread := CurrentThread()
	q.mu.Lock()
	q.thread.Store(&thread)
	wake := q.ask()
	q.mu.Unlock()
	if wake {
		q.wake()
	}
}

// Run calls the waiting functions in order. It returns false after End, which one of the
// functions may call; then the loop should end. A panic or Goexit of a function passes on to the
// caller. The rest of the batch then stays queued, and the loop is woken for it. In a nested
// loop that a function spins, Run begins with the rest of the outer batch. The loop's thread
// only. Waits for the functions.
func (q *Queue) Run() (goesOn bool) {
	q.take()
	defer q.finish()
	for q.next < len(q.batch) && !q.ended.Load() {
		fn := q.batch[q.next]
		q.batch[q.next] = nil // so what fn holds can be freed after it has run
		q.next++
		fn()
	}
	return !q.ended.Load()
}

// take makes a batch of all waiting functions. It also clears the wake-up under the same lock:
// functions posted before are in the batch, and functions posted later wake the loop again.
func (q *Queue) take() {
	q.mu.Lock()
	q.putBack()
	q.posted, q.batch, q.next = q.batch[:0], q.posted, 0
	q.asked = false
	q.mu.Unlock()
}

// putBack queues the rest of the batch again, before all other functions. The lock is held.
func (q *Queue) putBack() {
	if rest := q.batch[q.next:]; len(rest) > 0 {
		q.posted = slices.Concat(rest, q.posted)
		q.batch, q.next = nil, 0
	}
}

// finish ends a batch, also if a function has panicked or the loop has ended in the middle of
// it.
func (q *Queue) finish() {
	if q.next == len(q.batch) {
		if cap(q.batch) > maxSpare {
			q.batch, q.next = nil, 0
		}
		return
	}
	q.mu.Lock()
	if q.ended.Load() {
		q.batch, q.next = nil, 0
	}
	q.putBack()
	wake := q.ask()
	q.mu.Unlock()
	if wake {
		q.wake()
	}
}

// End says that the loop has ended, or is about to end. It drops the waiting functions and the
// rest of a batch, so the function that runs now is the last. You may call it any number of
// times. Any goroutine. Never waits.
func (q *Queue) End() {
	q.mu.Lock()
	q.ended.Store(true)
	q.posted = nil
	q.mu.Unlock()
}

// OnThread reports whether the caller is on the thread that called [Queue.Begin]. It is false on
// all threads before that call, and stays true on that thread after End. Where [CurrentThread]
// can't tell threads apart, it is true for all callers. That is right on js/wasm, which has only
// one thread. Any goroutine. Never waits.
func (q *Queue) OnThread() bool {
	thread := q.thread.Load()
	return thread != nil && *thread == CurrentThread()
}
