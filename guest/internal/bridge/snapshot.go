package bridge

import (
	"context"
	"runtime"
	"time"
)

// Snapshot returns what the tasks of g, a *guest.Guest, do at one moment between two of its
// batches. In a task it parks. Elsewhere it blocks until the UI thread has answered or ctx is
// done. On a UI thread outside a task it is refused, as all waits are. For a task that is in the
// same wait as in last, the place of the wait is copied from last, which may be nil.
var Snapshot func(ctx context.Context, g any, last *Guest) (*Guest, error)

// OfLibrary reports whether a line belongs to the library, not to its user.
var OfLibrary func(f runtime.Frame) bool

// A Guest is the snapshot of a guest.
type Guest struct {
	Name  string
	State string
	Tasks []*Task       // of the guest's own two scopes; main is the first of the first
	ByRef map[any]*Task // for the next snapshot; the caller fills it in
	Took  time.Duration // of the UI thread
}

// A Task is the snapshot of a task.
type Task struct {
	ID        uint64  // while it lives
	Ref       any     // a weak pointer to it: comparable, never used for another task
	PC        uintptr // its function
	Name      string  // the name that it was given, or ""
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
	Name  string  // the name that it was given, or ""
	Begun bool
}

// A Name names the task or function that is started with a context which has it under the
// address of NameKey. Tasks that it starts have the same Name in their context, but it does not
// apply to them.
type Name struct {
	Text string
	PC   uintptr // a function to name instead of the started one; or 0
	// Enter labels the calling goroutine for profiles; Leave takes the labels off.
	Enter, Leave func()
}

// The address of NameKey is the key of a Name.
var NameKey byte

// A State says what a task does.
type State uint8

// The states of a task.
const (
	Ready State = iota // to go on after a Yield
	Waiting
	Timer   // After or Every, between two runs
	Joining // its function has returned, but its tasks have not ended
)
