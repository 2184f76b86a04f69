package inspect

import (
	"context"
	"fmt"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/internal/bridge"
)

// A Snapshot is what a guest's tasks do at one moment.
type Snapshot struct {
	Name  string        // guest.Options.Name
	State string        // as guest.Guest.State
	Tasks []*Task       // that were started by no other task: main, and those of the guest itself
	Took  time.Duration // for which the UI thread was busy with it

	of    *bridge.Guest // for Next
	byRef map[any]*Task
}

// A Task is what a task does at one moment.
type Task struct {
	ID       uint64 // while the task lives
	Ref      any    // comparable: the same in all snapshots, and never another task's
	Name     string // that it was given (Named), or ""
	Func     string // its function, with its package's name
	File     string // of its function, with the whole path; "" if that is not known
	Line     int
	State    State
	For      time.Duration // how long it has waited; 0 if that is not known, or it does not wait
	Verb     string        // of a wait: what was called, guest.Sleep for example
	At       Place         // of a wait: where in the program
	Stack    []Place       // of a wait: the calls in the program, the innermost first
	WaitsFor []*Task       // the tasks for whose end it waits
	Work     []Work        // the background functions for which it waits
	Err      error         // the cause of its cancellation; nil if it is not cancelled
	Children []*Task       // that it has started, the oldest first
	NotBegun int           // tasks that it has started, and that have not begun

	wait uint32 // numbers its waits; 0 if it does not wait
}

// A State is what a task does, in a word.
type State string

// The states.
const (
	Ready   State = "ready" // to go on: it has given way
	Waiting State = "waiting"
	Timer   State = "timer"   // of After or Every: it begins by the clock
	Joining State = "joining" // its function has returned; its tasks have not ended
)

// A Work is a function off the UI thread.
type Work struct {
	Name  string // that it was given (Named), or ""
	Func  string
	File  string
	Line  int
	Begun bool // or it waits for a place in a pool
}

// A Place is a line in the program.
type Place struct {
	Func string
	File string // the whole path
	Line int
}

// String gives the file without its folder, and the line.
func (p Place) String() string {
	if p.File == "" {
		return "?"
	}
	return fmt.Sprintf("%s:%d", filepath.Base(p.File), p.Line)
}

// Tasks returns what the tasks of g do. In a task it parks; elsewhere it blocks until the UI
// thread has come to it, or ctx is done. On a UI thread outside a task the error wraps
// guest.ErrWouldDeadlock. When g has ended, it is guest.ErrFinished.
func Tasks(ctx context.Context, g *guest.Guest) (*Snapshot, error) {
	return (*Snapshot)(nil).Next(ctx, g)
}

// Next is [Tasks] for a program that looks again and again. A task that is in the same wait as in
// s is not asked again where that is: with ten thousand tasks the UI thread is busy with it for a
// fraction of the time. s may be nil.
func (s *Snapshot) Next(ctx context.Context, g *guest.Guest) (*Snapshot, error) {
	r := reader{all: make(map[uint64]*Task)}
	var last *bridge.Guest
	if s != nil {
		last, r.last = s.of, s.byRef
	}
	now, err := bridge.Snapshot(ctx, g, last)
	if err != nil {
		return nil, err
	}
	return r.read(now), nil
}

// A reader makes a snapshot of what the bridge brings.
type reader struct {
	last map[any]*Task // of the snapshot before, by Ref
	of   *bridge.Guest
	all  map[uint64]*Task
	refs map[any]*Task
}

func (r *reader) read(now *bridge.Guest) *Snapshot {
	n := len(r.last)
	r.of, r.refs = now, make(map[any]*Task, n)
	now.ByRef = make(map[any]*bridge.Task, n)
	tasks := r.tasks(now.Tasks)
	for ref, b := range now.ByRef {
		for _, on := range b.WaitsFor {
			if t := r.all[on]; t != nil {
				r.refs[ref].WaitsFor = append(r.refs[ref].WaitsFor, t)
			}
		}
	}
	return &Snapshot{now.Name, now.State, tasks, now.Took, now, r.refs}
}

func (r *reader) tasks(list []*bridge.Task) (tasks []*Task) {
	for _, b := range list {
		t := r.task(b)
		r.all[t.ID], r.refs[t.Ref], r.of.ByRef[t.Ref] = t, t, b
		t.Children = r.tasks(b.Children)
		tasks = append(tasks, t)
	}
	return tasks
}

func (r *reader) task(b *bridge.Task) *Task {
	t := &Task{ID: b.ID, Ref: b.Ref, Name: b.Name, State: states[b.State], Err: b.Cancelled, NotBegun: b.NotBegun}
	last := r.last[b.Ref]
	if last != nil {
		t.Func, t.File, t.Line = last.Func, last.File, last.Line
	} else {
		t.Func, t.File, t.Line = function(b.PC)
	}
	if t.State == Waiting {
		t.For, t.wait = b.For, b.Wait
		if last != nil && last.wait == b.Wait {
			t.Verb, t.Stack = last.Verb, last.Stack
		} else {
			t.Verb, t.Stack = calls(b.Stack)
		}
		if len(t.Stack) > 0 {
			t.At = t.Stack[0]
		}
	}
	for _, w := range b.Works {
		work := Work{Name: w.Name, Begun: w.Begun}
		work.Func, work.File, work.Line = function(w.PC)
		t.Work = append(t.Work, work)
	}
	return t
}

var states = [...]State{bridge.Ready: Ready, bridge.Waiting: Waiting, bridge.Timer: Timer, bridge.Joining: Joining}

// function returns the name and the place of a function.
func function(pc uintptr) (name, file string, line int) {
	f := runtime.FuncForPC(pc)
	if f == nil {
		return "?", "", 0
	}
	file, line = f.FileLine(pc)
	if file == "<autogenerated>" {
		file, line = "", 0
	}
	return short(f.Name()), file, line
}

// short is the name of a function with its package's name, and without its folder.
func short(name string) string { return strings.TrimSuffix(filepath.Base(name), "-fm") }

// calls returns the calls of the program on a stack, and what of the library the innermost of
// them has called.
func calls(pcs []uintptr) (verb string, stack []Place) {
	frames := runtime.CallersFrames(pcs)
	for more := len(pcs) > 0; more; {
		var f runtime.Frame
		f, more = frames.Next()
		switch {
		case bridge.OfLibrary(f):
			if strings.HasSuffix(f.Function, "guest.(*Task).call") {
				return verb, stack
			}
			if len(stack) == 0 && !strings.HasSuffix(f.Function, "plainBody.run") {
				verb = plain(f.Function)
			}
		case !strings.HasPrefix(f.Function, "runtime.") && !strings.HasPrefix(f.Function, "iter."):
			stack = append(stack, Place{short(f.Function), f.File, f.Line})
		}
	}
	return verb, stack
}

// plain is the name of a function of the library as one writes it: without type arguments.
func plain(name string) string {
	return strings.ReplaceAll(short(name), "[...]", "")
}
