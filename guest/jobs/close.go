package jobs

import (
	"context"

	"github.com/golodger/lodger/guest"
)

// Close closes the set: it takes no more jobs, no run of it begins any more, and all jobs leave
// it. Runs that have begun go on, without further attempts, and Close waits until they have
// ended, or ctx is done; the error is that of ctx then, and the runs go on. To cancel them,
// cancel the context that the set was made with.
//
// In a task, or on a goroutine; on the UI thread outside a task it closes the set and returns
// guest.ErrWouldDeadlock, and so it does in a job of the set itself. Waits. Any number of times.
func (s *Set) Close(ctx context.Context) error {
	if ctx == nil {
		panic("jobs: Close called with a nil context; pass one that is done when the runs take too long")
	}
	s.lock()
	s.close()
	caller := jobOf(ctx)
	own := caller != nil && caller.set == s && caller.running != nil
	s.mu.Unlock()
	if own {
		return guest.ErrWouldDeadlock
	}
	_, err := s.over.Wait(ctx)
	return err
}

// close closes the set. The lock is held.
func (s *Set) close() {
	s.closed = true
	for len(s.jobs) > 0 {
		s.jobs[0].retire(ErrClosed)
	}
	s.checkOver()
}

// checkOver says so when the set is closed and nothing of it runs any more. The lock is held.
func (s *Set) checkOver() {
	if s.closed && s.busy == 0 {
		s.over.Resolve(struct{}{})
	}
}
