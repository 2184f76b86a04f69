package jobs

import (
	"context"
	"reflect"
	"slices"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/internal/bridge"
)

// The lock of the set guards a job's fields from state on.
type job struct {
	set    *Set
	id     ID
	name   string
	fn     func(ctx context.Context) error
	opts   Options
	ctx    context.Context
	cancel context.CancelCauseFunc

	state   State // of the clock; a run may go on in any state
	clock   *guest.Task
	rhythm  int        // numbers the clocks; changes when one starts or stops
	running *running   // nil between runs
	asked   []*request // calls of RunNow whose run has not begun
	runs    int
	history []Run
}

// task starts fn as a task of the guest itself, with the job's context. The lock is held, so the
// guest does not log if it has ended just now.
func (j *job) task(fn func(ctx context.Context) error) *guest.Task {
	pc := reflect.ValueOf(j.fn).Pointer()
	return bridge.Go(j.ctx, bridge.Start{Run: fn, PC: pc, Own: true, Quiet: true}).(*guest.Task)
}

// report hands a failure to the guest as an unobserved one, under the name of the job's
// function. It returns false if the guest has ended and takes no more.
func (j *job) report(err error) bool {
	run := func(context.Context) error { return j.named(err) }
	ctx, pc := context.WithoutCancel(j.ctx), reflect.ValueOf(j.fn).Pointer()
	return bridge.Accepted(bridge.Go(ctx, bridge.Start{Run: run, PC: pc, Own: true}))
}

// start starts the clock. The lock is held.
func (j *job) start() {
	j.rhythm++
	rhythm := j.rhythm
	run := func(ctx context.Context) error { return j.run(ctx, rhythm) }
	// each of these tasks ends with its child; meanwhile it holds no stack
	j.clock = j.task(func(ctx context.Context) error {
		guest.After(ctx, j.opts.Delay, func(ctx context.Context) error {
			if j.opts.Every > 0 {
				guest.Every(ctx, j.opts.Every, run, &guest.EveryOptions{
					Now: true, AfterEnd: j.opts.AfterEnd, Jitter: j.opts.Jitter, Rand: j.opts.Rand,
				})
				return nil
			}
			return run(ctx)
		})
		return nil
	})
}

// stop stops the clock. The lock is held.
func (j *job) stop() {
	if j.clock != nil {
		j.clock.Cancel(nil)
		j.clock = nil
		j.rhythm++
	}
}

// Pause stops the job's clock: the clock begins no more runs. A run that has begun goes on, and
// a run that RunNow has asked for still comes. Pause returns false if there is no such job, or
// if it is paused already. Any goroutine. Never waits.
func (s *Set) Pause(id ID) bool {
	return s.change(id, func(j *job) bool {
		if j.state == Paused {
			return false
		}
		j.state = Paused
		if j.running == nil { // or when the run ends, which may be a part of the clock's task
			j.stop()
		}
		j.tell(PausedNow)
		return true
	})
}

// Resume starts the clock of a paused job again, with Options.Delay before the first run. If a
// run that began before Pause still goes on, its clock continues instead. Resume returns false
// if there is no such job, or if it is not paused. Any goroutine. Never waits.
func (s *Set) Resume(id ID) bool {
	return s.change(id, func(j *job) bool {
		if j.state != Paused {
			return false
		}
		if j.state = Waiting; j.clock == nil {
			j.start()
		}
		j.tell(Resumed)
		return true
	})
}

// retire takes the job out of the set. A run that has begun goes on, without further attempts.
// The lock is held.
func (j *job) retire(why error) {
	s := j.set
	s.jobs = slices.DeleteFunc(s.jobs, func(other *job) bool { return other == j })
	j.state = gone
	j.takeBack(why)
	if j.running != nil {
		j.running.giveUp()
		return // the rest when the run has ended
	}
	j.cancel(why)
	j.tell(Removed)
}
