package place

import (
	"runtime"

	"github.com/golodger/lodger/host"
)

// A loop's turns must run at one depth of C callbacks, and a task must not wait in a callback
// that it has caused itself: the runtime would end the process. Counting the callbacks means
// walking the stack, which takes one or two microseconds. But C calls Go only while Go has
// called C, and the runtime counts those calls. While that count does not change, no callback
// can have begun.
type depth struct {
	at       int // how many callbacks deep the turns run
	known    bool
	dead     int   // callbacks that a panic has left, but that are still on the stack
	cCalls   int64 // the process's calls to C when the depth was last found to be right
	throughC bool  // the host's callbacks come through C
}

// AtDepth reports whether the caller is at the depth of the turns; the first call sets it. UI
// thread only, outside coroutines.
func (p *Place) AtDepth() bool {
	d := &p.depth
	calls := runtime.NumCgoCall()
	if d.throughC {
		d.cCalls = calls
		// an Enterer leads to this depth itself, down a long stack, where counting again would
		// cost more than the turn
		return true
	}
	if d.known && d.at == 0 && calls == d.cCalls {
		return true // nor can a callback have ended
	}
	at := host.CallbackDepth() - d.dead
	if !d.known {
		d.at, d.known = at, true
	}
	if at != d.at {
		return false
	}
	d.cCalls = calls
	return true
}

// AtAnotherDepth reports whether the caller is known to be at another depth than the turns, and
// the host can't lead to their depth. UI thread only.
func (p *Place) AtAnotherDepth() bool {
	d := &p.depth
	return !d.throughC && d.known && host.CallbackDepth()-d.dead != d.at
}

// Discount says that the loop has ended, so further callbacks on the stack than before were left
// by a panic. UI thread only.
func (p *Place) Discount(before int) { p.depth.dead = host.CallbackDepth() - before }

// InsideC reports whether the running coroutine is in a callback from a C function that it has
// called itself. UI thread only.
func (p *Place) InsideC() bool {
	d := &p.depth
	calls := runtime.NumCgoCall()
	if calls == d.cCalls {
		return false
	}
	if host.CallbackDepth() > 0 {
		return true
	}
	if Marked() { // the coroutine itself, not an iterator's
		d.cCalls = calls // also for the next coroutines: none of them has parked in a callback
	}
	return false
}

// MayBeInsideC is InsideC for waits that cost no more than a switch. If the host's callbacks do
// not come through C, it returns false without a check. UI thread only.
func (p *Place) MayBeInsideC() bool { return p.depth.throughC && p.InsideC() }
