package jobs

import (
	"context"
	"fmt"
	"slices"

	"github.com/golodger/lodger/guest"
)

// A request is a call of RunNow. Its handle is a task that waits for the run: so one can wait
// for it, and cancel it, as with any task, and an unobserved error is never silent.
type request struct {
	handle *guest.Task
	result *guest.Future[Run] // never an error: that is the handle's
}

// RunNow lets the job run soon, whatever its clock says, also while it is paused; if it runs
// already, once more right after that. A job that runs once leaves the set then, too. Any
// goroutine. Never waits.
//
// The task that comes back ends with the run, and its error is that of the run. Wait for it to
// learn the result; without a wait, and without a listener (Listen), a failure goes to
// guest.Options.OnError, or the log. Cancel on it cancels the run, or takes back the call, if
// the run has not begun. Several calls before a run begins share that run. If there is no such
// job, the error matches ErrNoJob; if the set is closed, ErrClosed. A job that waits for the
// next run of itself waits for ever.
func (s *Set) RunNow(id ID) *guest.Task {
	s.lock()
	defer s.mu.Unlock()
	j := s.find(id)
	if j == nil {
		err := ErrNoJob
		if s.closed {
			err = ErrClosed
		}
		err = fmt.Errorf("jobs: RunNow(%d): %w", id, err)
		return s.guest.Go(func(context.Context) error { return err })
	}
	q := &request{result: guest.NewFuture[Run]()}
	q.handle = s.guest.Go(func(ctx context.Context) error { return j.await(ctx, q) })
	if q.handle.Err() != nil {
		return q.handle // the guest has ended
	}
	if j.asked = append(j.asked, q); j.running == nil && len(j.asked) == 1 {
		j.task(func(ctx context.Context) error { return j.run(ctx, now) })
	}
	return q.handle
}

// await is the handle's function.
func (j *job) await(ctx context.Context, q *request) error {
	r, err := q.result.Wait(ctx)
	if err != nil { // the handle is cancelled, perhaps because the run was
		if !j.cancelFor(q, context.Cause(ctx)) {
			return err
		}
		if r, err = q.result.Wait(context.WithoutCancel(ctx)); err != nil {
			return err
		}
	}
	return j.named(r.Err)
}

// cancelFor cancels the run that q asked for. It reports false if that has not begun, and will
// not for q.
func (j *job) cancelFor(q *request, cause error) (begun bool) {
	j.set.lock()
	defer j.set.mu.Unlock()
	j.asked = slices.DeleteFunc(j.asked, func(other *request) bool { return other == q })
	if j.running != nil && slices.Contains(j.running.asked, q) {
		j.running.cancel(cause)
		return true
	}
	_, begun, _ = q.result.Result()
	return begun
}

// takeBack cancels the calls of RunNow whose run has not begun. The lock is held.
func (j *job) takeBack(why error) {
	for _, q := range j.asked {
		q.handle.Cancel(why)
	}
	j.asked = nil
}

// named says which job has failed.
func (j *job) named(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("jobs: %q failed: %w", j.name, err)
}

// CancelRun cancels the run of the job that goes on, with cause; nil means context.Canceled. If
// none does, it takes back the calls of RunNow. A cancelled run is not tried again; the job
// stays, and so does its rhythm. On the UI thread the context of the run is done when CancelRun
// returns. Any goroutine. Never waits. It reports false if there is nothing to cancel.
func (s *Set) CancelRun(id ID, cause error) bool {
	return s.change(id, func(j *job) bool {
		switch {
		case j.running != nil:
			j.running.cancel(cause)
		case len(j.asked) > 0:
			j.takeBack(cause)
		default:
			return false
		}
		return true
	})
}
