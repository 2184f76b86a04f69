package fynetest

import (
	"slices"
	"sync/atomic"
	"testing/synctest"
)

// A user looks at the screen when the program has come to rest: every goroutine of the bubble
// waits for time to go on, and so nothing changes at this instant any more. Before, what is seen
// would depend on who was faster. And the user looks again only after something has run on the
// UI thread, since nothing else changes a screen; so a look is never late, and waiting for a
// minute costs nothing.
//
//	call of the loop ──► called ──► goroutine: synctest.Wait ──► look, on the loop
//
// In real time there is no such knowledge. There the user looks when the loop has done what was
// queued, and again every ten milliseconds.
type rest struct {
	inBubble bool
	post     func(fn func()) // to the loop
	turn     chan struct{}   // full while somebody waits for the bubble: one at a time
	settling atomic.Bool     // the UI thread waits for its turn to do so

	// UI thread only.
	watchers []*watcher
	coming   bool // a look
	calls    int  // of the loop, from 1 on
	looked   int  // the last call in which an attempt failed
	moved    int  // the last call in which one succeeded
}

// A watcher is told when to look.
type watcher struct{ look func() }

// watch has look called, in the loop, when the program is at rest, and when it is so again after
// a change, until stop is called. UI thread only, all of it.
func (r *rest) watch(look func()) (stop func()) {
	w := &watcher{look}
	r.watchers = append(r.watchers, w)
	r.await()
	return func() {
		if i := slices.Index(r.watchers, w); i >= 0 {
			r.watchers = slices.Concat(r.watchers[:i], r.watchers[i+1:]) // tell may be ranging
		}
	}
}

// called notes that the loop has called a function, which may have changed something.
func (r *rest) called() {
	now := r.calls
	r.calls++
	if r.looked != now || r.moved == now {
		r.await()
	}
}

// lookedNow notes that the present call only looks.
func (r *rest) lookedNow() { r.looked = r.calls }

// movedNow notes that the present call has led to something, whatever else it does.
func (r *rest) movedNow() { r.moved = r.calls }

// await asks for a look, if somebody wants one and none is coming.
func (r *rest) await() {
	if len(r.watchers) == 0 || r.coming {
		return
	}
	r.coming = true
	go func() {
		if r.inBubble {
			r.comeToRest()
		}
		r.post(r.tell)
	}()
}

func (r *rest) tell() {
	r.coming = false
	r.lookedNow()
	for _, w := range r.watchers {
		w.look()
	}
}

// comeToRest waits until every other goroutine waits, and the UI thread not only for its turn.
func (r *rest) comeToRest() {
	for again := true; again; {
		r.turn <- struct{}{}
		synctest.Wait()
		again = r.settling.Load()
		<-r.turn
	}
}

// settle waits until every other goroutine waits, in the middle of what the UI thread does: tasks
// are shuffled. UI thread only.
func (r *rest) settle() {
	r.settling.Store(true)
	r.turn <- struct{}{}
	defer func() { <-r.turn }()
	r.settling.Store(false)
	synctest.Wait()
}
