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
	// Slow: where, instead of PC; Func is that of the task, if it is in one
	Func, In, At string
	For          time.Duration
	Err          error
}

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
