package inspect

import (
	"runtime"
	"strconv"
	"strings"
	"time"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/internal/bridge"
)

// Observe calls fn for each thing that g does, as it happens, until stop is called. Its main use
// is metrics. fn is called on the UI thread. For [Slow] it is called on another goroutine, maybe
// at the same time. fn must be quick, since tasks and the window wait for it. It must not wait
// or call runtime.Goexit. If fn panics, the guest logs the panic and does not call fn again. Any
// goroutine. Never waits.
//
// A guest without observers pays nothing.
func Observe(g *guest.Guest, fn func(Event)) (stop func()) {
	if fn == nil {
		panic("inspect: Observe called with a nil function; pass the function to call")
	}
	return bridge.Observe(g, func(e bridge.Event) { fn(Event{kinds[e.Kind], e.Name, e.For, e.Err, e.PC, e.Held}) })
}

// An Event is something that a guest has done.
type Event struct {
	Kind Kind
	Name string        // the task's name from Named, or ""
	For  time.Duration // see the kinds
	Err  error         // of Ended: what the function returned; a panic is a *guest.PanicError

	pc   uintptr      // of the task's function
	held *bridge.Held // of Slow, instead of pc
}

// A Kind says in one word what has happened.
type Kind string

// The kinds. A function of guest.Every makes events each time it runs.
const (
	// a task has begun
	Began Kind = "began"
	// a task has waited, For how long; Yield, and the wait of a Scope for its tasks, do not count
	Waited Kind = "waited"
	// the function of a task has returned; For is the time since it began
	Ended Kind = "ended"
	// something holds the UI thread, For how long until now; see guest.Options.SlowTurn
	Slow Kind = "slow"
	// posts of other goroutines run late, by For; one event for each such period
	Late Kind = "late"
)

var kinds = [...]Kind{bridge.Began: Began, bridge.Waited: Waited, bridge.Ended: Ended, bridge.Slow: Slow, bridge.Late: Late}

// Task returns the name that the task was given, or else the name of its function, such as
// main.save. For Slow in a posted function it is that function. It is "" for
// other code outside tasks, such as a handler. It works as a label of
// metrics if the names that you give have few values.
func (e Event) Task() string {
	switch {
	case e.Name != "":
		return e.Name
	case e.pc != 0:
		return short(runtime.FuncForPC(e.pc).Name())
	case e.held != nil:
		return e.held.Task
	}
	return ""
}

// Place returns the place of the task's function, with the whole path of its file. For Slow it
// returns the line that holds the thread, and the file has no path.
func (e Event) Place() (p Place) {
	switch {
	case e.pc != 0:
		p.Func, p.File, p.Line = function(e.pc)
	case e.held != nil:
		file, line, _ := strings.Cut(e.held.At, ":")
		p.Func, p.File = e.held.In, file
		p.Line, _ = strconv.Atoi(line)
	}
	return p
}
