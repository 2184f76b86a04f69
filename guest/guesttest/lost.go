package guesttest

import (
	"runtime"
	"sync/atomic"
)

// checkLost fails the test for errors that were only logged, and for those that would be,
// perhaps after the test: of futures that no code can look at any more. The collector is asked
// only if there are futures with an error at all.
func (r *trial) checkLost() {
	r.t.Helper()
	for range 3 { // a future that is still held stays
		if r.guest.Stats().Failed == 0 {
			break
		}
		collect()
	}
	if n := int64(r.guest.Stats().Unobserved) - r.heard.Load(); n > 0 {
		r.t.Errorf("guesttest: %d errors were only logged; see the log above", n)
	}
}

// collect waits until the garbage collector has dealt with what is garbage now. It works
// outside of the bubble, and so nothing can be waited for.
func collect() {
	// what the first has found may be dealt with on several goroutines, and after the mark
	for range 2 {
		done := new(atomic.Bool)
		runtime.AddCleanup(new([64]byte), func(done *atomic.Bool) { done.Store(true) }, done)
		for !done.Load() {
			runtime.GC()
			runtime.Gosched()
		}
	}
}
