// Package bridge carries what packages below guest ask of it, past its public names: to start a
// task that bears the name of the user's function, and not of theirs; to be told once in a turn;
// to run functions in a pool. Package guest fills it in.
package bridge

import "context"

// A Start says how a task is to be started.
type Start struct {
	Run func(ctx context.Context) error
	// PC is the user's function, for logs and reports.
	PC uintptr
	// Own makes it a task of the guest itself, with the values and the cancellation of ctx.
	Own bool
	// Apart keeps the task's failure from its scope, as if the scope were supervised.
	Apart bool
}

// Go starts a task of the innermost scope of ctx, as guest.Go does, or of its guest. What it
// returns is a *guest.Task. Any goroutine. Never waits.
var Go func(ctx context.Context, s Start) any

// GoOwn starts a task of g itself, a *guest.Guest, as its method Go does; only Run and PC count.
// What it returns is a *guest.Task. Any goroutine. Never waits.
var GoOwn func(g any, s Start) any

// In returns ctx for a guest.Async that starts its task in g, a *guest.Guest: as one of the
// innermost scope of ctx if that is of g, or else of g itself. Any goroutine. Never waits.
var In func(ctx context.Context, g any) context.Context

// Over reports whether g, a *guest.Guest, starts no task any more. Any goroutine. Never waits.
var Over func(g any) bool

// NewNotice returns a function that asks for fn to be called on the UI thread of the guest of
// ctx: once in each turn at the most, and never when the work that ctx belongs to has given its
// result. It returns nil if there is no guest. Any goroutine. Never waits.
var NewNotice func(ctx context.Context, fn func()) (notify func())

// The address of ExecutorKey is the key of a context's guest.Executor, that of PlaceKey of the
// *Place that a background function has in a pool.
var ExecutorKey, PlaceKey byte

// A Place is one of a limited number in a pool, which is lent to another while its holder waits.
type Place struct {
	Pool any // the guest.Executor
	// Release gives the caller's place back. Never waits.
	Release func()
	// Acquire calls got when there is a place, which is the caller's then. Never waits.
	Acquire func(got func())
}

// MayWait reports whether the caller is a task, and returns the error of a wait that ends before
// it begins, or nil. In a task it gives way when the budget is spent. Where a wait is a mistake,
// the error or the panic names verb.
var MayWait func(ctx context.Context, verb string) (task bool, err error)

// Checkpoint is MayWait where the caller is known to be a task, and costs little more than a look
// at the clock.
var Checkpoint func(ctx context.Context, verb string) error

// Lend gives the place that the function of ctx has in a pool to another, while the function
// waits; back waits for another place. Any goroutine.
var Lend func(ctx context.Context) (back func())
