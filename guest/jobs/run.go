package jobs

import (
	"context"
	"errors"
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

// A run belongs to the clock that began it, by that clock's number (job.rhythm, from 1), or to
// none.
const (
	now  = 0  // RunNow has asked for it
	more = -1 // it follows another, between which the job counts as running
)

// run runs the job, if it may begin, and once more if somebody asks for that meanwhile. The
// error is that of ctx.
func (j *job) run(ctx context.Context, rhythm int) error {
	for again := true; again; {
		var r Run
		if r.Err = j.attempts(ctx, rhythm, &r); r.Attempts == 0 {
			break
		}
		r.Took = time.Since(r.Began)
		again = j.ended(r)
		rhythm = more
	}
	return ctx.Err()
}

// begin reports whether the run may begin, and has then. It is asked in the same breath as fn
// is called, so that nothing begins once Pause or Remove has returned.
func (j *job) begin(rhythm int, r *Run) bool {
	s := j.set
	s.lock()
	defer s.mu.Unlock()
	switch {
	case j.state == gone:
	case rhythm == more, !j.running && (rhythm == now || rhythm == j.rhythm):
		j.running = true
		r.Began, r.Attempts = time.Now(), 1
		j.tell(Began)
		return true
	}
	return false
}

// ended takes the result, and reports whether the job is to run once more.
func (j *job) ended(r Run) (again bool) {
	s := j.set
	s.lock()
	defer s.mu.Unlock()
	j.runs++
	if len(j.history) == j.opts.History {
		j.history = j.history[1:]
	}
	j.history = append(j.history, r)
	if r.Err == nil {
		j.tellRun(Succeeded, r)
	} else if j.tellRun(Failed, r) == 0 && j.state != gone {
		s.lose(fmt.Errorf("jobs: %q failed: %w", j.name, r.Err)) // nobody listens
	}
	if j.state == gone { // during the run
		j.running = false
		j.tell(Removed)
		return false
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

// attempts tries until it goes well. If the run may not begin, there are none.
func (j *job) attempts(ctx context.Context, rhythm int, r *Run) error {
	err := j.attempt(ctx, func() bool { return j.begin(rhythm, r) })
	longest := max(j.opts.Backoff, maxBackoff)
	for backoff := j.opts.Backoff; j.mayRetry(err, r) && guest.Sleep(ctx, backoff) == nil; backoff = longer(backoff, longest) {
		err = j.attempt(ctx, func() bool {
			if ctx.Err() != nil {
				return false
			}
			r.Attempts++
			return true
		})
	}
	return err
}

// mayRetry reports whether another attempt may follow one that gave err. A Goexit is how a test
// gives up, and no failure of the job.
func (j *job) mayRetry(err error, r *Run) bool {
	return err != nil && r.Attempts > 0 && r.Attempts <= j.opts.Retries && !errors.Is(err, guest.ErrGoexit)
}

// longer doubles d, up to longest.
func longer(d, longest time.Duration) time.Duration {
	if d > longest/2 {
		return longest
	}
	return 2 * d
}

// attempt runs fn, if it still may, as a task of its own, so that its panic is an error like
// any other.
func (j *job) attempt(ctx context.Context, may func() bool) error {
	outer := ctx
	if j.opts.Timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, j.opts.Timeout)
		defer cancel()
	}
	var t *guest.Task
	_ = guest.Supervise(ctx, func(ctx context.Context) error {
		t = guest.Go(ctx, func(ctx context.Context) error {
			if !may() {
				return outer.Err()
			}
			return j.fn(ctx)
		})
		t.Done() // somebody will look, however the wait ends
		return t.Wait(ctx)
	})
	return t.Err()
}
