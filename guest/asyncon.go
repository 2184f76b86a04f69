package guest

import "context"

// AsyncOn starts fn as a task of g, with the values and the cancellation of ctx, and returns
// its result to come. Any goroutine, any task of another guest. Never waits.
//
// If ctx is of g, it is Async. Otherwise the task belongs to the guest itself, as one of
// (*Guest).Go does: it is cancelled when main and its tasks have ended, and an error that
// nobody has observed by then goes to Options.OnError; so it does before, once nobody can
// observe it any more: when the garbage collector has found the future. It panics if g is nil.
func AsyncOn[T any](ctx context.Context, g *Guest, fn func(ctx context.Context) (T, error)) *Future[T] {
	needFunc(fn == nil, "AsyncOn")
	if g == nil {
		panic("guest: AsyncOn called with a nil guest; pass the one on whose thread fn is to run, or use Async")
	}
	a := newAsync(fn)
	a.task.async = true
	a.task.spawn(ctx, g.parentFor(ctx))
	return &a.future
}

// parentFor returns who owns what is started with ctx in g: the innermost scope of ctx, if it
// is g's, or else the guest itself.
func (g *Guest) parentFor(ctx context.Context) *scope {
	if s := scopeOf(ctx); s != nil && s.g == g {
		return s
	}
	return &g.own
}
