package host

import (
	"slices"
	"sync"
	"sync/atomic"
)

// A Queue is the half of a host that is the same for all toolkits. Posted functions wait in
// it, and the toolkit is asked for one thing only: to call [Queue.Run] soon, on its thread.
//
//	any goroutine       Post ──► queue ──(no wake-up outstanding)──► wake
//	                                                                  │
//	the loop's thread   Begin … Run ◄─────────── the toolkit ◄────────┘   … End
//
// With a Queue a host keeps the rules about posting, whatever the toolkit does to functions
// before its loop and at its end. The host adds what only it can know: how to wake its loop,
// and when the loop begins and ends.
//
//   - wake is called between Begin and End only, and not again before Run has come. So the
//     toolkit holds one wake-up at most. One that comes too often, or too late, does no harm.
//   - Run takes all that waits, as one batch. What a function posts runs in a later batch:
//     never on the stack of the post, and never so that the toolkit gets no turn.
//   - A function that panics leaves the queue in order. The rest of its batch waits for the
//     next Run.
//   - After End posts are dropped. They neither wait nor panic.
type Queue struct {
	wake   func()
	thread atomic.Pointer[Thread] // that called Begin; nil before

	// ended changes together with posted, under mu: a post is either queued before the end or
	// dropped after it. Run reads it between two functions without mu, which would cost more
	// than the functions.
	ended atomic.Bool

	mu     sync.Mutex
	posted []func() // not yet taken by Run
	asked  bool     // wake was called, and Run has not come since

	// The loop's thread only. In a nested loop the batch of the outer Run is not yet over.
	batch []func()
	next  int // the first function of batch that has not begun
}

// maxSpare is the largest buffer, in functions, that is kept for the next batch. Larger ones
// go to the collector, so that one flood does not cost a long-lived program its memory for
// ever.
const maxSpare = 1024

// NewQueue returns a queue whose loop has not begun. wake has the loop call [Queue.Run] soon.
// It is called on any goroutine, without a lock, and must not wait. It may be under way on
// another goroutine when End is called, so waking a loop that has just ended must be
// harmless. A nil wake is for a loop that calls Run by itself, as that of a game does in each
// frame. Any goroutine. Never waits.
func NewQueue(wake func()) *Queue {
	if wake == nil {
		wake = func() {}
	}
	return &Queue{wake: wake}
}

// Post queues fn, and wakes the loop unless a wake-up is outstanding. Before Begin fn waits
// for it; after End it is dropped. Any goroutine. Never waits.
func (q *Queue) Post(fn func()) {
	if q.Add(fn) {
		q.wake()
	}
}

// Add is [Queue.Post] for a host that has a cheaper way to wake its loop in some places, as
// on its own thread. It leaves the wake-up to the caller, and reports whether one is due. Any
// goroutine. Never waits.
func (q *Queue) Add(fn func()) (wake bool) {
	q.mu.Lock()
	if !q.ended.Load() {
		q.posted = append(q.posted, fn)
		wake = q.ask()
	}
	q.mu.Unlock()
	return wake
}

// ask reports whether wake must be called, and notes that it is. The lock is held.
func (q *Queue) ask() bool {
	if q.asked || len(q.posted) == 0 || q.thread.Load() == nil {
		return false
	}
	q.asked = true
	return true
}

// Begin says that the loop runs, or can be woken by now, and that the calling thread is its
// own. It wakes the loop if something waits. The loop's thread only. Never waits.
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

// Run calls the functions that wait, in order, and reports whether the loop goes on: no
// longer after End, which also a function may call. A panic or Goexit of a function goes on
// in the caller; the rest of the batch stays queued, and the loop is woken for it. In a
// nested loop of a function, Run begins with what is left of the batch around it. The loop's
// thread only. Waits for the functions.
func (q *Queue) Run() (goesOn bool) {
	q.take()
	defer q.finish()
	for q.next < len(q.batch) && !q.ended.Load() {
		fn := q.batch[q.next]
		q.batch[q.next] = nil // what fn holds can be freed once it has run
		q.next++
		fn()
	}
	return !q.ended.Load()
}

// take makes a batch of all that waits. The wake-up is answered under the same lock: what is
// posted before is in the batch, and what is posted later wakes again.
func (q *Queue) take() {
	q.mu.Lock()
	q.putBack()
	q.posted, q.batch, q.next = q.batch[:0], q.posted, 0
	q.asked = false
	q.mu.Unlock()
}

// putBack queues again what of the batch has not begun, before all else. The lock is held.
func (q *Queue) putBack() {
	if rest := q.batch[q.next:]; len(rest) > 0 {
		q.posted = slices.Concat(rest, q.posted)
		q.batch, q.next = nil, 0
	}
}

// finish ends a batch, also when a function has panicked or the loop has ended in its middle.
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

// End says that the loop has ended, or is about to. What waits is dropped, and so is the rest
// of a batch: the function that runs now is the last. Any goroutine, any number of times.
// Never waits.
func (q *Queue) End() {
	q.mu.Lock()
	q.ended.Store(true)
	q.posted = nil
	q.mu.Unlock()
}

// OnThread reports whether the caller is on the thread that called [Queue.Begin]; before that
// call there is none. It stays true on that thread after End. Where [CurrentThread] can't
// tell threads apart it is true for everybody: right on js/wasm, which has only one thread.
// Any goroutine. Never waits.
func (q *Queue) OnThread() bool {
	thread := q.thread.Load()
	return thread != nil && *thread == CurrentThread()
}
