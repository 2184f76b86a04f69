package flow

import (
	"container/list"
	"context"
	"fmt"
	"sync"
)

// A Semaphore limits how much is in use at a time: downloads, open files, bytes in memory. With
// a limit of 1 it is a mutex that tasks can wait for. NewSemaphore makes one. The zero Semaphore
// has the limit 0, so it serves no request.
//
// It is fair: requests are served first come, first served, and a small request does not
// overtake a large one that waits. A request whose context is done gets nothing, and is passed
// over when something is released or asked for. The idea is golang.org/x/sync/semaphore; here
// you can also change the limit, and a cancelled request is passed over even before its
// goroutine has run.
type Semaphore struct {
	mu    sync.Mutex
	limit int
	held  int
	line  list.List // of *acquisition that wait; first come, first served
}

// An acquisition is a request that has to wait.
type acquisition struct {
	ctx   context.Context
	n     int
	place *list.Element
	held  bool   // it has been served
	turn  signal // settled when it is served
}

// NewSemaphore returns a semaphore with the given limit. Any goroutine. It panics if limit is
// negative.
func NewSemaphore(limit int) *Semaphore {
	needNotNegative("NewSemaphore", limit)
	return &Semaphore{limit: limit}
}

func needNotNegative(verb string, n int) {
	if n < 0 {
		panic(fmt.Sprintf("flow: %s called with %d; give zero or more", verb, n))
	}
}

// Acquire waits until n are free, and holds them until Release. In a task it parks; elsewhere
// it blocks the calling goroutine. On a UI thread outside a task the error wraps
// guest.ErrWouldDeadlock; TryAcquire works there.
//
// If n is above the limit, Acquire waits until nothing is held, and then holds everything. So a
// file larger than the budget is read alone, and does not wait forever.
//
// When ctx is done, Acquire returns the error of ctx and holds nothing. Acquire panics if n is
// negative.
func (s *Semaphore) Acquire(ctx context.Context, n int) error {
	needNotNegative("Acquire", n)
	_, err := mayWait(ctx, "flow.(*Semaphore).Acquire")
	if err != nil {
		return err
	}
	a := s.enter(ctx, n)
	kept := false
	defer func() {
		if !kept { // also if the task ends here
			s.leave(a, n)
		}
	}()
	if a == nil {
		err = done(ctx)
	} else {
		err = await(ctx, a.turn)
	}
	kept = err == nil
	return err
}

// TryAcquire acquires n if it can do so at once and no request waits. It reports whether it did.
// Any goroutine, any UI handler. Never waits. It panics if n is negative.
func (s *Semaphore) TryAcquire(n int) bool {
	needNotNegative("TryAcquire", n)
	s.mu.Lock()
	served := s.serve() // those behind a request that has been cancelled
	ok := s.try(n)
	s.mu.Unlock()
	ringAll(served)
	return ok
}

// try acquires n if it can. The lock is held.
func (s *Semaphore) try(n int) bool {
	ok := s.line.Len() == 0 && s.fits(n)
	if ok {
		s.held += n
	}
	return ok
}

// fits reports whether n can be held now. The lock is held.
func (s *Semaphore) fits(n int) bool {
	return s.limit > 0 && (s.held == 0 || n <= s.limit-s.held)
}

// enter returns nil if n is held at once, or else a request that waits.
func (s *Semaphore) enter(ctx context.Context, n int) *acquisition {
	s.mu.Lock()
	served := s.serve()
	var a *acquisition
	if !s.try(n) {
		a = &acquisition{ctx: ctx, n: n, turn: newSignal()}
		a.place = s.line.PushBack(a)
	}
	s.mu.Unlock()
	ringAll(served)
	return a
}

// leave takes back a request whose wait has failed. The request may have been served meanwhile.
// Otherwise smaller requests behind it may fit now.
func (s *Semaphore) leave(a *acquisition, n int) {
	s.mu.Lock()
	if a == nil || a.held {
		s.held -= n
	} else {
		s.line.Remove(a.place) // which may have gone: see serve
	}
	s.admit()
}

// admit serves the requests that fit now, in order, and unlocks.
func (s *Semaphore) admit() {
	served := s.serve()
	s.mu.Unlock()
	ringAll(served)
}

// serve gives to those whose turn it is, and returns them. The lock is held. A request that has
// been cancelled is passed over. Its task or goroutine runs only later, perhaps on a UI thread
// that is busy; until then all others would wait for what it doesn't want.
func (s *Semaphore) serve() (served []*acquisition) {
	for e := s.line.Front(); e != nil; e = s.line.Front() {
		a := e.Value.(*acquisition)
		cancelled := a.ctx.Err() != nil
		if !cancelled && !s.fits(a.n) {
			break
		}
		s.line.Remove(e)
		if !cancelled {
			s.held += a.n
			a.held = true
			served = append(served, a)
		}
	}
	return served
}

// ringAll wakes those that have been served. Not under a lock: see ring.
func ringAll(served []*acquisition) {
	for _, a := range served {
		ring(a.turn)
	}
}

// Release gives n back. It panics if n is negative or more than is held. Any goroutine, any UI
// handler. Never waits.
func (s *Semaphore) Release(n int) {
	needNotNegative("Release", n)
	s.mu.Lock()
	if held := s.held; n > held {
		s.mu.Unlock()
		panic(fmt.Sprintf("flow: Release called with %d while only %d is held; release what you acquired, and only once", n, held))
	}
	s.held -= n
	s.admit()
}

// With acquires n, calls fn, and releases n, however fn ends. It waits as Acquire does. fn runs
// where the caller is, and gets ctx. If Acquire fails, With returns its error and does not run
// fn. Otherwise With returns fn's error. Do not acquire the same semaphore in fn: that may wait
// forever, since it may need what fn itself holds.
func (s *Semaphore) With(ctx context.Context, n int, fn func(ctx context.Context) error) error {
	needFunc(fn == nil, "With")
	if err := s.Acquire(ctx, n); err != nil {
		return err
	}
	defer s.Release(n)
	return fn(ctx)
}

func needFunc(missing bool, verb string) {
	if missing {
		panic("flow: " + verb + " called with a nil function; pass the function to call")
	}
}

// SetLimit changes how much can be held at a time. Any goroutine, any UI handler. Never waits.
// A higher limit serves waiting requests at once. A lower limit takes nothing away, but no
// request is served until enough has been released. With a limit of 0 no request is served
// until you raise the limit. SetLimit panics if limit is negative.
func (s *Semaphore) SetLimit(limit int) {
	needNotNegative("SetLimit", limit)
	s.mu.Lock()
	s.limit = limit
	s.admit()
}
