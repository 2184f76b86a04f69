package jobs

import (
	"context"
	"fmt"
	"time"

	"github.com/golodger/lodger/guest"
)

// A Run is what became of one run of a job.
type Run struct {
	Began    time.Time
	Took     time.Duration
	Attempts int
	Err      error // of the last attempt; nil if it went well
}

// run runs the job, unless it runs already, and once more if somebody asks for that meanwhile. The error is that of ctx.
func (j *job) run(ctx context.Context) error {
	for more := j.begin(); more && ctx.Err() == nil; {
		r := Run{Began: time.Now()}
		j.set.change(j.id, func(*job) bool { j.tell(Began); return true })
		r.Err = j.attempts(ctx, &r)
		r.Took = time.Since(r.Began)
		more = j.ended(r)
	}
	return ctx.Err()
}

// begin reports whether the run may begin.
func (j *job) begin() bool {
	j.set.mu.Lock()
	defer j.set.mu.Unlock()
	if j.running {
		return false
	}
	j.running = true
	return true
}

// ended takes the result, and reports whether the job is to run once more.
func (j *job) ended(r Run) (again bool) {
	s := j.set
	s.mu.Lock()
	defer s.mu.Unlock()
	j.runs++
	if len(j.history) == j.opts.History {
		j.history = j.history[1:]
	}
	j.history = append(j.history, r)
	if j.ctx.Err() != nil {
		return false // removed, and that was said
	}
	if r.Err == nil {
		j.tellRun(Succeeded, r)
	} else if j.tellRun(Failed, r) == 0 {
		s.guest.Go(func(context.Context) error { // nobody listens: it is as any error that nobody observes
			return fmt.Errorf("jobs: %q failed: %w", j.name, r.Err)
		})
	}
	again, j.again = j.again, false
	j.running = again
	switch {
	case again:
	case j.opts.Every == 0:
		j.remove()
	case j.state == Paused:
		j.stop() // which Pause has left to us
	}
	return again
}

// attempts tries until it goes well.
func (j *job) attempts(ctx context.Context, r *Run) (err error) {
	backoff := j.opts.Backoff
	for {
		r.Attempts++
		if err = j.attempt(ctx); err == nil || r.Attempts > j.opts.Retries || ctx.Err() != nil {
			return err
		}
		if guest.Sleep(ctx, backoff) != nil {
			return err
		}
		backoff = min(2*backoff, maxBackoff)
	}
}

// attempt runs fn as a task of its own, so that its panic is an error like any other.
func (j *job) attempt(ctx context.Context) error {
	if j.opts.Timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, j.opts.Timeout)
		defer cancel()
	}
	var t *guest.Task
	_ = guest.Supervise(ctx, func(ctx context.Context) error {
		t = guest.Go(ctx, j.fn)
		t.Done() // somebody will look, however the wait ends
		return t.Await(ctx)
	})
	return t.Err()
}
