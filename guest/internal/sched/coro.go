package sched

// This file alone touches iter.Pull. A coroutine must be made, resumed and stopped on one
// thread, with the same LockOSThread count and the same depth of C callbacks. Otherwise the
// runtime ends the process, and no recover can stop it (see runtime/coro.go). Only the pump
// knows that it stands at that place. So only the pump may call newCoro, next and stop. A
// coroutine gives the thread back with Park.
//
// A Goexit in a coroutine would become a Goexit of the goroutine that resumes it, which is the
// host's thread: the window would freeze for good. So the outermost deferred call in the body
// panics with a private mark when the body ends without returning. iter.Pull hands that panic
// to the pump, which takes the mark and goes on.
//
// A panic of the code that runs in a coroutine is that code's own. One recover serves all that a
// coroutine runs: one for each task and each post would make each of them slower.

import (
	"iter"
	"runtime/debug"
)

// A Coro is a coroutine on the UI thread. It outlives the Runnable that it runs, and the pump
// uses it again.
type Coro struct {
	Ext any // the client's part; set once, by NewCoro

	pump  *Pump
	next  func() (struct{}, bool)
	stop  func()
	yield func(struct{}) bool
	seq   uint32 // counts the waits; never 0 while it lives. It tells late wake-ups
	idle  bool   // it has nothing to run
	code  code   // whose code runs in it, or has just panicked

	open    bool // it is parked in ParkVisitably
	visited bool // it is resumed there to call the pump's visit, and to park again
}

// A code says whose code runs in a coroutine, and so what a panic of it is.
type code uint8

const (
	internal code = iota // the pump's and the client's: a panic is a fault of the pump
	runs                 // the Runnable's own, or what the client has put around it
	posted               // a posted function
)

// exited is the mark: the body of c was left by Goexit.
type exited struct{ c *Coro }

// crash is a panic of the pump or client in a coroutine, not of a Runnable or posted function.
// It carries its stack, because the code that resumed the coroutine can't see it.
type crash struct {
	value any
	stack []byte
}

func (p *Pump) newCoro() *Coro {
	c := p.client.NewCoro()
	c.pump, c.seq = p, 1
	c.next, c.stop = iter.Pull(c.body)
	return c
}

func (c *Coro) body(yield func(struct{}) bool) {
	debug.SetPanicOnFault(true) // the mark; see package place
	c.yield = yield
	done := false
	defer func() {
		if v := recover(); v != nil {
			panic(crash{v, debug.Stack()})
		}
		if !done {
			panic(exited{c})
		}
	}()
	for !done {
		done = c.work()
	}
}

// work runs what begins in the coroutine, until the pump stops the coroutine or has no room for
// it. It also returns after the panic of a Runnable's own code or of a posted function; then the
// caller calls it again.
func (c *Coro) work() (done bool) {
	defer func() {
		if c.code == internal {
			return // the coroutine ends, or this is a fault of the pump
		}
		if v := recover(); v != nil {
			c.caught(v)
		}
	}()
	if c.code == internal || c.goesOn() {
		c.runBeginnings()
	}
	for c.pump.hasRoom() {
		c.idle = true
		if !c.yield(struct{}{}) {
			return true
		}
		c.runBeginnings()
	}
	return true
}

// caught passes on a panic of a Runnable's own code or of a posted function. It must run in the
// deferred call that has recovered, where debug.Stack still shows the panic's stack.
func (c *Coro) caught(v any) {
	if c.code == posted {
		c.pump.client.Failed(v, debug.Stack())
	} else {
		c.pump.client.Panicked(c, v)
	}
}

// goesOn ends what has panicked, and goes on with the batch. It reports whether there is something
// for runBeginnings. The client may not have been told: with GODEBUG=panicnil=1 nothing tells a
// panic(nil) from a return.
func (c *Coro) goesOn() (ok bool) {
	p, was := c.pump, c.code
	c.code = internal
	if was == runs {
		what := p.client.Recovered(c)
		if p.watched {
			p.ran = what
		}
	}
	p.beginning, ok = p.nextBeginning()
	return ok
}

// runBeginnings begins the entry that the pump has popped. Then it goes on with the next
// entries of the batch that begin something. As long as none of them waits, that needs no
// switch.
func (c *Coro) runBeginnings() {
	p := c.pump
	e, ok := p.beginning, true
	p.current = nil
	for p.beginning = (entry{}); ok; e, ok = p.nextBeginning() {
		switch e.tag.kind() {
		case calls:
			if p.watched {
				p.ran = e.what // now, in case it panics
			}
			c.code = posted
			p.callPosted(e.what.(callback))
			c.code = internal
		case callsOwn:
			e.what.Run(nil)
		default:
			p.current = c
			e.what.Run(c)
		}
		if p.watched {
			p.ran = e.what
		}
	}
}

// Entered says that a Runnable's own code runs from now on: a panic is that code's, and goes to
// the client's Panicked and Recovered. Run calls it.
func (c *Coro) Entered() { c.code = runs }

// Left says that a Runnable's code has returned, so that later wake-ups do not reach it. Run
// calls it, and Recovered.
func (c *Coro) Left() {
	c.code = internal
	c.pump.current = nil
	c.nextSeq()
}

// Seq returns the number of the wait that the coroutine is in, or is about to begin. UI thread
// only.
func (c *Coro) Seq() uint32 { return c.seq }

// Park gives the thread back to the pump until the wait Seq is woken. Must be called in the
// coroutine itself.
func (c *Coro) Park() {
	c.yield(struct{}{})
	c.nextSeq()
}

// ParkVisitably is Park for a wait that may last: meanwhile Visit can call a function in the
// coroutine. The caller calls Unpark as soon as it returns. The two are small enough to be
// inlined: after a switch, the processor predicts the return of every call wrongly.
func (c *Coro) ParkVisitably() {
	c.open = true
	c.yield(struct{}{})
}

// Unpark ends a ParkVisitably.
func (c *Coro) Unpark() {
	if c.visited {
		c.receive()
	}
	c.open = false
	c.nextSeq()
}

// receive calls what Visit brings, until the wait is over.
func (c *Coro) receive() {
	for c.visited {
		c.visited = false
		c.pump.visit()
		c.yield(struct{}{})
	}
}

// Visit calls fn in a coroutine that is parked in ParkVisitably, and the coroutine then goes on
// waiting. So fn can look at where the coroutine waits. Visit reports whether the coroutine was
// parked so. Must be called in a Control's Apply.
func (p *Pump) Visit(c *Coro, fn func()) bool {
	if c.open {
		c.visited, p.visit = true, fn
		c.next()
		p.visit = nil
	}
	return c.open
}

func (c *Coro) nextSeq() { c.seq = max(c.seq+1, 1) }
