package held

import (
	"cmp"
	"strings"

	"github.com/golodger/lodger/internal/stacks"
)

// A Holder is a goroutine that does not go on, or not soon.
type Holder struct {
	stacks.Goroutine
	Name   string // the name that its task was given, or ""
	Task   string // the function of its task, or of the posted function; "" if it is in none
	In, At string // the innermost call of the program; "" if there is none
	Inside bool   // it has called another module
	Does   string // in words: "computes", "waits for a mutex"
	Remedy string
	Why    []string // which goroutines may have to go on first
}

// Known reports whether the program's line is known.
func (h Holder) Known() bool { return h.At != "" }

// Waits reports whether something else has to happen before it goes on.
func (h Holder) Waits() bool { return h.Does != computes && h.Does != inC && h.Does != sleeps }

// WaitsForItself reports whether it waits for the UI thread, which it holds.
func (h Holder) WaitsForItself() bool { return itself(h.Goroutine) != "" }

// Title names it: the name of its task, and the line.
func (h Holder) Title() string {
	text := h.In + " (" + h.At + ")"
	if !h.Known() {
		text = "goroutine " + h.ID
	}
	if h.Name != "" {
		text = h.Name + ": " + text
	}
	return text
}

// manyCalls is more than people read. A recursion has very many calls.
const manyCalls = 48

// Chain returns the calls of what holds the thread, the innermost first, up to the program's
// outermost call. It leaves out the callers of the task or the handler, and the calls of the
// library and of Go's runtime.
func (h Holder) Chain() (calls []stacks.Call) {
	n := 0
	for _, c := range h.Calls {
		inLoop := h.Task == "" && (c.Ours() || c.Function == "main.main")
		if inLoop || strings.HasSuffix(c.Function, taskCaller) || len(calls) == manyCalls {
			break
		}
		if !c.Ours() && !strings.HasPrefix(c.Function, "runtime.") {
			calls = append(calls, c)
		}
		if c.OfProgram() {
			n = len(calls)
		}
	}
	if n > 0 {
		calls = calls[:n]
	}
	return calls
}

// waiter returns a holder without the reasons.
func (d *Dump) waiter(g stacks.Goroutine) Holder { return newHolder(g, innermost(g)) }

func (d *Dump) holder(g stacks.Goroutine, at *stacks.Call) Holder {
	h := newHolder(g, at)
	h.Why = d.why(h)
	return h
}

func newHolder(g stacks.Goroutine, at *stacks.Call) Holder {
	h := Holder{Goroutine: g, Name: nameOf(g.ID), Task: taskOf(g)}
	if at != nil {
		h.In, h.At = at.Name(), at.At()
		h.Inside = inside(g, at)
	}
	h.Does, h.Remedy = does(g)
	if h.Inside && h.Does == inC {
		h.Remedy = insideRemedy
	}
	return h
}

// inside reports whether the program's call at has called another module.
func inside(g stacks.Goroutine, at *stacks.Call) bool {
	for i := range g.Calls {
		switch c := &g.Calls[i]; {
		case c == at:
			return false
		case !c.Standard() && !c.Ours():
			return true
		}
	}
	return false
}

// taskOf returns the function of the task, or the posted function, that runs on a goroutine: the
// function that the library has called last.
func taskOf(g stacks.Goroutine) string {
	if !inTask(g) {
		return ""
	}
	for i := len(g.Calls) - 1; i >= 0; i-- {
		if c := g.Calls[i]; !c.Ours() && !c.Standard() {
			return c.Name()
		}
	}
	return ""
}

const (
	computes = "computes"
	sleeps   = "sleeps"
	inC      = "is in a system call, or in C"
)

// states says what a goroutine does, by the first words of its state, and what the program
// should do instead on a UI thread.
var states = []struct{ begins, does, remedy string }{
	{"sync.Mutex", "waits for a mutex", lockRemedy},
	{"sync.RWMutex", "waits for an RWMutex", lockRemedy},
	{"semacquire", "waits for a lock", lockRemedy},
	{"sync.WaitGroup", "waits for a WaitGroup", "Wait for tasks and futures instead, or in Background"},
	{"sync.Cond", "waits for a Cond", "Wait for a flow.Var instead, or in Background"},
	{"chan receive", "waits to receive from a channel", "Receive with flow.Recv instead, in a task"},
	{"chan send", "waits to send to a channel", "Send with flow.Send instead, in a task"},
	{"select", "waits in a select", "Receive with flow.Recv instead, in a task, or select in Background"},
	{"sleep", sleeps, "Call guest.Sleep instead, in a task, or sleep in Background"},
	{"IO wait", "waits for a socket or a pipe", "Move it to Background"},
	{"syscall", inC, "Move it to Background"},
}

// insideRemedy is for calls of another module that are in C. Mostly that is the toolkit.
const insideRemedy = "A toolkit may take that long once, for example to open its first window, and nothing is wrong then. " +
	"Move anything else to Background"

const lockRemedy = "Hold no lock across a wait or a call of CallOnMain; a flow.Semaphore of 1 is a lock that tasks can wait for"

// does says what a goroutine does.
func does(g stacks.Goroutine) (what, remedy string) {
	if c := itself(g); c != "" {
		return "waits for the UI thread itself, in " + c, "On the UI thread call the function directly, without " + c
	}
	for _, s := range states {
		if strings.HasPrefix(g.State, s.begins) {
			return s.does, s.remedy
		}
	}
	switch g.State {
	case "running", "runnable", "preempted", "copystack", "waiting":
		return computes, "Move the work to Background, range with flow.Slice, or call Yield in it"
	}
	return "waits: " + cmp.Or(g.State, "?"), "Move it to Background"
}

// itself returns the toolkit's function that waits for the UI thread, if the goroutine called it
// there.
func itself(g stacks.Goroutine) string {
	for _, c := range g.Calls {
		if strings.HasSuffix(c.Function, "fyne/v2.DoAndWait") && !strings.HasPrefix(g.State, "runn") {
			return "fyne.DoAndWait"
		}
	}
	return ""
}
