package looptest

import (
	"fmt"
	"sync/atomic"
	"time"
)

// A Deed is something that a host may do with a function that it is asked to run soon. This is
// the one catalogue of such faults. The guest's own tests play all of them on a [Loop]. The
// ordeal of real hosts plays those that a real loop can do.
type Deed uint8

// The deeds. Soon keeps the contract. So does Late, except for the word "soon".
const (
	Soon Deed = iota
	Inline
	Twice
	Late
	First
	Lost
	OnAnotherThread
	OnTwoThreads
	Panics
	PanicsLater
	InsideATask
	Dies
	Deeds // the number of deeds
)

// String names the deed.
func (d Deed) String() string {
	return [Deeds]string{"soon", "inline", "twice", "late", "out of order", "never", "on another thread",
		"on two threads at once", "panics instead", "runs it and panics", "inside the pump", "dies"}[d]
}

// A Culprit is the loop that does the deeds. It can't do a deed whose function is nil here.
type Culprit struct {
	Soon  func(fn func())                  // runs fn soon, as the contract says; never nil
	After func(d time.Duration, fn func()) // runs fn after d
	First func(fn func())                  // runs fn before all others
	Nest  func(fn func())                  // runs fn in the middle of a task
	Quit  func()                           // ends the loop

	panics atomic.Int64 // panics so far: each has a different text
}

// Do does d with fn. late is for the deed Late. Any goroutine.
func (c *Culprit) Do(d Deed, fn func(), late time.Duration) {
	switch d {
	case Soon:
		c.Soon(fn)
	case Inline:
		fn()
	case Twice:
		c.Soon(fn)
		c.Soon(fn)
	case Late:
		c.After(late, fn)
	case First:
		c.First(fn)
	case Lost:
	case OnAnotherThread:
		go fn()
	case OnTwoThreads:
		go fn()
		c.Soon(fn)
	case Panics:
		panic(fmt.Sprint("hostile ", c.panics.Add(1)))
	case PanicsLater:
		c.Soon(fn)
		panic("hostile")
	case InsideATask:
		c.Nest(fn)
	case Dies:
		c.Soon(fn)
		c.Soon(c.Quit)
	default:
		panic(fmt.Sprintf("looptest: no deed %d", uint8(d)))
	}
}
