package guest

// This file alone touches iter.Pull. A coroutine must be made, resumed and stopped on one thread, at one LockOSThread count
// and one depth of C callbacks: anything else makes the runtime end the process, past all recovers (see runtime/coro.go).
// Only the pump knows that it stands at that place, and so only the pump may call newCoro, resume and stop; the rest of the
// package queues. A task gives the thread back with park, from its own code.
//
// A Goexit in a coroutine would become a Goexit of whoever resumed it, and that is the host's thread: the window would
// freeze for good. So the outermost deferred call in the body panics with a mark of ours when the body was left
// without returning; iter.Pull hands that panic to the pump, which takes the mark and goes on.

import (
	"iter"
	"runtime"
)

// A coro is a coroutine on the UI thread. It outlives the task that it runs and is used again for others.
type coro struct {
	guest *Guest
	next  func() (struct{}, bool)
	stop  func()
	yield func(struct{}) bool

	task *Task // that runs in it, or waits
	err  error // of a panic in the task, in case a Goexit goes on after it

	seq     uint32 // counts the task's waits; never 0. A wake-up for an earlier wait is late and ignored
	refused uint16 // waits refused since the host has gone
	idle    bool   // it has nothing to run
	on      *scope // whose cancellation ends this wait; in its list of waiting
	before  *coro
	after   *coro
	derived contextErr // a std context derived from the scope's, which may be done on its own
}

// contextErr is the part of context.Context that the scheduler asks of a derived context.
type contextErr interface{ Err() error }

// exited is the mark: the body of c was left by Goexit.
type exited struct{ c *coro }

func (g *Guest) newCoro() *coro {
	c := &coro{guest: g, seq: 1}
	c.next, c.stop = iter.Pull(c.body)
	return c
}

func (c *coro) body(yield func(struct{}) bool) {
	mark()
	c.yield = yield
	returned := false
	defer func() {
		if v := recover(); v != nil {
			panic(newPanicError(v)) // not a task's: those are caught before. What resumed the body would not know its stack
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

// runBeginnings begins what the pump has popped, a task or a posted function, and goes on with what may begin next in the
// batch: without a switch in between, as long as nothing waits.
func (c *coro) runBeginnings() {
	g := c.guest
	e, ok := g.beginning, true
	for g.beginning = (entry{}); ok; e, ok = g.nextBeginning() {
		if e.fn != nil {
			if e.task != nil {
				e.fn() // ours; a panic in it is the pump's
			} else if err := callPosted(e.fn); err != nil {
				g.unobserved(0, err)
			}
			continue
		}
		t := e.task
		c.task, t.coro, g.current = t, c, t
		g.counts.tasks++
		t.scope.enter()
		err := t.call()
		c.task, t.coro, g.current = nil, nil, nil
		c.refused, c.err = 0, nil
		t.returned(err)
	}
}

// resume runs c until it parks or has nothing left to run. Pump only.
func (c *coro) resume() {
	c.guest.current = c.task // until the next one, or the end of the turn
	c.next()
}

// park gives the thread back to the pump until somebody wakes this wait. From the task's own code only.
func (c *coro) park() {
	c.yield(struct{}{})
	if c.seq++; c.seq == 0 {
		c.seq = 1
	}
}

// leave ends the task that runs in c by Goexit, which runs its deferred calls. From the task's own code only.
func (c *coro) leave() { runtime.Goexit() }

// maxIdle is how many idle coroutines are kept, each with its stack, for the next tasks.
const maxIdle = 1024

// takeCoro returns an idle coroutine. Pump only.
func (g *Guest) takeCoro() *coro {
	if n := len(g.idle); n > 0 {
		c := g.idle[n-1]
		g.idle[n-1] = nil
		g.idle = g.idle[:n-1]
		c.idle = false
		return c
	}
	return g.newCoro()
}

// giveCoro keeps an idle coroutine for later, or ends it. Pump only.
func (g *Guest) giveCoro(c *coro) {
	if len(g.idle) < maxIdle {
		g.idle = append(g.idle, c)
	} else {
		c.stop()
	}
}

// stopCoros ends all idle coroutines. Pump only.
func (g *Guest) stopCoros() {
	for _, c := range g.idle {
		c.stop()
	}
	g.idle = nil
}
