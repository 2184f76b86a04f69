package guest

import (
	"context"

	"github.com/golodger/lodger/guest/internal/bridge"
)

// An Executor decides where the functions of Background and Submit run. flow.Pool is an
// Executor. You can turn any worker pool into one with a few lines: call fn(ctx) later, on a
// goroutine other than the caller's. Execute must never wait and never drop fn, since a task
// waits for fn.
type Executor interface {
	Execute(ctx context.Context, fn func(ctx context.Context))
}

// goroutines is the default executor: a goroutine for each function, without limit.
type goroutines struct{}

func (goroutines) Execute(ctx context.Context, fn func(ctx context.Context)) { go fn(ctx) }

// executorOf returns the context's executor, or else the guest's if there is one, or else
// goroutines.
func executorOf(ctx context.Context, g *Guest) Executor {
	if e, ok := ctx.Value(&bridge.ExecutorKey).(Executor); ok {
		return e
	}
	if g != nil {
		if e := g.opts.executor(); e != nil {
			return e
		}
	}
	return goroutines{}
}

// placeOf returns the place that the function of ctx has in a pool, or nil.
func placeOf(ctx context.Context) bridge.Place {
	p, _ := ctx.Value(&bridge.PlaceKey).(bridge.Place)
	return p
}

// placeless returns ctx for a function that runs on e. The function has no place in the caller's
// pool, and none to lend. If e is a pool, it gives the function a place.
func placeless(ctx context.Context, e Executor) context.Context {
	if p := placeOf(ctx); p == nil || p.Of(e) {
		return ctx
	}
	return context.WithValue(ctx, &bridge.PlaceKey, nil)
}

func init() { bridge.Lend = lendPlace }

// lendPlace gives up the caller's place in a pool while the caller waits under ctx. The returned
// function waits for another place, or until ctx is done. It is only for waits that begin.
func lendPlace(ctx context.Context) (back func()) { return lend(ctx, false) }

// letOthersGo gives up the caller's place in a pool to all that wait for one. The returned
// function waits until they have had it.
func letOthersGo(ctx context.Context) (back func()) { return lend(ctx, true) }

func lend(ctx context.Context, last bool) (back func()) {
	p := placeOf(ctx)
	if p == nil {
		return func() {}
	}
	p.Lend()
	return func() { p.Return(ctx, last) }
}
