package bridge

import (
	"context"
	"time"
)

// Observe has fn told what g, a *guest.Guest, does, until stop is called. fn is called on the UI
// thread, but for Slow.
var Observe func(g any, fn func(Event)) (stop func())

// An Event is something that a guest has done.
type Event struct {
	Kind Kind
	Name string // that the task was given, or ""
	PC   uintptr
	For  time.Duration
	Err  error
	Held *Held // of Slow, instead of PC
}

// A Held says where a UI thread is held: in which function, at which line, and in the task with
// which function, if it is in one.
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

// TaskOf returns the name and the function of the task that ctx is of, if it is of one. Any
// goroutine.
var TaskOf func(ctx context.Context) (name string, pc uintptr, ok bool)
