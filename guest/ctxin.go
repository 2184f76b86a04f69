package guest

import (
	"context"

	"github.com/golodger/lodger/guest/internal/bridge"
)

// A ctxIn tells Async in which guest its task is to start, which need not be the context's.
// Package loops starts tasks of its guests so, for tasks of others and for goroutines.
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

// parentFor returns who owns what is started with ctx in g: the innermost scope of ctx, if it
// is g's, or else the guest itself. Then the task is as one of (*Guest).Go: it is cancelled when
// main and its tasks have ended, and an error that no code has observed by then goes to
// Options.OnError; so it does before, once it can't be observed any more: when the garbage
// collector has found the future.
func (g *Guest) parentFor(ctx context.Context) *scope {
	if s := scopeOf(ctx); s != nil && s.g == g {
		return s
	}
	return &g.own
}
