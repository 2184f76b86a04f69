package fynetest

import (
	"slices"
	"sync/atomic"
	"testing/synctest"
)

// A user looks at the screen when the program is at rest: every goroutine of the bubble waits
// for time to move, so nothing changes at this instant any more. Earlier the screen would depend
// on which goroutine was faster. The user looks again only after something has run on the UI
// thread, since nothing else changes a screen. So a look is never late, and waiting for a minute
// costs nothing.
//
//	call of the loop ──► called ──► goroutine: synctest.Wait ──► look, on the loop
//
// In real time nothing tells when the program is at rest. There the user looks when the loop has
// run its queue, and every ten milliseconds.
type rest struct {
	inBubble bool
	post     func(fn func()) // to the loop
	turn     chan struct{}   // full while a goroutine waits for the bubble: one at a time
	settling atomic.Bool     // the UI thread waits for its turn to do that

	// UI thread only.
	watchers []*watcher
	coming   bool // a look is coming
	over     bool // the loop has ended
	calls    int  // of the loop, from 1 on
	looked   int  // the last call that only looked
	moved    int  // the last call in which a look led to something
}

// A watcher is called when it is time to look.
type watcher struct{ look func() }

// watch calls look in the loop when the program is at rest, and again after each change, until
// stop is called. UI thread only, also for stop.
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

// called records that the loop has called a function, which may have changed something.
func (r *rest) called() {
	now := r.calls
	r.calls++
	if r.looked != now || r.moved == now {
		r.await()
	}
}

// lookedNow records that the current call only looks.
func (r *rest) lookedNow() { r.looked = r.calls }

// movedNow records that the current call has led to something, even if it also looks.
func (r *rest) movedNow() { r.moved = r.calls }

// await asks for a look if there are watchers and no look is coming.
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

// end lets all look for the last time: after the loop nothing changes any more.
func (r *rest) end() {
	r.over = true
	for _, w := range r.watchers {
		w.look()
	}
}

// comeToRest waits until every other goroutine waits. It repeats that while the UI thread waits
// only for its turn in settle.
func (r *rest) comeToRest() {
	for again := true; again; {
		r.turn <- struct{}{}
		synctest.Wait()
		again = r.settling.Load()
		<-r.turn
	}
}

// settle waits until every other goroutine waits, in the middle of the UI thread's work, because
// tasks are shuffled. UI thread only.
func (r *rest) settle() {
	r.settling.Store(true)
	r.turn <- struct{}{}
	defer func() { <-r.turn }()
	r.settling.Store(false)
	synctest.Wait()
}
