package guest

import (
	"context"
	"reflect"
	"runtime"
	"slices"
	"time"
	"weak"

	"github.com/golodger/lodger/guest/internal/bridge"
	"github.com/golodger/lodger/guest/internal/sched"
)

// A control message takes the snapshot of the tasks: the pump applies it between two batches,
// when no code of the program runs. To learn where a task waits, the pump resumes its coroutine,
// which reads its own callers and parks again. So nothing is stopped, nothing is recorded
// beforehand, and the lines are exact, even in virtual time.

func init() {
	bridge.Snapshot = func(ctx context.Context, g any, last *bridge.Guest) (*bridge.Guest, error) {
		return g.(*Guest).snapshot(ctx, last)
	}
	bridge.OfLibrary = ofLibrary
}

// A lookAround is a control message that asks for a snapshot.
type lookAround struct {
	g    *Guest
	last *bridge.Guest
	into *Future[*bridge.Guest]
}

func (l *lookAround) Apply()       { l.into.Resolve(l.g.look(l.last)) }
func (l *lookAround) Prompt() bool { return false }

// snapshot implements bridge.Snapshot.
func (g *Guest) snapshot(ctx context.Context, last *bridge.Guest) (*bridge.Guest, error) {
	g.need("Snapshot")
	if _, err := bridge.MayWait(ctx, "inspect.Tasks"); err != nil {
		return nil, err
	}
	l := &lookAround{g, last, NewFuture[*bridge.Guest]()}
	asking, answered := context.WithCancel(context.Background())
	defer answered()
	if !g.life.end.hook(&hook{func() bool { return l.into.Reject(ErrFinished) }, asking}) {
		return nil, ErrFinished
	}
	g.pump.Control(l)
	return l.into.Wait(ctx)
}

// look takes the snapshot. Pump only.
func (g *Guest) look(last *bridge.Guest) *bridge.Guest {
	began := time.Now()
	v := &viewer{g: g, waits: make(map[*Task][]*Task), works: make(map[*Task][]bridge.Work)}
	if last != nil {
		v.last = last.ByRef
	}
	v.tasks = make(map[*Task]*bridge.Task, len(v.last))
	g.works.each(func(j *jobState) {
		w := bridge.Work{PC: j.pc, Name: nameIn(j.ctx, &j.task.scope), Begun: j.begun.isTaken()}
		v.works[j.task] = append(v.works[j.task], w)
	})
	s := &bridge.Guest{Name: g.opts.name(), State: g.State()}
	s.Tasks = append(v.below(&g.root), v.below(&g.own)...)
	v.link()
	s.Took = time.Since(began)
	return s
}

// A viewer takes a snapshot.
type viewer struct {
	g     *Guest
	waits map[*Task][]*Task // the waiting tasks of each task
	works map[*Task][]bridge.Work
	tasks map[*Task]*bridge.Task
	last  map[any]*bridge.Task // by their Ref
}

// below returns the tasks of a scope, the oldest first, and those of the scopes that the scope's
// own task has opened.
func (v *viewer) below(s *scope) (tasks []*bridge.Task) {
	for child := s.first; child != nil; child = child.next {
		switch {
		case child == &v.g.own || isUntilCancel(child.task):
		case child == &child.task.scope:
			tasks = append(tasks, v.task(child.task))
		default:
			inside := v.below(child)
			slices.Reverse(inside)
			tasks = append(tasks, inside...)
		}
	}
	slices.Reverse(tasks)
	return tasks
}

// isUntilCancel reports whether t is main of a guest without a main function, which is not code
// of the program.
func isUntilCancel(t *Task) bool {
	_, without := t.body.(untilCancel)
	return without
}

// task records a task and the tasks below it.
func (v *viewer) task(t *Task) *bridge.Task {
	b := &bridge.Task{ID: idOf(t), Ref: weak.Make(t), PC: t.pc(), Name: t.name(), Works: v.works[t]}
	_, isTimer := t.body.(*timed)
	if c := t.scope.cancelled(); c != nil {
		b.Cancelled = c.cause
	}
	t.end.eachWaiter(func(w *Task) { v.waits[w] = append(v.waits[w], t) })
	b.Children, b.NotBegun = v.below(&t.scope), t.scope.unbegun(nil)
	switch c := t.coro; {
	case c != nil:
		b.State, b.Wait = bridge.Ready, c.Seq()
		b.Stack = v.stack(b, &c.Coro)
		if b.Stack != nil {
			b.State, b.For = bridge.Waiting, v.g.pump.Since()-c.since
		}
	case isTimer:
		b.State = bridge.Timer
		b.NotBegun = max(0, b.NotBegun-1) // its own function
	default:
		b.State = bridge.Joining
	}
	v.tasks[t] = b
	return b
}

// link records which task waits for which. A task that ends only after its children needs no
// record.
func (v *viewer) link() {
	for waits, on := range v.waits {
		if b := v.tasks[waits]; b != nil {
			for _, t := range on {
				b.WaitsFor = append(b.WaitsFor, idOf(t))
			}
			slices.Sort(b.WaitsFor)
			b.WaitsFor = slices.Compact(b.WaitsFor) // All may be given a future twice
		}
	}
}

// stack returns the calls of a task that is parked in c, the innermost first, or nil if the task
// has only yielded. Visiting a coroutine costs one or two microseconds, so a coroutine that is
// in the same wait as last time is not visited.
func (v *viewer) stack(b *bridge.Task, c *sched.Coro) []uintptr {
	if last := v.last[b.Ref]; last != nil && last.Wait == b.Wait && last.Stack != nil {
		return last.Stack
	}
	var pcs [64]uintptr
	n := 0
	if !v.g.pump.Visit(c, func() { n = runtime.Callers(1, pcs[:]) }) {
		return nil
	}
	return slices.Clone(pcs[:n])
}

// idOf returns an ID that is unique while the task lives.
func idOf(t *Task) uint64 { return uint64(reflect.ValueOf(t).Pointer()) }
