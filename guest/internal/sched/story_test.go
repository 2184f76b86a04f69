package sched

import (
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
)

// A story fails the test when a step comes out of order.
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

// says returns a function that makes step n. A failure names the line of the caller.
func (s *story) says(n int32) func() {
	_, file, line, _ := runtime.Caller(1)
	return func() {
		if at := s.at.Add(1); at != n {
			s.t.Errorf("%s:%d: step %d came as number %d", filepath.Base(file), line, n, at)
		}
	}
}

// elsewhere calls fn on another goroutine, and waits for it.
func elsewhere(fn func()) {
	var wg sync.WaitGroup
	wg.Go(fn)
	wg.Wait()
}
