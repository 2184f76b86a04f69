package guest

import (
	"sync"
	"sync/atomic"
)

// A completion is something that happens once and may be waited for, by tasks of any guest and by goroutines: the end of a
// task, the settling of a future, the answer of a helper goroutine. One mechanism serves them all.
type completion struct {
	settled atomic.Bool
	mu      sync.Mutex
	seen    bool // somebody got the error, or has asked to be told of the end
	err     error
	waiters []waiter
	done    chan struct{}
}

// A waiter is a task's wait. With seq 0 it is only a note that the task cannot go on before: a goroutine that works for it
// waits (cycle.go).
type waiter struct {
	task *Task
	seq  uint32
}

// settle says that it has happened; set is called first, if it is the first time. Any goroutine.
func (e *completion) settle(err error, set func()) bool {
	e.mu.Lock()
	if e.settled.Load() {
		e.mu.Unlock()
		return false
	}
	if set != nil {
		set()
	}
	e.err = err
	waiters, done := e.waiters, e.done
	e.waiters = nil
	e.settled.Store(true)
	e.mu.Unlock()
	if done != nil {
		close(done)
	}
	for _, w := range waiters {
		if w.seq != 0 {
			w.task.scope.g.wakeTask(w.task, w.seq)
		}
	}
	return true
}

// wakeTask ends a wait of a task. Any goroutine. A wait that has ended meanwhile is not disturbed.
func (g *Guest) wakeTask(t *Task, seq uint32) { _ = g.post(entry{task: t, seq: seq}) }

// add registers a wait; it reports false if there is nothing left to wait for.
func (e *completion) add(w waiter) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.settled.Load() {
		return false
	}
	e.waiters = append(e.waiters, w)
	return true
}

// remove takes a wait back that ended otherwise.
func (e *completion) remove(w waiter) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for i, v := range e.waiters {
		if v == w {
			last := len(e.waiters) - 1
			e.waiters[i] = e.waiters[last]
			e.waiters[last] = waiter{}
			e.waiters = e.waiters[:last]
			return
		}
	}
}

// channel returns a channel that is closed when it has happened.
func (e *completion) channel() <-chan struct{} {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.seen = true
	if e.done == nil {
		e.done = make(chan struct{})
		if e.settled.Load() {
			close(e.done)
		}
	}
	return e.done
}

// result returns the error of a settled completion, which counts as observed from now on.
func (e *completion) result() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.settled.Load() && e.err != nil {
		e.seen = true
	}
	return e.err
}

// unobserved reports whether it failed and nobody has been told.
func (e *completion) unobserved() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.err != nil && !e.seen
}

// heeded reports whether somebody waits for it, or has asked to be told.
func (e *completion) heeded() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.seen {
		return true
	}
	for _, w := range e.waiters {
		if w.seq != 0 {
			return true
		}
	}
	return false
}
