package guest

import (
	"context"

	"github.com/golodger/lodger/guest/internal/bridge"
)

// A ctxIn tells Async in which guest its task starts. That need not be the context's guest.
// Package loops uses it to start tasks of its guests for other guests' tasks and for goroutines.
type ctxIn struct {
	context.Context
	g *Guest
}

func init() {
	bridge.In = func(ctx context.Context, g any) context.Context { return &ctxIn{ctx, g.(*Guest)} }
}

// home returns the context of a task that is started with ctx, and its parent. Without a guest
// it panics.
func home(ctx context.Context, verb string) (context.Context, *scope) {
	if in, ok := ctx.(*ctxIn); ok {
		return in.Context, in.g.parentFor(in.Context)
	}
	return ctx, needScope(ctx, verb)
}

// parentFor returns the parent of a task that is started with ctx in g: the innermost scope of
// ctx if that belongs to g, or else the guest itself. In the second case the task is like one of
// (*Guest).Go: it is cancelled when main and its tasks have ended. An error that no code has
// observed by then goes to Options.OnError. It goes there earlier if the garbage collector finds
// the future, since then no code can observe the error.
func (g *Guest) parentFor(ctx context.Context) *scope {
	if s := scopeOf(ctx); s != nil && s.g == g {
		return s
	}
	return &g.own
}
