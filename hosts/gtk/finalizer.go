//go:build cgo

package gtkhost

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/gotk3/gotk3/glib"
)

// gotk3 lets go of its objects in Go's finalizers, that is, on a goroutine of the runtime's,
// while the UI thread works with the same objects: programs crash of it at random. So here
// finalizers only queue, and the UI thread lets go, in slices.
//
// The hook is there from the beginning, but does nothing before the first host is made. It is
// gotk3's one variable: a program that sets it, in an init or in main, has it for itself.

func init() { glib.FinalizerStrategy = finalize }

var finalizers finalizerQueue

type finalizerQueue struct {
	source atomic.Pointer[source] // nil until there is a UI thread

	mu    sync.Mutex
	queue []glib.Finalizer
	asked bool
}

// slice is how long the UI thread lets go at a time.
const slice = 4 * time.Millisecond

// adoptFinalizers makes the calling thread the one that lets go.
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

// finalize is called in the runtime's finalizers.
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

// run lets go of what is queued, or of a slice of it. At any depth: no task is involved.
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

// putBack queues again what a slice has left over.
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
