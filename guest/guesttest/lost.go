package guesttest

import (
	"runtime"
	"sync/atomic"
)

// checkLost fails the test for errors that were only logged. It also fails it for errors of
// futures that no code can look at any more; these would be logged later, perhaps after the
// test. It runs the garbage collector only if there are futures with an error.
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

// collect waits until the garbage collector has processed all current garbage. The collector
// works outside the bubble, so there is nothing to wait for.
func collect() {
	// several goroutines may process what the first run has found, also after its mark phase
	for range 2 {
		done := new(atomic.Bool)
		runtime.AddCleanup(new([64]byte), func(done *atomic.Bool) { done.Store(true) }, done)
		for !done.Load() {
			runtime.GC()
			runtime.Gosched()
		}
	}
}
