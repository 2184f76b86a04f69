package guest

import (
	"context"
	"slices"
	"sync/atomic"
	"time"

	"github.com/golodger/lodger/guest/internal/bridge"
	"github.com/golodger/lodger/guest/internal/held"
)

// Observers get events about what the guest does (inspect.Observe). A guest without observers
// reads one pointer when a task begins and when a wait begins.
type observers struct{ list atomic.Pointer[[]*observer] }

type observer struct{ fn func(bridge.Event) }

func init() {
	bridge.Observe = func(g any, fn func(bridge.Event)) (stop func()) {
		g.(*Guest).need("Observe")
		o := &observer{fn}
		all := &g.(*Guest).observers
		all.change(func(list []*observer) []*observer { return append(list, o) })
		return func() { all.remove(o) }
	}
	bridge.TaskOf = func(ctx context.Context) (name string, pc uintptr, ok bool) {
		s := scopeOf(ctx)
		if s == nil || s.task == nil {
			return "", 0, false
		}
		return s.task.name(), s.task.pc(), true
	}
}

// change replaces the list. Any goroutine.
func (o *observers) change(with func(list []*observer) []*observer) {
	for {
		old := o.list.Load()
		var list []*observer
		if old != nil {
			list = slices.Clone(*old)
		}
		var now *[]*observer
		if list = with(list); len(list) > 0 {
			now = &list
		}
		if o.list.CompareAndSwap(old, now) {
			return
		}
	}
}

func (o *observers) remove(one *observer) {
	o.change(func(list []*observer) []*observer {
		return slices.DeleteFunc(list, func(other *observer) bool { return other == one })
	})
}

// observed reports whether there are observers. Any goroutine.
func (g *Guest) observed() bool { return g.observers.list.Load() != nil }

// tell sends an event to all observers. An observer that panics gets no more.
func (g *Guest) tell(e bridge.Event) {
	if list := g.observers.list.Load(); list != nil {
		for _, o := range *list {
			g.tellOne(o, e)
		}
	}
}

func (g *Guest) tellOne(o *observer, e bridge.Event) {
	defer func() {
		if v := recover(); v != nil {
			g.observers.remove(o)
			g.once("observer", func() {
				g.opts.logger().Error("guest: an observer panicked and gets no more events", "panic", quoteAny(v))
			})
		}
	}()
	o.fn(e)
}

// event returns an event about the task.
func (t *Task) event(kind bridge.Kind) bridge.Event {
	return bridge.Event{Kind: kind, Name: t.name(), PC: t.pc()}
}

// observedCall is soundCall with the events for observers.
func (t *Task) observedCall() (err error) {
	g := t.scope.g
	g.tell(t.event(bridge.Began))
	begun, returned := g.pump.Since(), false // not Now: the step before may have been long
	defer func() {
		e := t.event(bridge.Ended)
		if e.For, e.Err = g.pump.Since()-begun, err; !returned {
			e.Err = ErrGoexit
		}
		g.tell(e)
	}()
	err = t.safeCall()
	returned = true
	return err
}

// safeCall is soundCall, and returns a panic as the error.
func (t *Task) safeCall() (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = newPanicError(v)
			t.coro.more().err = err // kept here, since a Goexit may follow
		}
	}()
	return t.soundCall()
}

// tellWaited sends the event that a wait of the task has ended, which began at since.
func (t *Task) tellWaited(since time.Duration) {
	e := t.event(bridge.Waited)
	e.For = t.scope.g.pump.Since() - since
	t.scope.g.tell(e)
}

// slowEvent describes what holds the UI thread.
func slowEvent(h held.Holder, d time.Duration) bridge.Event {
	return bridge.Event{Kind: bridge.Slow, Name: h.Name, For: d, Held: &bridge.Held{In: h.In, At: h.At, Task: h.Task}}
}
