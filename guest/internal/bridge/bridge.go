// Package bridge carries what packages below guest ask of it, past its public names: to start a
// task that bears the name of the user's function, and not of theirs. Package guest fills it in.
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
