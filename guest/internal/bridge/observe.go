package bridge

import (
	"context"
	"time"
)

// Observe calls fn for each event of g, a *guest.Guest, until stop is called. fn is called on
// the UI thread, except for Slow.
var Observe func(g any, fn func(Event)) (stop func())

// An Event is something that a guest has done.
type Event struct {
	Kind Kind
	Name string // the name that the task was given, or ""
	PC   uintptr
	For  time.Duration
	Err  error
	Held *Held // of Slow, instead of PC
}

// A Held says where a UI thread is held: the function, the line, and the task's function if it
// is in a task.
type Held struct{ In, At, Task string }

// A Kind says what has happened.
type Kind uint8

// The kinds.
const (
	Began Kind = iota
	Waited
	Ended
	Slow
	Late
)

// TaskOf returns the name and the function of the task of ctx, if there is one. Any goroutine.
var TaskOf func(ctx context.Context) (name string, pc uintptr, ok bool)
