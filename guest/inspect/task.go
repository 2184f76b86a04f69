package inspect

import (
	"context"
	"fmt"
	"path/filepath"
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
	known stacks
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
// fraction of the time. s may be nil. Next of one snapshot is for one goroutine at a time.
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
