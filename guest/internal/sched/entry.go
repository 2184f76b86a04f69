package sched

// An entry is one thing to do. All kinds share one queue, so that they keep one order.
type entry struct {
	what any    // by kind: *Coro, Runnable or callback
	seq  uint32 // which wait of the coroutine ends
	kind kind
}

type kind uint8

const (
	resumes  kind = iota // a coroutine goes on, if it still waits the wait seq
	begins               // a Runnable begins in a coroutine
	calls                // a posted function; a panic in it is its own
	callsOwn             // a function of the owner's; a panic in it is the loop's fault
)

// A Runnable begins in a coroutine of its own. Run calls c.Left when its code has returned.
type Runnable interface {
	Run(c *Coro)
}

// A callback is a posted function. It is pointer-shaped: to put it into an entry allocates nothing.
type callback func()

// begins reports whether e needs an idle coroutine, and not the one in which it waits.
func (e *entry) begins() bool { return e.kind != resumes }
