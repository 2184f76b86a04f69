package sched

import (
	"sync"
	"time"
)

// A task is the Runnable of the tests: a function that runs in a coroutine and may wait. A
// wait ends early when the task is cancelled.
type task struct {
	client *client
	fn     func(t *task)

	// UI thread only, or after the main loop.
	co        *Coro // while the function runs
	begun     bool
	done      bool
	cancelled bool
}

// A testCoro is a coroutine with the client's data about it.
type testCoro struct {
	Coro
	task *task
}

// start starts a task. It returns nil if the pump refuses it. Any goroutine.
func (c *client) start(fn func(t *task)) *task {
	t := &task{client: c, fn: fn}
	c.mu.Lock()
	if c.sealed {
		c.mu.Unlock()
		return nil
	}
	c.live++ // from here on the pump can't end before the task
	c.tasks = append(c.tasks, t)
	c.mu.Unlock()
	if !c.pump.Start(t) {
		c.t.Error("a pump that was not told to end has refused a task")
	}
	return t
}

func (t *task) Run(co *Coro) {
	t.begun, t.co = true, co
	t.client.pump.Counted(1)
	t.cancelled = t.cancelled || t.client.cancelled
	co.Ext.(*testCoro).task = t
	t.fn(t)
	co.Ext.(*testCoro).task = nil
	co.Left()
	t.ended()
}

// ended counts the task as ended.
func (t *task) ended() {
	t.co, t.done = nil, true
	t.client.pump.Counted(-1)
	t.client.mu.Lock()
	t.client.live--
	t.client.mu.Unlock()
	t.client.endIfDone()
}

// cancel ends the task's wait, and all its later waits. Any goroutine.
func (t *task) cancel() { t.client.pump.Control(applied(t.cancelNow)) }

func (t *task) cancelNow() {
	t.cancelled = true
	if t.co != nil {
		t.client.pump.Requeue(t.co)
	}
}

// The waits. Must be called in the task.

// yield waits for the next batch.
func (t *task) yield() {
	t.client.pump.Requeue(t.co)
	t.co.Park()
}

// park waits for a wake-up, or until all waits end.
func (t *task) park() {
	if !t.cancelled {
		t.co.Park()
	}
}

// sleepUntil waits for a time on the pump's clock.
func (t *task) sleepUntil(when time.Duration) {
	l := &t.client.pump
	l.Sleeps(1)
	defer l.Sleeps(-1)
	l.WakeAt(when, t.co)
	t.park()
}

// sleep waits for d.
func (t *task) sleep(d time.Duration) { t.sleepUntil(t.client.pump.Deadline(d)) }

// A signal is what one task waits for.
type signal struct {
	mu     sync.Mutex
	raised bool
	waiter *Coro
	seq    uint32 // number of the wait
}

// await waits for the signal.
func (t *task) await(s *signal) {
	s.mu.Lock()
	raised := s.raised
	s.waiter, s.seq = t.co, t.co.Seq()
	s.mu.Unlock()
	if !raised {
		t.park()
	}
}

// raise wakes the task that waits. Any goroutine.
func (s *signal) raise() {
	s.mu.Lock()
	s.raised = true
	co, seq := s.waiter, s.seq
	s.mu.Unlock()
	if co != nil {
		co.pump.Wake(co, seq)
	}
}
