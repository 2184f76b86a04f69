package guest

import (
	"reflect"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/golodger/lodger/guest/internal/bridge"
	"github.com/golodger/lodger/guest/internal/held"
	"github.com/golodger/lodger/guest/internal/sched"
	"github.com/golodger/lodger/internal/stacks"
)

func init() {
	bridge.NewWatch = func(g any, w bridge.Watcher) *bridge.Watch { return g.(*Guest).watch(w) }
}

// Watchers are told of turns and long steps: the consoles whose page is open.
type watchers struct {
	mu   sync.Mutex // of changes
	list atomic.Pointer[[]*bridge.Watcher]
}

// all returns the watchers. Any goroutine.
func (w *watchers) all() []*bridge.Watcher {
	if list := w.list.Load(); list != nil {
		return *list
	}
	return nil
}

// watch is bridge.NewWatch.
func (g *Guest) watch(w bridge.Watcher) *bridge.Watch {
	g.changeWatchers(func(list []*bridge.Watcher) []*bridge.Watcher { return append(list, &w) })
	return &bridge.Watch{
		Budget: g.opts.budget(),
		Slow:   g.opts.slowTurn(),
		Now:    g.doing,
		Stop: func() {
			g.changeWatchers(func(list []*bridge.Watcher) []*bridge.Watcher {
				return slices.DeleteFunc(list, func(other *bridge.Watcher) bool { return other == &w })
			})
		},
	}
}

// changeWatchers has the pump watched while there is a watcher. The lock keeps changes in order,
// and the UI thread never takes it.
func (g *Guest) changeWatchers(with func(list []*bridge.Watcher) []*bridge.Watcher) {
	w := &g.watchers
	w.mu.Lock()
	defer w.mu.Unlock()
	before := len(w.all())
	list := with(slices.Clone(w.all()))
	w.list.Store(&list)
	switch {
	case before == 0 && len(list) > 0:
		g.pump.Watch(&sched.Watcher{Long: g.opts.budget(), Turn: g.tellTurn, Step: g.tellStep, Look: glanceAround})
	case before > 0 && len(list) == 0:
		g.pump.Watch(nil)
	}
}

func (g *Guest) tellTurn(t sched.Turn) {
	for _, w := range g.watchers.all() {
		w.Turn(bridge.Turn(t))
	}
}

func (g *Guest) tellStep(s sched.Step) {
	step := longStep(s)
	for _, w := range g.watchers.all() {
		w.Step(step)
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

// A glance is a look at all stacks. They are read later, and only if somebody wants to know.
type glance struct {
	by   sched.Held
	dump string
}

func glanceAround(by sched.Held) (seen any) { return &glance{by, stacks.All()} }

// read says what held the thread. What a toolkit does by itself is no affair of the program's.
func (l *glance) read() bridge.Seen {
	dump := held.Read(l.dump)
	h := dump.Task()
	if l.by == sched.ByHost {
		h = dump.Handler()
	}
	seen := bridge.Seen{In: h.In, Line: h.At, Func: h.Task}
	for _, c := range h.Chain() {
		seen.Calls = append(seen.Calls, c.Name(), c.At())
	}
	return seen
}

// longStep says what a step of the scheduler was to the program.
func longStep(s sched.Step) bridge.Step {
	step := bridge.Step{Began: s.Began, For: s.For}
	if l, ok := s.Seen.(*glance); ok {
		step.Seen = sync.OnceValue(l.read)
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
