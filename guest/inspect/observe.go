package inspect

import (
	"runtime"
	"strconv"
	"strings"
	"time"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/internal/bridge"
)

// Observe has fn told what g does, as it happens, until stop is called: for metrics, mostly. fn is
// called on the UI thread, and for [Slow] on another goroutine at the same time. It must be quick:
// tasks and the window wait for it. It neither waits nor calls runtime.Goexit; if it panics, that
// is logged, and it is told no more. Any goroutine. Never waits.
//
// A guest that nobody observes pays nothing for it.
func Observe(g *guest.Guest, fn func(Event)) (stop func()) {
	if fn == nil {
		panic("inspect: Observe called with a nil function; pass the one that is to be told")
	}
	return bridge.Observe(g, func(e bridge.Event) { fn(Event{kinds[e.Kind], e.Name, e.For, e.Err, e.PC, e.Held}) })
}

// An Event is something that a guest has done.
type Event struct {
	Kind Kind
	Name string        // that the task was given (Named), or ""
	For  time.Duration // see the kinds
	Err  error         // of Ended: what the function has returned; a panic is a *guest.PanicError

	pc   uintptr      // of the task's function
	held *bridge.Held // of Slow, instead of pc
}

// A Kind says what has happened, in a word.
type Kind string

// The kinds. What begins again and again (guest.Every) is told of each time.
const (
	// a task has begun
	Began Kind = "began"
	// a task has waited, For how long; to give way is no wait
	Waited Kind = "waited"
	// the function of a task has returned, For so long after it began
	Ended Kind = "ended"
	// the UI thread is held, For so long until now; see guest.Options.SlowTurn
	Slow Kind = "slow"
	// what other goroutines post runs late, by For; told once while that lasts
	Late Kind = "late"
)

var kinds = [...]Kind{bridge.Began: Began, bridge.Waited: Waited, bridge.Ended: Ended, bridge.Slow: Slow, bridge.Late: Late}

// Task is the name that the task was given, or else that of its function, as main.save; "" for
// what is in no task, such as a handler. As a label of metrics it has few values, if names have.
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

// Place is where the task's function is, with its file's whole path; of Slow it is the line that
// holds the thread, whose file comes without the path.
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
