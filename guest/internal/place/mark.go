package place

import "runtime/debug"

// "Is this goroutine one of a guest's?" must be answered at every Yield, in a few nanoseconds.
// A thread id is a system call, twice as expensive as the switch itself, and Go shows no
// goroutine id. What Go does have is one goroutine-local bit that can be read cheaply: whether
// memory faults panic (debug.SetPanicOnFault). It is set in every coroutine and on the host's
// goroutine. The price: an invalid address in a task is a panic instead of a crash, which suits
// tasks well.
//
// A missing bit is no proof, since an iterator may run a task's code on a goroutine of its own.
// Nor is a set bit, since a program may use it for its own ends. So the bit only short-cuts a
// question that the thread id then answers, with one exception: the waits that cost no more
// than a switch take it for proof while a single guest lives (Sole). A goroutine that sets the
// bit for itself and calls one of them with a task's context, two mistakes at once, is not
// refused.

// Mark sets the calling goroutine's bit and returns what it was.
func Mark() (was bool) { return debug.SetPanicOnFault(true) }

// Marked reports whether the calling goroutine has the bit.
func Marked() bool {
	if debug.SetPanicOnFault(true) {
		return true
	}
	debug.SetPanicOnFault(false)
	return false
}

// Likely reports whether the calling goroutine, which has the bit, is likely to be on the loop's
// thread: the bit says so, unless other guests live, whose goroutines have it, too. The answer
// is the same for all calls of a goroutine, from the loop's first turn to its end, or the
// goroutine sets the bit for itself. Any goroutine.
func (p *Place) Likely() bool { return alive.Load() == 1 || p.OnThread() }

// unmark takes the bit off the calling goroutine.
func unmark() { debug.SetPanicOnFault(false) }
