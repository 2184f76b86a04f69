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

// A Pool is an Executor for CPU-bound work. It runs a limited number of functions at a time, and
// so leaves a core for the UI thread. They begin in the order given.
//
// While a function calls back with CallOnMain, or waits with Wait, All, First or AsCompleted, it
// lends its place to another. A function that receives from Done does not. After the wait it
// needs a place again, and gets the next one, before the functions that have not begun. So few
// functions are half done. Yield is different: it lets all that wait for a place go first.
//
// When the wait's context is done, the function goes on at once, even without a place. Then the
// pool is overdrawn: more functions run than the limit says. None begins until enough of them
// have ended, or wait.
//
// A function has one place, even if it starts goroutines. While one of them waits with the
// function's context, the place is lent, and the others go on without one.
//
// A Pool has no goroutines while it has no work, and you need not close it. The zero Pool is
// NewPool(0). Any goroutine.
type Pool struct {
	workers int // 0: to be decided

	mu    sync.Mutex
	busy  int  // places that are taken; more than workers if the pool is overdrawn
	back  line // functions that have lent their place, and want one again
	fresh line // functions that have not begun, or let the others go first
}

// NewPool returns a pool of the given number of workers. Zero or less means one fewer than
// GOMAXPROCS, but at least one. (If every processor were busy, a callback from the toolkit
// would have to wait.)
func NewPool(workers int) *Pool { return &Pool{workers: max(0, workers)} }

// Execute runs fn as soon as a place is free. Never waits.
func (p *Pool) Execute(ctx context.Context, fn func(ctx context.Context)) {
	needFunc(fn == nil, "Execute")
	if ctx == nil {
		panic("flow: Execute called with a nil context; pass the one that fn is to get")
	}
	s := &stay{Context: ctx, pool: p, fn: fn}
	p.mu.Lock()
	if p.workers == 0 {
		p.workers = max(1, runtime.GOMAXPROCS(0)-1)
	}
	if p.busy >= p.workers {
		p.fresh.push(s)
		s = nil
	} else {
		s.begun = true
		s.seat()
	}
	p.mu.Unlock()
	s.begin()
}

// free takes a place back, and gives it to the next, unless the pool is overdrawn. It returns the
// function that begins now, or nil. The lock is held.
func (p *Pool) free() *stay {
	for p.busy--; p.busy < p.workers; {
		s := p.back.pop()
		if s == nil {
			s = p.fresh.pop()
		}
		switch {
		case s == nil:
			return nil
		case !s.begun:
			s.begun = true
			s.seat()
			return s
		}
		if s.waits == 0 {
			s.seat()
		}
		s.wake()
	}
	return nil
}

// A line is served first come, first served.
type line struct{ first, last *stay }

func (l *line) push(s *stay) {
	s.line, s.before = l, l.last
	if l.last != nil {
		l.last.behind = s
	} else {
		l.first = s
	}
	l.last = s
}

// pop removes the first and returns it, or nil.
func (l *line) pop() *stay {
	s := l.first
	s.step()
	return s
}

// step takes s out of its line, if it is in one. s may be nil.
func (s *stay) step() {
	if s == nil || s.line == nil {
		return
	}
	if s.before != nil {
		s.before.behind = s.behind
	} else {
		s.line.first = s.behind
	}
	if s.behind != nil {
		s.behind.before = s.before
	} else {
		s.line.last = s.before
	}
	s.line, s.before, s.behind = nil, nil, nil
}

// A stay is a function in a pool, from Execute to its end. It is the function's context, and its
// bridge.Place. The function's goroutines share it.
type stay struct {
	context.Context
	pool *Pool
	fn   func(ctx context.Context)

	// The pool's lock guards these.
	begun, ended   bool
	seated         bool          // it has a place; then none of its goroutines waits
	waits          int           // how many of its goroutines wait
	came           chan struct{} // while it is in line again: closed when its goroutines may go on
	line           *line         // in which it is
	before, behind *stay         // in the line
}

// Value says that the function has a place, which its waits lend.
func (s *stay) Value(key any) any {
	if key == &bridge.PlaceKey {
		return bridge.Place(s)
	}
	return s.Context.Value(key)
}

// Of reports whether the place is one of executor's.
func (s *stay) Of(executor any) bool { return executor == any(s.pool) }

// begin runs the function on a goroutine of its own. s may be nil.
func (s *stay) begin() {
	if s != nil {
		go s.run()
	}
}

func (s *stay) run() {
	defer s.leave()
	fn := s.fn
	s.fn = nil // its contexts may live longer
	fn(s)
}

// seat gives the function a place. The lock is held.
func (s *stay) seat() {
	s.pool.busy++
	s.seated = true
}

// unseat passes the function's place on, if it has one. It returns the function that begins now,
// or nil. The lock is held.
func (s *stay) unseat() *stay {
	if !s.seated {
		return nil
	}
	s.seated = false
	return s.pool.free()
}

// wake lets those go on that have waited for a place, if any. The lock is held.
func (s *stay) wake() {
	s.step()
	if s.came != nil {
		close(s.came)
		s.came = nil
	}
}

// leave is called when the function has returned.
func (s *stay) leave() {
	s.pool.mu.Lock()
	s.ended = true
	s.wake() // its goroutines, if any are left
	next := s.unseat()
	s.pool.mu.Unlock()
	next.begin()
}

// Lend passes the place on, since the caller begins a wait.
func (s *stay) Lend() {
	s.pool.mu.Lock()
	s.waits++
	next := s.unseat()
	s.pool.mu.Unlock()
	next.begin()
}

// Return waits for a place, since the caller's wait is over. When ctx is done it waits no longer,
// and overdraws the pool.
func (s *stay) Return(ctx context.Context, last bool) {
	late := ctx.Err() != nil
	p := s.pool
	p.mu.Lock()
	s.waits--
	switch {
	case s.waits > 0 || s.ended:
		p.mu.Unlock()
		return
	case late || p.busy < p.workers:
		s.seat()
		s.wake()
		p.mu.Unlock()
		return
	}
	if s.came == nil {
		s.came = make(chan struct{})
		if last {
			p.fresh.push(s)
		} else {
			p.back.push(s)
		}
	}
	came := s.came
	p.mu.Unlock()
	select {
	case <-came:
	case <-ctx.Done():
		s.overdraw()
	}
}

// overdraw gives the function a place that is not free, if it still needs one.
func (s *stay) overdraw() {
	s.pool.mu.Lock()
	if s.waits == 0 && !s.seated && !s.ended {
		s.seat()
		s.wake()
	}
	s.pool.mu.Unlock()
}
