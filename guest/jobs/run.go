package jobs

import (
	"context"
	"errors"
	"time"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/flow"
)

// A Run is the result of one run of a job.
type Run struct {
	Began    time.Time
	Took     time.Duration
	Attempts int
	// the error of the last attempt; nil if it succeeded. If the last attempt was cancelled, the
	// error matches context.Canceled and the cause. A run that is cancelled between two attempts
	// keeps the failure of the last one. If a function of Options.Retry panicked, or called
	// runtime.Goexit, the error matches that, too
	Err error
}

// A run belongs to the clock that began it, by the clock's number (job.rhythm, from 1), or to no
// clock.
const (
	now  = 0  // RunNow has asked for it
	more = -1 // it follows another run; in between, the job counts as running
)

// A running is a run that goes on.
type running struct {
	cancel context.CancelCauseFunc
	giveUp context.CancelFunc // no further attempts
	asked  []*request         // the calls that wait for it
}

// run runs the job, if it may begin, and once more if RunNow asks for that meanwhile. The error
// is that of ctx, or a failure that nothing else takes.
func (j *job) run(ctx context.Context, rhythm int) error {
	for again := true; again; rhythm = more {
		var r Run
		var err error
		if again, err = j.runOnce(ctx, rhythm, &r); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// runOnce reports whether the job is to run once more.
func (j *job) runOnce(ctx context.Context, rhythm int, r *Run) (again bool, err error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	patience, giveUp := context.WithCancel(ctx)
	defer giveUp()
	this := &running{cancel: cancel, giveUp: giveUp}
	r.Err = j.attempts(ctx, patience, func() bool { return j.begin(ctx, rhythm, this, r) }, r)
	if r.Attempts > 0 {
		r.Took = time.Since(r.Began)
		return j.ended(*r, answers(ctx, r.Err), context.Cause(ctx))
	}
	if rhythm == more {
		s := j.set
		s.lock()
		defer s.mu.Unlock()
		return j.rest(), nil
	}
	return false, nil
}

// answers reports whether err only answers the end of ctx.
func answers(ctx context.Context, err error) bool {
	switch ctx.Err() {
	case nil:
		return false
	case context.DeadlineExceeded:
		return errors.Is(err, context.DeadlineExceeded)
	}
	return guest.Cancelled(err)
}

// begin reports whether the run may begin, and records that it has. It is called right before
// fn, so that no run begins after Pause, Remove or Close has returned.
func (j *job) begin(ctx context.Context, rhythm int, this *running, r *Run) bool {
	s := j.set
	s.lock()
	defer s.mu.Unlock()
	wanted := rhythm == j.rhythm
	if rhythm == now || rhythm == more {
		wanted = len(j.asked) > 0
	}
	if !wanted || j.state == gone || ctx.Err() != nil || j.running != nil && rhythm != more {
		return false
	}
	if j.running == nil {
		s.busy++
	}
	j.running, j.asked, this.asked = this, nil, j.asked
	r.Began, r.Attempts = time.Now(), 1
	j.tell(Began)
	return true
}

// ended records the result, and reports whether the job is to run once more. It returns a
// failure only if nothing else takes it, because the guest ends.
func (j *job) ended(r Run, cancelled bool, cause error) (again bool, err error) {
	s := j.set
	s.lock()
	defer s.mu.Unlock()
	j.runs++
	if len(j.history) == j.opts.History {
		j.history = j.history[1:]
	}
	j.history = append(j.history, r)
	kind := Succeeded
	switch {
	case cancelled:
		kind = Cancelled
	case r.Err != nil:
		kind = Failed
	}
	heard := j.tellRun(kind, r) > 0
	asked := j.running.asked
	for _, q := range asked {
		if heard {
			q.handle.Done() // observed
		}
		if cancelled {
			q.handle.Cancel(cause) // it has not failed, either
		}
		q.result.Resolve(r)
	}
	if kind == Failed && !heard && len(asked) == 0 && !j.report(r.Err) {
		err = j.named(r.Err)
	}
	return j.rest(), err
}

// rest is called after a run. It reports whether the job is to run once more. The lock is held.
func (j *job) rest() (again bool) {
	s := j.set
	if j.state != gone && len(j.asked) > 0 {
		j.running = &running{cancel: j.takeBack, giveUp: func() {}} // until that run begins
		return true
	}
	j.running = nil
	s.busy--
	switch {
	case j.state == gone: // during the run
		j.cancel(ErrClosed) // unless it was for another reason
		j.tell(Removed)
	case j.opts.Every == 0:
		j.retire(ErrRemoved)
	case j.state == Paused:
		j.stop() // Pause left this to the end of the run
	}
	s.checkOver()
	return false
}

// attempts tries until an attempt succeeds, by the job's policy, and returns the error of the
// last attempt. If the run may not begin, it makes no attempt. When patience is done, it makes
// no more. A panic or Goexit in a function of the policy ends the attempts, and is an error
// beside that of the last one.
func (j *job) attempts(ctx, patience context.Context, begin func() bool, r *Run) (err error) {
	try := func(ctx context.Context, may func() bool) {
		begun := false
		if this := j.attempt(ctx, func() bool { begun = may(); return begun }); begun {
			err = this
		}
	}
	try(ctx, begin)
	if j.opts.Retry == nil || err == nil {
		return err
	}
	again := func() bool {
		if patience.Err() != nil {
			return false
		}
		r.Attempts++
		return true
	}
	first := true // that attempt has been made; the policy decides what follows it
	decided := false
	left := protected(ctx, func(ctx context.Context) error {
		_, _ = flow.Retry(patience, func(context.Context) (struct{}, error) {
			if !first {
				try(ctx, again)
			}
			first = false
			return struct{}{}, err
		}, j.opts.Retry)
		decided = true
		return nil
	})
	if !decided {
		return errors.Join(left, err)
	}
	return err
}

// attempt runs fn, if may allows it.
func (j *job) attempt(ctx context.Context, may func() bool) error {
	if j.opts.Timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, j.opts.Timeout)
		defer cancel()
	}
	return protected(ctx, func(ctx context.Context) error {
		if !may() {
			return nil
		}
		return j.fn(ctx)
	})
}

// protected runs fn in a new task. So a panic of fn is an error like any other.
func protected(ctx context.Context, fn func(ctx context.Context) error) error {
	var t *guest.Task
	_ = guest.Supervise(ctx, func(ctx context.Context) error {
		t = guest.Go(ctx, fn)
		t.Done() // counts as observed, however the wait ends
		return t.Wait(ctx)
	})
	return t.Err()
}
