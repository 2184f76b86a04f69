package held

import (
	"strings"

	"github.com/golodger/lodger/internal/stacks"
)

// CallingName ends the name of the function in which goroutines wait for the UI thread.
const CallingName = "/guest.CallOnMain"

// taskCaller ends the name of the function that calls the functions of tasks and posts.
const taskCaller = "/sched.(*Coro).runBeginnings"

// A Dump is what the goroutines of the process did at one moment.
type Dump struct {
	running []stacks.Goroutine // tasks and posted functions: at most one for each UI thread
	locked  []stacks.Goroutine // goroutines locked to a thread, as a loop's is, in Go code
	outside []stacks.Goroutine // the same, in C or in a system call
	callers []stacks.Goroutine // that wait for a UI thread
	parked  []stacks.Goroutine // tasks that wait
	others  []stacks.Goroutine
}

// Now reads the stacks of all goroutines, which stops them for a moment.
func Now() *Dump { return Read(stacks.All()) }

// Read reads a dump as the runtime prints it.
func Read(dump string) *Dump {
	d := new(Dump)
	for _, g := range stacks.Parse(dump) {
		list := d.kind(g)
		*list = append(*list, g)
	}
	return d
}

func (d *Dump) kind(g stacks.Goroutine) *[]stacks.Goroutine {
	parked := parked(g)
	switch {
	case inTask(g) && parked:
		return &d.parked
	case inTask(g):
		return &d.running
	case g.Locked && !parked && strings.HasPrefix(g.State, "syscall"):
		return &d.outside
	case g.Locked && !parked:
		return &d.locked
	case calls(g, CallingName):
		return &d.callers
	}
	return &d.others
}

// parked reports whether a goroutine is a coroutine that waits, or has resumed one.
func parked(g stacks.Goroutine) bool { return strings.HasPrefix(g.State, "coroutine") }

// inTask reports whether a goroutine is a coroutine of a guest.
func inTask(g stacks.Goroutine) bool {
	for i := len(g.Calls) - 1; i >= 0; i-- { // the call is among the outermost
		if strings.HasSuffix(g.Calls[i].Function, taskCaller) {
			return true
		}
	}
	return false
}

// calls reports whether the stack has a function whose name contains part.
func calls(g stacks.Goroutine, part string) bool {
	for _, c := range g.Calls {
		if strings.Contains(c.Function, part) {
			return true
		}
	}
	return false
}

// Task returns what holds the thread in a turn.
func (d *Dump) Task() Holder {
	if len(d.running) == 0 {
		return Holder{}
	}
	return d.holder(d.running[0], innermost(d.running[0]))
}

// Handler returns what holds the thread outside all turns: code of the program inside its loop.
// It does not return a loop that draws for long.
func (d *Dump) Handler() Holder {
	for _, g := range d.locked {
		if at := handler(g); at != nil {
			return d.holder(g, at)
		}
	}
	return Holder{}
}

// Holders returns all goroutines that may hold a UI thread, the likeliest first.
func (d *Dump) Holders() (list []Holder) {
	for _, g := range d.running {
		list = append(list, d.holder(g, innermost(g)))
	}
	var rest []Holder
	for _, g := range append(d.locked[:len(d.locked):len(d.locked)], d.outside...) {
		if at := handler(g); at != nil {
			list = append(list, d.holder(g, at))
		} else {
			rest = append(rest, d.holder(g, nil))
		}
	}
	return append(list, rest...)
}

// Callers returns the goroutines that wait for a UI thread in CallOnMain.
func (d *Dump) Callers() (list []Holder) {
	for _, g := range d.callers {
		list = append(list, d.waiter(g))
	}
	return list
}

// innermost returns the innermost call of the program, or nil if there is none. If the program's
// own module is not on the stack, another module counts as the program, but not Go's standard
// library or this one.
func innermost(g stacks.Goroutine) (at *stacks.Call) {
	for i := range g.Calls {
		switch c := &g.Calls[i]; {
		case c.OfProgram():
			return c
		case at == nil && !c.Standard() && !c.Ours():
			at = c
		}
	}
	return at
}

// handler is innermost for code that the host has called: code of the program's module inside
// the host's loop.
func handler(g stacks.Goroutine) *stacks.Call {
	for i := range g.Calls {
		c := &g.Calls[i]
		if c.Ours() || c.Function == "main.main" { // what follows has called the loop
			return nil
		}
		if c.OfProgram() {
			return c
		}
	}
	return nil
}

// Running returns the goroutines off all UI threads that run a function. The function's name has
// no package path.
func (d *Dump) Running(function string) (list []Holder) {
	for _, all := range [][]stacks.Goroutine{d.callers, d.others} {
		for _, g := range all {
			for _, c := range g.Calls {
				if c.Name() == function {
					list = append(list, d.holder(g, innermost(g)))
					break
				}
			}
		}
	}
	return list
}
