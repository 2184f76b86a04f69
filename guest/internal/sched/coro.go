package sched

// This file alone touches iter.Pull. A coroutine must be made, resumed and stopped on one
// thread, at one LockOSThread count and one depth of C callbacks: anything else makes the
// runtime end the process, past all recovers (see runtime/coro.go). Only the pump knows that it
// stands at that place, and so only the pump may call newCoro, next and stop. A coroutine gives
// the thread back with Park.
//
// A Goexit in a coroutine would become a Goexit of its resumer, which is the host's thread: the
// window would freeze for good. So the outermost deferred call in the body panics with a mark
// of ours when the body was left without returning. iter.Pull hands that panic to the pump,
// which takes the mark and goes on.

import (
	"iter"
	"runtime/debug"
)

// A Coro is a coroutine on the UI thread. It outlives the Runnable that it runs, and is used
// again.
type Coro struct {
	Ext any // the client's part; set once, by NewCoro

	pump  *Pump
	next  func() (struct{}, bool)
	stop  func()
	yield func(struct{}) bool
	seq   uint32 // counts the waits; never 0 while it lives. A wake-up for an earlier wait is late
	idle  bool   // it has nothing to run
	open  bool   // it is parked visitably
	visit func() // to be called in it then
}

// exited is the mark: the body of c was left by Goexit.
type exited struct{ c *Coro }

// crash is a panic that is not a Runnable's or a posted function's, with its stack: what
// resumed the coroutine would not know that.
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
	c.pump.client.EnterCoro()
	defer c.pump.client.LeaveCoro()
	c.yield = yield
	returned := false
	defer func() {
		if v := recover(); v != nil {
			panic(crash{v, debug.Stack()})
		}
		if !returned {
			panic(exited{c})
		}
	}()
	for {
		c.runBeginnings()
		c.idle = true
		if !yield(struct{}{}) {
			returned = true
			return
		}
	}
}

// runBeginnings begins what the pump has popped, and goes on with what may begin next in the
// batch: without a switch in between, as long as nothing waits.
func (c *Coro) runBeginnings() {
	p := c.pump
	e, ok := p.beginning, true
	p.current = nil
	for p.beginning = (entry{}); ok; e, ok = p.nextBeginning() {
		switch e.tag.kind() {
		case calls:
			p.callPosted(e.what.(callback))
		case callsOwn:
			e.what.(callback)()
		default:
			p.current = c
			e.what.(Runnable).Run(c)
		}
		if p.watcher != nil {
			p.ran = e.what
		}
	}
}

// Left says that a Runnable's code has returned: no wake-up is for it any more. In Run.
func (c *Coro) Left() {
	c.pump.current = nil
	c.nextSeq()
}

// Seq numbers the wait that the coroutine is in, or is about to begin. UI thread only.
func (c *Coro) Seq() uint32 { return c.seq }

// Park gives the thread back to the pump until the wait Seq is woken. In the coroutine itself.
func (c *Coro) Park() {
	c.yield(struct{}{})
	c.nextSeq()
}

// ParkVisitably is Park for a wait that may last: meanwhile Visit can be called. It costs a call
// more.
func (c *Coro) ParkVisitably() {
	c.open = true
	c.yield(struct{}{})
	for c.visit != nil {
		fn := c.visit
		c.visit = nil
		fn()
		c.yield(struct{}{})
	}
	c.open = false
	c.nextSeq()
}

// Visit has fn called in a coroutine that is parked visitably, which then goes on waiting: fn can
// look where that stands. It reports whether the coroutine is. In a Control's Apply.
func (p *Pump) Visit(c *Coro, fn func()) bool {
	if c.open {
		c.visit = fn
		c.next()
	}
	return c.open
}

func (c *Coro) nextSeq() {
	if c.seq++; c.seq == 0 {
		c.seq = 1
	}
}
