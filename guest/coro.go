package guest

import (
	"time"

	"github.com/golodger/lodger/guest/internal/held"
	"github.com/golodger/lodger/guest/internal/sched"
)

// A coro is a coroutine with the guest's data about it: the task that runs in it, and the
// cancellation that ends the task's wait. UI thread only.
type coro struct {
	sched.Coro

	task    *Task  // the task that runs or waits in it
	refused uint16 // waits refused since the host has gone
	idle    bool   // it waits for its cancellation, or for other tasks
	ignored uint32 // waits refused before the host has gone, one after another

	since time.Duration // on the pump's clock: the begin of the latest wait that may last

	on      *scope // its cancellation ends this wait; the coro is in its list waiting
	before  *coro
	after   *coro
	derived contextErr // a std context derived from the scope's, which may be done on its own

	extra *coroExtra // what few coroutines need
}

// A coroExtra has the fields that few coroutines need, so that a parked task stays small.
type coroExtra struct {
	err  error // of a panic in the task, until the task's end takes it
	self held.Self
}

// more returns the coroutine's extra. It makes one if there is none.
func (c *coro) more() *coroExtra {
	if c.extra == nil {
		c.extra = new(coroExtra)
	}
	return c.extra
}

// panicked returns the error of a panic in the task, or nil.
func (c *coro) panicked() error {
	if c.extra == nil {
		return nil
	}
	return c.extra.err
}

// contextErr is the part of context.Context that the scheduler asks of a derived context.
type contextErr interface{ Err() error }

func newCoro() *sched.Coro {
	c := new(coro)
	c.Ext = c
	return &c.Coro
}

// coroOf returns the guest's data about c.
func coroOf(c *sched.Coro) *coro { return c.Ext.(*coro) }

// current returns the running task, or nil. UI thread only.
func (g *Guest) current() *Task {
	if c := g.pump.Current(); c != nil {
		return coroOf(c).task
	}
	return nil
}

// A beginning is a task as the loop sees it: a function to begin in a coroutine.
type beginning Task

// Run runs the task's function. The loop calls it.
func (b *beginning) Run(sc *sched.Coro) {
	t, c := (*Task)(b), coroOf(sc)
	c.task, t.coro = t, c
	t.scope.g.pump.Counted(1)
	t.scope.link()
	var err error
	if t.unseen() {
		if err = t.call(); err != nil { // as soundCall, without a call
			err = sound(err)
		}
	} else {
		err = t.seenCall()
	}
	c.left(t)
	t.returned(err)
}

// left is called when the function of t, which ran in c, has returned.
func (c *coro) left(t *Task) {
	c.task, t.coro, c.refused, c.ignored = nil, nil, 0, 0
	if c.extra != nil {
		c.extra.err = nil
	}
	c.Left()
}

// runnable returns the task as the loop sees it.
func (t *Task) runnable() sched.Runnable {
	if _, ok := t.body.(*timed); ok {
		return (*timedTask)(t)
	}
	return (*beginning)(t)
}

// taskOf returns the task that the loop sees as r.
func taskOf(r sched.Runnable) *Task {
	if tt, ok := r.(*timedTask); ok {
		return (*Task)(tt)
	}
	return (*Task)(r.(*beginning))
}

// exited is called when a Goexit has left the task that runs in c, or the posted function.
func (g *Guest) exited(c *coro) {
	t := c.task
	if t == nil {
		if !g.errors.logging { // do not report a logger's own Goexit, which would repeat forever
			g.unobserved(unobservedPost(ErrGoexit))
		}
		g.errors.handling, g.errors.logging = false, false
		return
	}
	err := c.panicked() // of a panic on the way out
	switch {
	case err != nil:
	case c.refused >= maxRefused:
		err = ErrHostGone // the guest itself called Goexit
	default:
		err = ErrGoexit
		if g.hooks.OnGoexit != nil {
			g.hooks.OnGoexit()
		}
	}
	c.task, t.coro = nil, nil
	t.returned(err)
}
