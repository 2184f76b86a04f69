package bridge

import (
	"context"
	"runtime"
	"time"
)

// Snapshot returns what the tasks of g, a *guest.Guest, do at one moment between two of its
// batches. In a task it parks; elsewhere it blocks until the UI thread has come to it, or ctx is
// done. On a UI thread outside a task it is refused, as all waits are. What a task was found to
// wait in is taken over from last, which may be nil, while it is in the same wait.
var Snapshot func(ctx context.Context, g any, last *Guest) (*Guest, error)

// OfLibrary reports whether a line is the library's own, and not its user's.
var OfLibrary func(f runtime.Frame) bool

// A Guest is the snapshot of a guest.
type Guest struct {
	Name  string
	State string
	Tasks []*Task       // of the guest's own two scopes; main is the first of the first
	ByRef map[any]*Task // for the next; the one who asked fills it in
	Took  time.Duration // of the UI thread
}

// A Task is the snapshot of a task.
type Task struct {
	ID        uint64  // while it lives
	Ref       any     // a weak pointer to it: comparable, and never another task's
	PC        uintptr // its function
	Name      string  // that it was given, or ""
	State     State
	Wait      uint32        // numbers its waits
	Stack     []uintptr     // of its code, innermost first; nil where none runs
	For       time.Duration // how long it has been in that state; 0 if that is not known
	Cancelled error         // the cause, or nil
	Children  []*Task
	NotBegun  int      // children that have not begun
	WaitsFor  []uint64 // the tasks that must end before it goes on
	Works     []Work   // background functions that it waits for
}

// A Work is the snapshot of a background function.
type Work struct {
	PC    uintptr // its function
	Name  string  // that it was given, or ""
	Begun bool
}

// A Name is a name for what is started with a context that has it under the address of NameKey.
// What that starts has the same Name in its context, and is not meant.
type Name struct {
	Text string
	PC   uintptr // a function to be named instead of the one that is started; or 0
	// Enter labels the calling goroutine for profiles; Leave takes the labels off.
	Enter, Leave func()
}

// NameKey is for its address.
var NameKey byte

// A State says what a task does.
type State uint8

// The states of a task.
const (
	Ready State = iota // to go on: it has given way
	Waiting
	Timer   // After or Every, between two runs
	Joining // its function has returned, its tasks have not
)
