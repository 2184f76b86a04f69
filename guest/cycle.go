package guest

import (
	"context"
	"sync"
)

// A wait that closes a circle would hang for ever, and so it is refused. The circles that are found are made of: a task that
// awaits a task or the Future of Async; a task that ends only after its children; a background function, and CallOnMain in it,
// for which a task waits. What is not found: waits through channels, mutexes and futures made by NewFuture, and
// circles through several guests.

// graph guards who waits for whom, in one guest.
type graph struct{ sync.Mutex }

// awaitTask is await for the end of task on, with a look for circles.
func (t *Task) awaitTask(ctx context.Context, on *Task, e *completion) error {
	if on == nil || e.settled.Load() {
		return t.await(ctx, e)
	}
	forget, err := t.noteWait(on, e)
	if err != nil {
		return err
	}
	defer forget()
	return t.await(ctx, e)
}

// noteWait notes that t, by itself or through a goroutine that works for it, waits for task on; or refuses.
func (t *Task) noteWait(on *Task, e *completion) (forget func(), err error) {
	g := t.scope.g
	if on.scope.g != g {
		return func() {}, nil
	}
	g.graph.Lock()
	defer g.graph.Unlock()
	if t.waitedForBy(on) {
		return nil, ErrWouldDeadlock
	}
	note := waiter{task: t}
	e.add(note)
	t.held.Add(1)
	return func() {
		e.remove(note)
		t.held.Add(-1)
	}, nil
}

// waitedForBy reports whether on cannot end before t does. It goes from t to those that end after it: its owners, and
// those that await it. They are few as a rule, while on may have any number of children. The graph lock is held.
func (t *Task) waitedForBy(on *Task) bool {
	if on == t {
		return true
	}
	if on.scope.live.Load() <= 1 && on.held.Load() == 0 {
		return false // nothing holds it up
	}
	seen := map[*Task]bool{t: true}
	todo := []*Task{t}
	for len(todo) > 0 {
		x := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		next := func(y *Task) bool {
			if y != nil && !seen[y] {
				seen[y] = true
				todo = append(todo, y)
			}
			return y == on
		}
		if o := x.scope.owner; o != nil && next(o.task) {
			return true
		}
		x.end.mu.Lock()
		waiters := x.end.waiters
		found := false
		for _, w := range waiters {
			found = next(w.task) || found
		}
		x.end.mu.Unlock()
		if found {
			return true
		}
	}
	return false
}
