// Package agent runs on each machine of a fleet. An agent takes jobs for the folders of its
// machine, does them, and sends the answers. Its tasks run on a headless loop. Functions of
// guest.Background read the files.
package agent

import (
	"context"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/golodger/lodger/examples/dupes/finder"
	"github.com/golodger/lodger/examples/fleet/wire"
	"github.com/golodger/lodger/guest"
)

// An Agent is one machine's part of the fleet.
type Agent struct {
	Name   string
	Shares []Share

	// Hash reads files. It is for tests; if it is nil, a finder.Reader reads them.
	Hash func(ctx context.Context, reads []finder.Read, tell func(bytes int64)) ([]finder.Hashed, error)

	link     *wire.Link
	over     map[string]bool // the runs that are over
	answered map[string]bool // the runs that are not over, and have answers of this agent
	doing    map[*work]struct{}
	status   status
}

// A work is a job in progress. The goroutines that read files write the counters.
type work struct {
	*wire.Task
	share          Share
	bytes, folders atomic.Int64
	files, size    atomic.Int64
	steps          atomic.Int64 // counts any progress
	cancel         context.CancelCauseFunc
}

// Run does jobs until ctx is done. Must be called in a task. Waits.
func (a *Agent) Run(ctx context.Context, link *wire.Link) error {
	a.link, a.over, a.answered, a.doing = link, map[string]bool{}, map[string]bool{}, map[*work]struct{}{}
	return guest.Scope(ctx, func(ctx context.Context) error {
		guest.Go(ctx, a.follow)
		a.report(ctx)
		for _, share := range a.Shares {
			guest.Go(ctx, func(ctx context.Context) error { return a.serve(ctx, share) })
		}
		return nil
	})
}

// serve does the jobs of a share, one at a time, because a disk is fastest that way.
func (a *Agent) serve(ctx context.Context, share Share) error {
	queue, err := guest.Background(ctx, func(ctx context.Context) (*wire.Queue, error) {
		return a.link.Queue(ctx, share.Name, share.Standby)
	})
	for err == nil {
		var task *wire.Task
		task, err = guest.Background(ctx, queue.Take)
		switch {
		case ctx.Err() != nil:
			return err
		case err != nil: // there was no job, or the servers are unreachable
			err = guest.Sleep(ctx, 50*time.Millisecond)
		default:
			err = a.do(ctx, &work{Task: task, share: share})
		}
	}
	return err
}

// do does a job, unless its run has been cancelled. A job leaves the queue only when its answer
// is in the stream. So if the agent dies before that, another agent gets the job.
func (a *Agent) do(ctx context.Context, w *work) error {
	whileOn, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	w.cancel = cancel
	a.doing[w] = struct{}{}
	beat := guest.Every(ctx, a.link.AckWait/3, w.beat(w.Busy), nil)
	err := errRunOver
	if !a.over[w.Run] {
		var answers []wire.Answer
		if answers, err = a.answers(whileOn, w); err == nil {
			err = a.say(ctx, whileOn, w, answers)
		}
	}
	beat.Cancel(nil)
	delete(a.doing, w)
	a.status.did(w)
	switch {
	case ctx.Err() != nil:
		return err // the job stays in the queue
	case err != nil && !a.over[w.Run]:
		slog.Warn("fleet: a job failed; another agent will get it", "job", w.ID, "error", err)
		return nil
	}
	if err := w.Done(); err != nil {
		slog.Warn("fleet: a finished job will be done again", "job", w.ID, "error", err)
	}
	return nil
}

// say publishes answers to the stream, until whileOn is done. The one that is under way is
// finished, so that it can be dropped afterwards. Must be called in a task. Waits.
func (a *Agent) say(ctx, whileOn context.Context, w *work, answers []wire.Answer) error {
	err := guest.BackgroundFunc(ctx, func(ctx context.Context) error {
		for _, answer := range answers {
			if whileOn.Err() != nil {
				return context.Cause(whileOn)
			}
			if err := a.link.Answer(ctx, w.Run, answer); err != nil {
				return err
			}
			w.steps.Add(1)
		}
		return nil
	})
	if a.over[w.Run] {
		a.drop(ctx, w.Run)
	} else {
		a.answered[w.Run] = true
	}
	return err
}

// beat keeps a job from going to another agent while the job makes progress. A job that makes
// none, because a disk does not answer, goes to another agent.
func (w *work) beat(busy func() error) func(context.Context) error {
	before := int64(0)
	return func(context.Context) error {
		if steps := w.steps.Load(); steps != before {
			before = steps
			_ = busy() // if the servers are away, an error does not help
		}
		return nil
	}
}
