//go:build cgo

package gtkhost

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/gotk3/gotk3/glib"
)

// gotk3 releases its objects in Go's finalizers, that is, on a goroutine of the runtime, while
// the UI thread works with the same objects. That makes programs crash at random. So finalizers
// here only queue the objects, and the UI thread releases them in slices.
//
// The hook is set from the beginning, but does nothing before the first host is made. gotk3 has
// only this one variable for it. A program that sets it, in an init or in main, replaces this
// hook.

func init() { glib.FinalizerStrategy = finalize }

var finalizers finalizerQueue

type finalizerQueue struct {
	source atomic.Pointer[source] // nil until there is a UI thread

	mu    sync.Mutex
	queue []glib.Finalizer
	asked bool
}

// slice is how long the UI thread releases objects at a time.
const slice = 4 * time.Millisecond

// adoptFinalizers makes the calling thread the one that releases objects.
func adoptFinalizers() {
	q := &finalizers
	q.mu.Lock()
	defer q.mu.Unlock()
	if s := q.source.Load(); s != nil {
		s.adopt()
		return
	}
	q.source.Store(attach(q))
}

// The runtime's finalizers call finalize.
func finalize(f glib.Finalizer) {
	q := &finalizers
	s := q.source.Load()
	if s == nil {
		f()
		return
	}
	q.mu.Lock()
	q.queue = append(q.queue, f)
	ask := !q.asked
	q.asked = true
	q.mu.Unlock()
	if ask {
		s.wake()
	}
}

// run releases the queued objects, or a slice of them. It runs at any depth, since no task is
// involved.
func (q *finalizerQueue) run() verdict {
	q.mu.Lock()
	batch := q.queue
	q.queue, q.asked = nil, false
	q.mu.Unlock()
	begin := time.Now()
	for i, f := range batch {
		if i%16 == 15 && time.Since(begin) > slice {
			q.putBack(batch[i:])
			return done
		}
		batch[i] = nil
		guard(f)
	}
	return done
}

// putBack queues the rest of a slice again.
func (q *finalizerQueue) putBack(rest []glib.Finalizer) {
	q.mu.Lock()
	q.queue = append(rest, q.queue...)
	ask := !q.asked
	q.asked = true
	q.mu.Unlock()
	if ask {
		q.source.Load().wake()
	}
}

func (q *finalizerQueue) mayRun() bool  { return true }
func (q *finalizerQueue) hasRoom() bool { return true }
