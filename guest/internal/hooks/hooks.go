// Package hooks carries what only tests ask of a guest, past its public options.
package hooks

import (
	"context"
	"sync/atomic"
)

// Hooks are for tests. The zero value has none.
type Hooks struct {
	// Shuffle puts the tasks of each batch in another order, as math/rand/v2's (*Rand).Shuffle
	// does. Posted functions keep their order, and their place before what was readied after
	// them. It is called for every batch that has tasks, also when there is only one.
	Shuffle func(n int, swap func(i, j int))

	// Settle lets all other goroutines run until they wait, before each step of the guest: so what
	// they do does not depend on how fast they are. The next four come with it. UI thread.
	Settle func()

	// Source returns a number of the calling goroutine. Any goroutine.
	Source func() uint64

	// Arrange returns in which order to take in what other goroutines have left: the indices of
	// list. Each source keeps its order. It must not call the guest.
	Arrange func(list []Arrival) (order []int)

	// Chosen hears what the guest runs next. It must not call the guest.
	Chosen func(name string)

	// Worker is called when a function of Background or Submit is started; what it returns is
	// called on the function's goroutine.
	Worker func() (begin func())

	// OnGoexit is told on the UI thread that a task has left by runtime.Goexit, whoever its error
	// belongs to. It must not panic.
	OnGoexit func()
}

// An Arrival is something that another goroutine has left for the UI thread.
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

// With returns a context for guest.Options.Context: the first guest that is made with it, or
// with a context derived from it, has the hooks. ctx may be nil.
func With(ctx context.Context, h Hooks) context.Context {
	if ctx == nil {
		ctx = context.Background()
	}
	return context.WithValue(ctx, key{}, &carried{hooks: h})
}

// Take returns the hooks that ctx brings to the first who asks, and none to all others: guests
// that a task makes with its own context are not the test's.
func Take(ctx context.Context) Hooks {
	c, _ := ctx.Value(key{}).(*carried)
	if c == nil || c.taken.Swap(true) {
		return Hooks{}
	}
	return c.hooks
}
