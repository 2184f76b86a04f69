package guest

import (
	"time"

	"github.com/golodger/lodger/guest/internal/held"
	"github.com/golodger/lodger/guest/internal/sched"
)

// A coro is a coroutine, and what the guest keeps with it: which task runs in it, and under whose
// cancellation that waits. UI thread only.
type coro struct {
	sched.Coro

	task    *Task  // that runs in it, or waits
	err     error  // of a panic in the task, in case a Goexit goes on after it
	refused uint16 // waits refused since the host has gone
	ignored uint32 // waits refused before that, one after another
	idle    bool   // it waits for its cancellation, or for other tasks
	told    bool   // observers will be told of this wait
	self    held.Self

	since time.Duration // on the pump's clock: when the latest wait began that may last

	on      *scope // whose cancellation ends this wait; in its list of waiting
	before  *coro
	after   *coro
	derived contextErr // a std context derived from the scope's, which may be done on its own
}

// contextErr is the part of context.Context that the scheduler asks of a derived context.
type contextErr interface{ Err() error }

func newCoro() *sched.Coro {
	c := new(coro)
	c.Ext = c
	return &c.Coro
}

// coroOf returns what the guest keeps with c.
func coroOf(c *sched.Coro) *coro { return c.Ext.(*coro) }

// current returns the task that runs, or nil. UI thread only.
func (g *Guest) current() *Task {
	if c := g.pump.Current(); c != nil {
		return coroOf(c).task
	}
	return nil
}

// A beginning is a task as the loop sees it: something to begin in a coroutine.
type beginning Task

// Run runs the task's function. The loop calls it.
func (b *beginning) Run(sc *sched.Coro) {
	t, c := (*Task)(b), coroOf(sc)
	c.task, t.coro = t, c
	t.scope.g.pump.Counted(1)
	t.scope.link()
	err := t.seenCall()
	c.left(t)
	t.returned(err)
}

// left: the function of t, which ran in c, has returned.
func (c *coro) left(t *Task) {
	c.task, t.coro, c.refused, c.ignored, c.err = nil, nil, 0, 0, nil
	c.Left()
}

// taskOf returns the task that the loop sees as r.
func taskOf(r sched.Runnable) *Task {
	if tt, ok := r.(*timedTask); ok {
		return (*Task)(tt)
	}
	return (*Task)(r.(*beginning))
}

// exited: the task that runs in c, or the posted function, was left by Goexit.
func (g *Guest) exited(c *coro) {
	t := c.task
	if t == nil {
		if !g.errors.logging { // a logger that does so can't be told of it, or it would for ever
			g.unobserved(unobservedPost(ErrGoexit))
		}
		g.errors.handling, g.errors.logging = false, false
		return
	}
	err := c.err // of a panic on the way out
	switch {
	case c.refused >= maxRefused:
		err = ErrHostGone // it was us
	case err == nil:
		err = ErrGoexit
		if g.hooks.OnGoexit != nil {
			g.hooks.OnGoexit()
		}
	}
	c.task, t.coro = nil, nil
	t.returned(err)
}
