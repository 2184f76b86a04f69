package guest

import (
	"context"
	"fmt"
	"sync"

	"github.com/golodger/lodger/guest/internal/bridge"
)

// A wait that closes a circle would hang forever, so it is refused. These circles are found: a
// task that awaits a task, or the Future of Async, Submit or a Queue; a task that ends only
// after its children; a function of a queue that comes after another; a flow.Action that calls its
// own Run; and a background function, or CallOnMain in it, that a task waits for. These are not
// found: waits through channels, mutexes and futures made by NewFuture, and circles through
// several guests. AsCompleted, All and First wait for each of their futures.

// graph guards the graph of waits in one guest.
type graph struct{ sync.Mutex }

// addFor is add with a check for circles. w's task waits for task on, by itself or through a
// goroutine that works for it. e is the completion of on. The caller calls removeFor when the
// wait is over.
func (e *completion) addFor(w waiter, on *Task) (added bool, err error) {
	if !w.mayCloseCircle(on) {
		return e.add(w), nil
	}
	g := w.task.scope.g
	g.graph.Lock() // unlocked without defer: many waits come here
	switch {
	case w.task.waitedForBy(on):
		err = circle(w.task, on)
	case e.add(w):
		w.task.held.Add(1)
		added = true
	}
	g.graph.Unlock()
	return added, err
}

// mayCloseCircle reports whether the wait w for on could close a circle. A task's wait for its own
// child can't: the task ends after the child in any case, and each other wait was, or will be,
// checked against that. A goroutine's wait always may, and on may not have a parent yet.
func (w waiter) mayCloseCircle(on *Task) bool {
	return on != nil && on.scope.g == w.task.scope.g && (w.seq == 0 || on.scope.parent.task != w.task)
}

// circle is the error of t, which must not wait for on.
func circle(t, on *Task) error {
	if t == on {
		return fmt.Errorf("guest: %v waits for itself: %w", t, ErrWouldDeadlock)
	}
	return fmt.Errorf("guest: %v waits for %v, which can't end before it: %w", t, on, ErrWouldDeadlock)
}

func (e *completion) removeFor(w waiter, on *Task) {
	if !e.isSettled() {
		e.remove(w)
	}
	if w.mayCloseCircle(on) {
		w.task.held.Add(-1)
	}
}

func init() {
	bridge.Circle = func(ctx context.Context, on any) bool {
		t, other := waiterOf(ctx, runningHere()), on.(*Task)
		if t == nil || t.scope.g != other.scope.g {
			return false
		}
		t.scope.g.graph.Lock()
		defer t.scope.g.graph.Unlock()
		return t.waitedForBy(other)
	}
}

// waitedForBy reports whether on cannot end before t does. It walks from t to the tasks that end
// after it: its parents, and the tasks that await it. These are usually few, while on may have
// any number of children. The graph lock is held.
func (t *Task) waitedForBy(on *Task) bool {
	return on == t || (on.scope.live.Load() > 1 || on.held.Load() != 0) && t.endsBefore(on)
}

// endsBefore is waitedForBy for a task that something holds up.
func (t *Task) endsBefore(on *Task) bool {
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
		if o := x.scope.parent; o != nil && next(o.task) {
			return true
		}
		found := false
		x.end.eachWaiter(func(y *Task) { found = next(y) || found })
		if found {
			return true
		}
	}
	return false
}
