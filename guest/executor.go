package guest

import (
	"context"
	"runtime"
	"sync"
)

// An Executor decides where the functions of Background and Submit run. Any worker pool becomes
// one with a few lines: call fn(ctx) later, on a goroutine that is not the caller's. Execute
// never waits, and never drops fn: a task waits for it.
type Executor interface {
	Execute(ctx context.Context, fn func(ctx context.Context))
}

// goroutines is the default: one each, without limit.
type goroutines struct{}

func (goroutines) Execute(ctx context.Context, fn func(ctx context.Context)) { go fn(ctx) }

var executorKey int

// WithExecutor returns a context in which Background and Submit run their functions on e. Any
// goroutine.
func WithExecutor(ctx context.Context, e Executor) context.Context {
	if e == nil {
		panic("guest: WithExecutor called with a nil executor; pass a Pool or an executor of your own")
	}
	return context.WithValue(ctx, &executorKey, e)
}

// executorOf resolves: the context's, then the guest's, if there is one, then a goroutine each.
func executorOf(ctx context.Context, g *Guest) Executor {
	if e, ok := ctx.Value(&executorKey).(Executor); ok {
		return e
	}
	if g != nil {
		if e := g.opts.executor(); e != nil {
			return e
		}
	}
	return goroutines{}
}

// placeless returns ctx for a function that runs on e: if e is no Pool, the function has no
// place in the one that the caller is in, and none to lend.
func placeless(ctx context.Context, e Executor) context.Context {
	if _, pool := e.(*Pool); pool || ctx.Value(&placeKey) == nil {
		return ctx
	}
	return context.WithValue(ctx, &placeKey, nil)
}

// A Pool is an Executor for work that eats CPU: it runs a limited number of functions at a
// time, in the order given, and so leaves the UI thread a core. A function that calls back with
// CallOnMain, or waits with Wait, All, First or AsCompleted, lends its place to another for as
// long; one that receives from Done does not. It has no goroutines while it has no work, and
// needs no closing. The zero Pool is NewPool(0). Any goroutine.
type Pool struct {
	workers int // 0: to be decided

	mu      sync.Mutex
	busy    int
	waiting []func() // called with a place in hand
}

// NewPool returns a pool of the given number of workers; with 0 or less, of one fewer than
// GOMAXPROCS, at least one. (With every processor busy, a callback from the toolkit would have
// to wait for one.)
func NewPool(workers int) *Pool { return &Pool{workers: max(0, workers)} }

var placeKey int

// Execute runs fn when a place is free. Never waits.
func (p *Pool) Execute(ctx context.Context, fn func(ctx context.Context)) {
	needFunc(fn == nil, "Execute")
	p.withPlace(func() {
		go func() {
			defer p.release()
			fn(context.WithValue(ctx, &placeKey, p))
		}()
	})
}

// withPlace calls got once a place is free, which is then the caller's.
func (p *Pool) withPlace(got func()) {
	p.mu.Lock()
	if p.workers == 0 {
		p.workers = max(1, runtime.GOMAXPROCS(0)-1)
	}
	if p.busy == p.workers {
		p.waiting = append(p.waiting, got)
		p.mu.Unlock()
		return
	}
	p.busy++
	p.mu.Unlock()
	got()
}

// release passes the caller's place to the next.
func (p *Pool) release() {
	p.mu.Lock()
	if len(p.waiting) == 0 {
		p.busy--
		p.mu.Unlock()
		return
	}
	got := p.waiting[0]
	p.waiting[0] = nil
	if p.waiting = p.waiting[1:]; len(p.waiting) == 0 {
		p.waiting = nil
	}
	p.mu.Unlock()
	got()
}

// lendPlace gives the caller's place back for as long as it waits for the UI; the returned
// function waits for another.
func lendPlace(ctx context.Context) (back func()) {
	p, ok := ctx.Value(&placeKey).(*Pool)
	if !ok {
		return func() {}
	}
	p.release()
	return func() {
		got := make(chan struct{})
		p.withPlace(func() { close(got) })
		<-got
	}
}
