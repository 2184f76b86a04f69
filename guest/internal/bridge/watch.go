package bridge

import "time"

// NewWatch has w told what the UI thread of g, a *guest.Guest, is busy with, until the watch is
// stopped. Of what has begun before, w hears when it ends. Any goroutine. Never waits.
var NewWatch func(g any, w Watcher) *Watch

// A Watcher hears of turns and long steps, on the UI thread. It must be quick, and not panic.
type Watcher struct {
	Turn func(Turn)
	Step func(Step)
}

// A Watch goes on until it is stopped. All times are those of the guest's clock.
type Watch struct {
	Budget time.Duration // of a turn; a step that takes as long is a long one
	Slow   time.Duration // from when on a turn is logged
	// Now reads the clock, and says what goes on, and since when.
	Now  func() (now time.Duration, does Doing, since time.Duration)
	Stop func()
}

// A Doing is what the UI thread does, as a guest sees it.
type Doing uint8

// What it does.
const (
	Idle  Doing = iota
	Turns       // a turn of the guest's
	Owes        // something else, while the guest has something to do
)

// A Turn is one that has ended. Asked is when the guest has asked the host for it.
type Turn struct{ Asked, Began, Ended time.Duration }

// A Step is what has held the UI thread for long: a task, from one wait to the next, or a posted
// function.
type Step struct {
	Kind     StepKind
	Name     string // that the task was given, or ""
	Func, At string // the task's function, or the posted one; "" if that is not known
	Began    time.Duration
	For      time.Duration
	// Seen reads what was seen of it while it lasted; nil if it was not looked at. It takes a
	// while, so the UI thread does not call it. Any goroutine.
	Seen func() Seen
}

// A Seen is where a step stood when it was looked at. The zero value is not in the program.
type Seen struct {
	In, Line string   // the program's innermost call
	Calls    []string // function, line, function, …, the innermost first
	Func     string   // that is called in the step; "" if that is not known
}

// A StepKind says what kind of step it is.
type StepKind uint8

// The kinds.
const (
	OfTask StepKind = iota
	OfPost
	Outside // what the host has called, while the guest had something to do
)
