package guest

import "runtime/debug"

// "Is this goroutine one of ours?" must be answered at every Yield, in a few nanoseconds. A thread id is a system call,
// twice as dear as the switch itself, and Go shows no goroutine id. What Go does have is one goroutine-local bit that can be
// read cheaply: whether memory faults panic (debug.SetPanicOnFault). We set it in every coroutine of ours and on the
// host's goroutine. The price: an invalid address in a task is a panic instead of a crash, which suits tasks well.
//
// A missing bit is no proof, since an iterator may run a task's code on a goroutine of its own; nor is a set bit, since
// a program may use it for its own ends. So it only short-cuts a question that the thread id then answers; with one
// exception: the waits that cost no more than a switch take it for proof while a single guest lives. A goroutine that sets
// the bit for itself and calls one of them with a task's context, two mistakes at once, is not refused.

// mark sets the calling goroutine's bit and returns what it was.
func mark() (was bool) { return debug.SetPanicOnFault(true) }

// unmark gives the bit back its old value.
func unmark(was bool) { debug.SetPanicOnFault(was) }

// marked reports whether the calling goroutine has the bit.
func marked() bool {
	if debug.SetPanicOnFault(true) {
		return true
	}
	debug.SetPanicOnFault(false)
	return false
}
