package windows

import (
	"context"
	"math"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/flow"
	"github.com/golodger/lodger/guest/inspect"
)

// An Ask decides whether a window may be closed.
type Ask = func(ctx context.Context) (bool, error)

// A Start starts the task in which a question is asked. Reports name the task after the ask, as
// the program's line, and not after what this package puts around it.
type Start = func(fn func(ctx context.Context) error) *guest.Task

// InGuest returns what starts tasks of g itself.
func InGuest(g *guest.Guest, ask Ask) Start {
	return func(fn func(ctx context.Context) error) *guest.Task { return inspect.GoNamedAfter(g, ask, fn) }
}

// ApartFrom returns what starts tasks in ctx's scope whose failures stay apart, and calls ended if
// the scope takes none any more. It sets no limit: how many there are is the caller's affair.
func ApartFrom(ctx context.Context, ask Ask, ended func()) Start {
	run := func(ctx context.Context, fn func(context.Context) error) error { return fn(ctx) }
	action := flow.NewAction(inspect.NamedAfter(ctx, ask), run, flow.Limit(math.MaxInt))
	return func(fn func(ctx context.Context) error) *guest.Task {
		if action.Call(fn); !action.Busy().Get() {
			ended()
		}
		return nil
	}
}
