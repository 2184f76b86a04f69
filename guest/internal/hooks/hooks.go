// Package hooks has the settings of a guest that are only for tests.
package hooks

import (
	"context"
	"sync/atomic"
)

// Hooks are for tests. The zero value has none.
type Hooks struct {
	// Batch is called before each batch of tasks. UI thread. It may cancel the guest.
	Batch func()

	// Shuffle reorders the tasks of each batch, as math/rand/v2's (*Rand).Shuffle does. Posted
	// functions keep their order, and stay before everything that was readied after them. So it
	// is called once for all tasks between two of them, even if there is one task, or none.
	Shuffle func(n int, swap func(i, j int))

	// Settle lets all other goroutines run until they wait, before each step of the guest. So
	// their work does not depend on how fast they are. The next four hooks require it. UI
	// thread.
	Settle func()

	// Source returns a number for the calling goroutine. Any goroutine.
	Source func() uint64

	// Arrange returns the order in which to take in what other goroutines have left, as the
	// indices of list. Each source keeps its order. It must not call the guest.
	Arrange func(list []Arrival) (order []int)

	// Chosen gets the name of what the guest runs next. It must not call the guest.
	Chosen func(name string)

	// Worker is called when a function of Background or Submit starts. The function that it
	// returns is called on the function's goroutine.
	Worker func() (begin func())

	// OnGoexit is called on the UI thread when a runtime.Goexit has ended a task, wherever the
	// task's error goes. It must not panic.
	OnGoexit func()

	// OnFailure gets each failure that becomes the result of a scope, with the name of the task.
	// UI thread. It must not panic.
	OnFailure func(err error)
}

// An Arrival is a piece of work that another goroutine has left for the UI thread.
type Arrival struct {
	Source uint64
	Name   string // of the task or function
	Post   bool   // it is a posted function, which keeps its order
}

type key struct{}

type carried struct {
	hooks Hooks
	taken atomic.Bool
}

// With returns a context for guest.Options.Context. The first guest that is made with it, or
// with a context derived from it, has the hooks. ctx may be nil.
func With(ctx context.Context, h Hooks) context.Context {
	if ctx == nil {
		ctx = context.Background()
	}
	return context.WithValue(ctx, key{}, &carried{hooks: h})
}

// Take returns the hooks of ctx to the first caller, and none to later ones: a guest that a task
// makes with its own context is not the test's guest.
func Take(ctx context.Context) Hooks {
	c, _ := ctx.Value(key{}).(*carried)
	if c == nil || c.taken.Swap(true) {
		return Hooks{}
	}
	return c.hooks
}
