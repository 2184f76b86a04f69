package guest

import (
	"reflect"
	"runtime"
	"time"

	"github.com/golodger/lodger/guest/internal/bridge"
	"github.com/golodger/lodger/guest/internal/held"
	"github.com/golodger/lodger/guest/internal/sched"
	"github.com/golodger/lodger/internal/stacks"
)

func init() {
	bridge.NewWatch = func(g any, w bridge.Watcher) *bridge.Watch { return g.(*Guest).watch(w) }
}

// watch is bridge.NewWatch.
func (g *Guest) watch(w bridge.Watcher) *bridge.Watch {
	g.pump.Watch(&sched.Watcher{
		Long: g.opts.budget(),
		Turn: func(t sched.Turn) { w.Turn(bridge.Turn(t)) },
		Step: func(s sched.Step) { w.Step(longStep(s)) },
		Look: lookAtHolder,
	})
	return &bridge.Watch{
		Budget: g.opts.budget(),
		Slow:   g.opts.slowTurn(),
		Now:    g.doing,
		Stop:   func() { g.pump.Watch(nil) },
	}
}

// doing says what the UI thread does now. Any goroutine.
func (g *Guest) doing() (now time.Duration, does bridge.Doing, since time.Duration) {
	by, since := g.pump.Standing()
	switch by {
	case sched.ByTurn:
		does = bridge.Turns
	case sched.ByHost:
		does = bridge.Owes
	}
	return g.pump.Since(), does, since
}

// lookAtHolder looks at the stacks for what holds the thread. What a toolkit does by itself is no
// affair of the program's.
func lookAtHolder(by sched.Held) (seen any) {
	dump := held.Now()
	h := dump.Task()
	if by == sched.ByHost {
		h = dump.Handler()
	}
	if !h.Known() {
		return nil
	}
	return h
}

// longStep says what a step of the scheduler was to the program.
func longStep(s sched.Step) bridge.Step {
	step := bridge.Step{Began: s.Began, For: s.For}
	h, _ := s.Seen.(held.Holder)
	step.In, step.Line = h.In, h.At
	for _, c := range h.Chain() {
		step.Calls = append(step.Calls, c.Name(), c.At())
	}
	switch what := s.What.(type) {
	case *sched.Coro:
		step.Name, step.Func, step.At = stepOf(coroOf(what).task)
	case sched.Runnable:
		step.Name, step.Func, step.At = stepOf(taskOf(what))
	case func():
		step.Kind = bridge.OfPost
		step.Func, step.At = programFunc(reflect.ValueOf(what).Pointer())
	}
	if s.By == sched.ByHost {
		step.Kind = bridge.Outside
	}
	if step.Func == "" {
		step.Func = h.Task
	}
	return step
}

// stepOf names the task of a step; nil is one that is not known.
func stepOf(t *Task) (name, function, at string) {
	if t != nil {
		name = t.name()
		function, at = funcPlace(t.pc())
	}
	return name, function, at
}

// programFunc is funcPlace for a function of the program's. One of the library's has no name: it
// calls the program, and a look at the stack says what.
func programFunc(pc uintptr) (name, at string) {
	if f := runtime.FuncForPC(pc); f != nil {
		if file, _ := f.FileLine(pc); !stacks.OfLibrary(file) {
			return funcPlace(pc)
		}
	}
	return "", ""
}
