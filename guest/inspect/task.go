package inspect

import (
	"context"
	"fmt"
	"path/filepath"
	"time"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/internal/bridge"
)

// A Snapshot shows what a guest's tasks do at one moment.
type Snapshot struct {
	Name  string        // guest.Options.Name
	State string        // as from guest.Guest.State
	Tasks []*Task       // those without a parent task: main, and tasks of the guest itself
	Took  time.Duration // how long the UI thread was busy with it

	of    *bridge.Guest // for Next
	byRef map[any]*Task
	known stacks
}

// A Task shows what a task does at one moment.
type Task struct {
	ID       uint64 // unique while the task lives
	Ref      any    // comparable; the same in all snapshots, and never used for another task
	Name     string // from Named, or ""
	Func     string // its function, with the package's name
	File     string // of its function, with the whole path; "" if not known
	Line     int
	State    State
	For      time.Duration // of a wait: how long; may include the step before it; 0 if not known
	Verb     string        // of a wait: the function that was called, such as guest.Sleep
	At       Place         // of a wait: the line of the program
	Stack    []Place       // of a wait: the program's calls, the innermost first
	WaitsFor []*Task       // the tasks that it waits for
	Work     []Work        // the background functions that it waits for
	Err      error         // the cause of its cancellation; nil if it is not cancelled
	Children []*Task       // the tasks that it has started, the oldest first
	NotBegun int           // how many of its tasks have not begun

	wait uint32 // numbers its waits; 0 if it does not wait
}

// A State says in one word what a task does.
type State string

// The states.
const (
	Ready   State = "ready" // to go on after a Yield
	Waiting State = "waiting"
	Timer   State = "timer"   // of After or Every: waits for the time of its start
	Joining State = "joining" // its function has returned, but its own tasks have not ended
)

// A Work is a background function: one that runs off the UI thread.
type Work struct {
	Name  string // from Named, or ""
	Func  string
	File  string
	Line  int
	Begun bool // if false, it waits for a place in a pool
}

// A Place is a line of the program.
type Place struct {
	Func string
	File string // the whole path
	Line int
}

// String returns the file without its directory, and the line.
func (p Place) String() string {
	if p.File == "" {
		return "?"
	}
	return fmt.Sprintf("%s:%d", filepath.Base(p.File), p.Line)
}

// Tasks returns what the tasks of g do. In a task it parks the task. Elsewhere it blocks until
// the UI thread has answered or ctx is done. On a UI thread outside a task it returns an error
// that wraps guest.ErrWouldDeadlock. If g has ended, the error is guest.ErrFinished. Waits.
func Tasks(ctx context.Context, g *guest.Guest) (*Snapshot, error) {
	return (*Snapshot)(nil).Next(ctx, g)
}

// Next is [Tasks] for programs that take repeated snapshots. It does not look up the place of a
// wait again if the task is in the same wait as in s. With ten thousand tasks this takes a
// fraction of the time on the UI thread. s may be nil. Call Next of the same snapshot on one
// goroutine at a time. Waits.
func (s *Snapshot) Next(ctx context.Context, g *guest.Guest) (*Snapshot, error) {
	r := reader{all: make(map[uint64]*Task)}
	var last *bridge.Guest
	if s != nil {
		last, r.last, r.known = s.of, s.byRef, s.known
	}
	if r.known == nil || len(r.known) > manyStacks {
		r.known = make(stacks)
	}
	now, err := bridge.Snapshot(ctx, g, last)
	if err != nil {
		return nil, err
	}
	return r.snapshot(now), nil
}

var states = [...]State{bridge.Ready: Ready, bridge.Waiting: Waiting, bridge.Timer: Timer, bridge.Joining: Joining}
