package place

import "runtime/debug"

// Every Yield must find out, in a few nanoseconds, whether its goroutine belongs to a guest.
// Reading a thread id is a system call, twice as expensive as the switch itself, and Go shows no
// goroutine id. But Go has one goroutine-local bit that can be read cheaply: whether memory
// faults panic (debug.SetPanicOnFault). The bit is set in every coroutine and on the host's
// goroutine. The price: an invalid address in a task is a panic instead of a crash, which suits
// tasks well.
//
// A missing bit proves nothing, since an iterator may run a task's code on another goroutine. A
// set bit proves nothing either, since a program may use it for its own purposes. So the bit is
// only a short cut for a question that the thread id then answers. There is one exception: waits
// that cost no more than a switch accept it as proof while there is only one guest (Sole). If a
// goroutine makes two mistakes at once, sets the bit itself and calls such a wait with a task's
// context, it is not refused.

// Mark sets the calling goroutine's bit and returns its old value.
func Mark() (was bool) { return debug.SetPanicOnFault(true) }

// Marked reports whether the calling goroutine has the bit.
func Marked() bool {
	if debug.SetPanicOnFault(true) {
		return true
	}
	debug.SetPanicOnFault(false)
	return false
}

// Likely reports whether the calling goroutine, which has the bit, is probably on the loop's
// thread. The bit says so, unless there are other guests, whose goroutines have it, too. The
// answer is the same for all calls of a goroutine from the loop's first turn to its end, unless
// the goroutine sets the bit itself. Any goroutine.
func (p *Place) Likely() bool { return alive.Load() == 1 || p.OnThread() }

// unmark takes the bit off the calling goroutine.
func unmark() { debug.SetPanicOnFault(false) }
