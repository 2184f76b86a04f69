package flow

import (
	"context"
	"runtime"
	"sync"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/internal/bridge"
)

// WithExecutor returns a context in which guest.Background and guest.Submit run their functions
// on e. Any goroutine.
func WithExecutor(ctx context.Context, e guest.Executor) context.Context {
	if e == nil {
		panic("flow: WithExecutor called with a nil executor; pass a Pool or your own executor")
	}
	return context.WithValue(ctx, &bridge.ExecutorKey, e)
}

// A Pool is an Executor for CPU-bound work. It runs a limited number of functions at a time, in
// the order given, and so leaves a core for the UI thread. While a function calls back with
// CallOnMain, or waits with Wait, All, First or AsCompleted, it lends its place to another. A
// function that receives from Done does not. A Pool has no goroutines while it has no work, and
// you need not close it. The zero Pool is NewPool(0). Any goroutine.
type Pool struct {
	workers int // 0: to be decided

	mu      sync.Mutex
	place   *bridge.Place // made with the first use
	busy    int
	waiting []func() // called with a place in hand
}

// NewPool returns a pool of the given number of workers. Zero or less means one fewer than
// GOMAXPROCS, but at least one. (If every processor were busy, a callback from the toolkit
// would have to wait.)
func NewPool(workers int) *Pool { return &Pool{workers: max(0, workers)} }

// Execute runs fn as soon as a place is free. Never waits.
func (p *Pool) Execute(ctx context.Context, fn func(ctx context.Context)) {
	if fn == nil {
		panic("flow: Execute called with a nil function; pass the function to run")
	}
	p.acquire(func() {
		go func() {
			defer p.release()
			fn(context.WithValue(ctx, &bridge.PlaceKey, p.place))
		}()
	})
}

// acquire calls got once a place is free, which is then the caller's.
func (p *Pool) acquire(got func()) {
	p.mu.Lock()
	if p.workers == 0 {
		p.workers = max(1, runtime.GOMAXPROCS(0)-1)
	}
	if p.place == nil {
		p.place = &bridge.Place{Pool: p, Release: p.release, Acquire: p.acquire}
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
