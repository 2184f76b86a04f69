package sched

import (
	"sync"
	"sync/atomic"
	"testing"
)

// A story fails the test when a step is made out of turn.
type story struct {
	t  *testing.T
	at atomic.Int32
}

func (s *story) step(n int32) {
	s.t.Helper()
	if at := s.at.Add(1); at != n {
		s.t.Errorf("step %d came as number %d", n, at)
	}
}

// says returns a function that makes a step.
func (s *story) says(n int32) func() { return func() { s.t.Helper(); s.step(n) } }

// elsewhere calls fn on another goroutine than the caller's, and waits for it.
func elsewhere(fn func()) {
	var wg sync.WaitGroup
	wg.Go(fn)
	wg.Wait()
}
