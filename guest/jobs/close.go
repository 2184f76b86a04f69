package jobs

import (
	"context"

	"github.com/golodger/lodger/guest"
)

// Close closes the set. The set takes no more jobs and begins no more runs, and all jobs leave
// it. Runs that have begun go on, without further attempts. Close waits until they have ended.
// If ctx is done first, Close returns the error of ctx, and the runs still go on. To cancel the
// runs, cancel the context that you passed to New.
//
// Call Close in a task or on a goroutine. On the UI thread outside a task, and in a job of the
// same set, it closes the set but does not wait: the error matches guest.ErrWouldDeadlock. You
// may call it any number of times. Waits.
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
	list := s.jobs
	s.jobs = nil // one by one would take a time in proportion to the square of their number
	for _, j := range list {
		j.retire(ErrClosed)
	}
	s.checkOver()
}

// checkOver settles s.over when the set is closed and none of its runs goes on. The lock is
// held.
func (s *Set) checkOver() {
	if s.closed && s.busy == 0 {
		s.over.Resolve(struct{}{})
	}
}
