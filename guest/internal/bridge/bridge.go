// Package bridge has what the packages below guest need from it beyond its public names: to
// start a task under the name of the program's function, to be called once in each turn, and to
// run functions in a pool. Package guest sets its variables.
package bridge

import "context"

// A Start says how to start a task.
type Start struct {
	Run func(ctx context.Context) error
	// PC is the program's function, for logs and reports.
	PC uintptr
	// Own makes it a task of the guest itself, with the values and the cancellation of ctx.
	Own bool
	// Apart keeps the task's failure from its scope, as if the scope were supervised.
	Apart bool
	// Quiet is for a caller that holds a lock: a refused start is not logged, since the program's
	// log handler may call the caller. LogRefused logs it.
	Quiet bool
}

// Go starts a task of the innermost scope of ctx, as guest.Go does, or of its guest. It returns
// a *guest.Task. Any goroutine. Never waits.
var Go func(ctx context.Context, s Start) any

// GoOwn starts a task of g itself, a *guest.Guest, as its method Go does. It returns a
// *guest.Task. Any goroutine. Never waits.
var GoOwn func(g any, s Start) any

// Accepted reports whether the guest has accepted a task, a *guest.Task that was started just now.
// It does not count as looking at the task's error. Any goroutine. Never waits.
var Accepted func(task any) bool

// LogRefused logs that a task was refused, a *guest.Task that Go or GoOwn has returned. The caller
// holds no lock. Any goroutine. Never waits.
var LogRefused func(task any)

// In returns ctx for a guest.Async that starts its task in g, a *guest.Guest. The task belongs
// to the innermost scope of ctx if that is g's, or else to g itself. Any goroutine. Never waits.
var In func(ctx context.Context, g any) context.Context

// Over reports whether g, a *guest.Guest, takes no more tasks of its own. Any goroutine. Never
// waits.
var Over func(g any) bool

// Refused returns a *guest.Task of g, a *guest.Guest, that has ended with err and never ran. Any
// goroutine. Never waits.
var Refused func(g any, err error) any

// NewNotice returns a function that requests a call of fn on the UI thread of the guest of ctx.
// fn is called at most once in each turn, and never after the work that ctx belongs to has given
// its result or was cancelled. Requests after the end of ctx have no effect. NewNotice returns
// nil if there is no guest. Any goroutine. Never waits.
var NewNotice func(ctx context.Context, fn func()) (notify func())

// The address of ExecutorKey is the key of a context's guest.Executor. The address of PlaceKey
// is the key of the Place that a background function has in a pool.
var ExecutorKey, PlaceKey byte

// A Place is one of a limited number of places in a pool. A function has one, which all its
// goroutines share. While one of them waits, it is lent to another function. Any goroutine.
type Place interface {
	// Of reports whether the place is one of executor's, a guest.Executor.
	Of(executor any) bool
	// Lend is called when a wait begins. Never waits.
	Lend()
	// Return is called when the wait under ctx is over. It waits for a place, before the functions
	// that have not begun or, if last is true, behind all others. When ctx is done, the function
	// goes on without one.
	Return(ctx context.Context, last bool)
}

// Cancelled returns the error of a wait that was cancelled with cause; nil means context.Canceled.
// Any goroutine. Never waits.
var Cancelled func(cause error) error

// MayWait reports whether the caller is a task, and returns the error of a wait that must not
// begin, or nil. In a task it yields if the budget is spent. If a wait is a mistake, the error
// or the panic names verb.
var MayWait func(ctx context.Context, verb string) (task bool, err error)

// Checkpoint is MayWait for callers that are known to be a task. It costs little more than
// reading the clock.
var Checkpoint func(ctx context.Context, verb string) error

// Circle reports whether on, a *guest.Task, cannot end before the caller goes on, so that the
// caller must not wait for it. The caller is a task, or the background function of ctx. Any
// goroutine. Never waits.
var Circle func(ctx context.Context, on any) bool

// Lend lends the place of ctx's function in a pool to another function while it waits. back
// waits for another place, or until ctx is done. Any goroutine.
var Lend func(ctx context.Context) (back func())
