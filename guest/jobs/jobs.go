// Package jobs keeps a set of named functions that run by the clock: once or again and again,
// with time-outs, retries and a history. It is a thin layer on guest.After and guest.Every; a
// program that only wants something done every minute needs no more than those.
//
// Jobs run as tasks on the UI thread, so they may touch the window; what takes long goes
// through guest.Background. In a testing/synctest bubble the time is virtual.
package jobs

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/golodger/lodger/guest"
)

// A Set is a set of jobs. Its methods may be called from any goroutine, and never wait. New
// makes one.
type Set struct {
	ctx   context.Context
	guest *guest.Guest

	mu        sync.Mutex
	last      ID
	jobs      []*job // in the order added
	listeners []listener
}

// An ID names a job in its set. It is not used again.
type ID int

// ErrRemoved is the cause of the cancellation of a job that was removed while it ran.
var ErrRemoved = errors.New("jobs: the job was removed from its set")

// New returns an empty set, whose jobs are tasks of the innermost scope of ctx: they end with
// it, and it with them. When ctx is done, the set is empty for good. New panics if ctx was not
// made by a guest.
func New(ctx context.Context) *Set {
	g, ok := guest.FromContext(ctx)
	if !ok {
		panic("jobs: New called with a context that no guest made; pass the context of a task")
	}
	s := &Set{ctx: ctx, guest: g}
	context.AfterFunc(ctx, func() { s.lock(); s.mu.Unlock() })
	return s
}

// lock takes the lock, and empties a set whose time is over.
func (s *Set) lock() {
	s.mu.Lock()
	if s.ctx.Err() != nil {
		for len(s.jobs) > 0 {
			s.jobs[0].remove()
		}
	}
}

// A job's fields from state on are guarded by the lock of its set.
type job struct {
	set    *Set
	id     ID
	name   string
	fn     func(ctx context.Context) error
	opts   Options
	ctx    context.Context
	cancel context.CancelCauseFunc

	state   State // of the clock; a run may go on in any of them
	clock   *guest.Task
	rhythm  int // which clock; changed when one starts or stops
	running bool
	again   bool // RunNow was called during a run
	runs    int
	history []Run
}

var idKey int

// IDFrom returns the job that the function which got ctx runs for.
func IDFrom(ctx context.Context) (ID, bool) {
	id, ok := ctx.Value(&idKey).(ID)
	return id, ok
}

// Add puts a job into the set and starts its clock. When the set's context is done, it takes no
// more: the ID is 0, which names no job, and the refusal, which matches guest.ErrFinished, goes
// to guest.Options.OnError, or the log. Add panics if fn is nil, or an option is negative.
func (s *Set) Add(name string, fn func(ctx context.Context) error, opts *Options) ID {
	if fn == nil {
		panic("jobs: Add called with a nil function; pass the function to run")
	}
	checked := opts.checked()
	s.lock()
	defer s.mu.Unlock()
	if s.ctx.Err() != nil {
		s.lose(fmt.Errorf("jobs: %q was not added, for the set's context is done; make the set with one that lives longer: %w", name, guest.ErrFinished))
		return 0
	}
	s.last++
	j := &job{set: s, id: s.last, name: name, fn: fn, opts: checked, state: Waiting}
	j.ctx, j.cancel = context.WithCancelCause(context.WithValue(s.ctx, &idKey, j.id))
	s.jobs = append(s.jobs, j)
	j.tell(Added)
	if j.opts.Paused {
		j.state = Paused
	} else {
		j.start()
	}
	return j.id
}

// start starts the clock. The lock is held.
func (j *job) start() {
	j.rhythm++
	rhythm := j.rhythm
	run := func(ctx context.Context) error { return j.run(ctx, rhythm) }
	j.clock = guest.After(j.ctx, j.opts.Delay, func(ctx context.Context) error {
		if j.opts.Every > 0 {
			guest.Every(ctx, j.opts.Every, run, &guest.EveryOptions{
				Now: true, AfterEnd: j.opts.AfterEnd, Jitter: j.opts.Jitter, Rand: j.opts.Rand,
			})
			return nil // the task ends with its children
		}
		return run(ctx)
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

// Pause stops the job's clock: no run of it begins any more. A run that has begun goes on, and
// one that RunNow has asked for comes. It reports false if there is no such job, or it is
// paused already.
func (s *Set) Pause(id ID) bool {
	return s.change(id, func(j *job) bool {
		if j.state == Paused {
			return false
		}
		j.state = Paused
		if !j.running { // or when the run ends, which may be a part of the clock's task
			j.stop()
		}
		j.tell(PausedNow)
		return true
	})
}

// Resume starts the clock of a paused job anew, with Options.Delay before the first run. It
// reports false if there is no such job, or it is not paused.
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

// RunNow lets the job run soon, whatever its clock says, also while it is paused; if it runs
// already, once more right after that. A job that runs once leaves the set then, too. It
// reports false if there is no such job.
func (s *Set) RunNow(id ID) bool {
	return s.change(id, func(j *job) bool {
		if j.running {
			j.again = true
		} else {
			guest.Go(j.ctx, func(ctx context.Context) error { return j.run(ctx, now) })
		}
		return true
	})
}

// Remove takes the job out of the set: no run of it begins any more, and one that has begun is
// cancelled with ErrRemoved. Its end is told before Removed is. Remove reports false if there
// is no such job.
func (s *Set) Remove(id ID) bool {
	return s.change(id, func(j *job) bool { j.remove(); return true })
}

// remove takes the job out. The lock is held.
func (j *job) remove() {
	s := j.set
	s.jobs = slices.DeleteFunc(s.jobs, func(other *job) bool { return other == j })
	j.cancel(ErrRemoved)
	j.state = gone
	if !j.running { // or when the run has ended
		j.tell(Removed)
	}
}

// lose leaves an error to what is done with those that nobody observes.
func (s *Set) lose(err error) { s.guest.Go(func(context.Context) error { return err }) }

// change calls do with a job, under the lock.
func (s *Set) change(id ID, do func(j *job) bool) bool {
	s.lock()
	defer s.mu.Unlock()
	i := slices.IndexFunc(s.jobs, func(j *job) bool { return j.id == id })
	return i >= 0 && do(s.jobs[i])
}

// A State is what a job does.
type State string

// The states of a job.
const (
	Waiting State = "waiting" // for its time
	Running State = "running"
	Paused  State = "paused"

	gone State = "gone" // from the set
)

// Info is what is known of a job.
type Info struct {
	ID      ID
	Name    string
	State   State
	Runs    int   // so far
	History []Run // the last of them, the newest last
}

// Jobs lists the jobs, in the order in which they were added.
func (s *Set) Jobs() []Info {
	s.lock()
	defer s.mu.Unlock()
	list := make([]Info, 0, len(s.jobs))
	for _, j := range s.jobs {
		info := Info{ID: j.id, Name: j.name, State: j.state, Runs: j.runs, History: slices.Clone(j.history)}
		if j.running {
			info.State = Running
		}
		list = append(list, info)
	}
	return list
}
