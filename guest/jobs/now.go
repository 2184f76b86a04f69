package jobs

import (
	"context"
	"fmt"
	"reflect"
	"slices"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/internal/bridge"
)

// A request is a call of RunNow. Its handle is a task that waits for the run. So the caller can
// wait for it and cancel it, as with any task, and an unobserved error is never silent.
type request struct {
	handle *guest.Task
	result *guest.Future[Run] // never an error: the handle has that
}

// RunNow runs the job soon, regardless of its clock and even while it is paused. If the job is
// running, it runs once more right after that. If the job was to run only once, it leaves the
// set after this run. Any goroutine. Never waits.
//
// The returned task ends with the run and has the error of the run. If no code waits for it and
// there is no listener (Listen), a failure goes to guest.Options.OnError, or to the log. Cancel
// on the task cancels the run. If the run has not begun, Cancel takes back the call instead.
// Several calls before a run begins share that run. If there is no such job, the error matches
// ErrNoJob. If the set is closed, it matches ErrClosed; if the guest has ended, also
// guest.ErrFinished. A job that waits for its own next run waits forever.
func (s *Set) RunNow(id ID) *guest.Task {
	t, err := s.ask(id)
	if err == nil {
		return t
	}
	err = fmt.Errorf("jobs: RunNow(%d): %w", id, err)
	t = s.guest.Go(func(context.Context) error { return err })
	if !bridge.Accepted(t) {
		err = fmt.Errorf("jobs: RunNow(%d): %w (%w)", id, ErrClosed, guest.ErrFinished)
		t = bridge.Refused(s.guest, err).(*guest.Task)
	}
	return t
}

// ask asks for a run of the job, and returns the handle.
func (s *Set) ask(id ID) (*guest.Task, error) {
	s.lock()
	defer s.mu.Unlock()
	j := s.find(id)
	if j == nil {
		if s.closed {
			return nil, ErrClosed
		}
		return nil, ErrNoJob
	}
	q := &request{result: guest.NewFuture[Run]()}
	run := func(ctx context.Context) error { return j.await(ctx, q) }
	start := bridge.Start{Run: run, PC: reflect.ValueOf(run).Pointer(), Quiet: true}
	q.handle = bridge.GoOwn(s.guest, start).(*guest.Task)
	if !bridge.Accepted(q.handle) { // the guest has ended just now
		return nil, ErrClosed
	}
	if j.asked = append(j.asked, q); j.running == nil && len(j.asked) == 1 {
		j.task(func(ctx context.Context) error { return j.run(ctx, now) })
	}
	return q.handle, nil
}

// await is the handle's function.
func (j *job) await(ctx context.Context, q *request) error {
	r, err := q.result.Wait(ctx)
	if err != nil { // the handle was cancelled, perhaps because the run was
		if !j.cancelFor(q, context.Cause(ctx)) {
			return err
		}
		if r, err = q.result.Wait(context.WithoutCancel(ctx)); err != nil {
			return err
		}
	}
	return j.named(r.Err)
}

// cancelFor cancels the run that q asked for. It returns false if that run has not begun; then
// it no longer begins for q.
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

// named adds the job's name to its failure.
func (j *job) named(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("jobs: %q failed: %w", j.name, err)
}

// CancelRun cancels the current run of the job, with cause; nil means context.Canceled. If no
// run goes on, it takes back the calls of RunNow. A cancelled run is not tried again. A
// repeated job stays in the set, with its clock unchanged; a job for one run has then run. If
// you call CancelRun on the UI thread, the context of the run is done when it returns.
// CancelRun returns false if there is nothing to cancel. Any goroutine. Never waits.
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
