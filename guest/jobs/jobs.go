// Package jobs keeps a set of named functions that run by the clock: once or again and again,
// with time-outs, retries and a history. It is a thin layer on guest.After and guest.Every; a
// program that only wants something done every minute needs no more than those.
//
//	set := jobs.New(ctx)
//	often := &jobs.Options{Every: time.Hour, Retry: &flow.RetryPolicy{Attempts: 4}}
//	mail := set.Add("mail", fetch, often)
//	err := set.RunNow(mail).Wait(ctx) // now, and not only in an hour
//
// Jobs run as tasks on the UI thread, so they may touch the window; what takes long goes
// through guest.Background. In a testing/synctest bubble the time is virtual.
//
// # Which call for what
//
//   - To change when a job runs: [Set.Pause], [Set.Resume], [Set.Remove], [Set.RunNow].
//   - To stop the run that goes on, and keep the job: [Set.CancelRun], or Cancel on the task
//     that RunNow returned.
//   - To learn of results: Wait on that task for one run, [Set.Listen] for all, [Set.Jobs] for
//     the past.
//   - To end a set in order: [Set.Close], which lets the runs go on to their end. To end it at
//     once: cancel the context that it was made with.
//
// # Whose the jobs are
//
// Jobs are tasks of the guest itself, as those of (*guest.Guest).Go are. So they keep neither
// the program nor any scope alive: when main and its tasks have ended, they are cancelled. A
// set ends before that when its context is done: when the window that it belongs to has closed,
// for example. Its runs are cancelled then, and may still unwind when the scope of that context
// has ended; Close waits for them.
//
// # Errors
//
// A failure of a run is told once: to the listeners and to whoever waits for that run; if there
// is neither, to guest.Options.OnError, or the log. A run that was cancelled, and says so, has
// not failed.
package jobs

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/internal/bridge"
)

var (
	// ErrRemoved is the cause of the cancellation of a run whose job was removed.
	ErrRemoved = errors.New("jobs: the job was removed from its set")

	// ErrNoJob: the set has no such job; it was removed, or has run once, as it was to.
	ErrNoJob = errors.New("jobs: the set has no such job")

	// ErrClosed: the set was closed, or its context is done; it takes no job and begins no run.
	ErrClosed = errors.New("jobs: the set is closed; make one with a context that lives as long as its jobs should")
)

// A Set is a set of jobs. Its methods may be called from any goroutine, and only Close waits.
// New makes one.
type Set struct {
	ctx   context.Context // of no scope
	guest *guest.Guest
	over  *guest.Future[struct{}] // the set is closed, and nothing runs any more

	mu        sync.Mutex
	closed    bool
	busy      int // jobs that run
	last      ID
	jobs      []*job // in the order added
	listeners []listener
}

// An ID names a job in its set. It is not used again.
type ID int

// New returns an empty set. Its jobs get the values and the cancellation of ctx; when ctx is
// done, because it was cancelled or its scope has ended, the set is closed. Any goroutine. Never
// waits. New panics if ctx was not made by a guest.
func New(ctx context.Context) *Set {
	g, ok := guest.FromContext(ctx)
	if !ok {
		panic("jobs: New called with a context that no guest made; pass the context of a task")
	}
	s := &Set{ctx: ctx, guest: g, over: guest.NewFuture[struct{}]()}
	context.AfterFunc(ctx, func() { s.lock(); s.mu.Unlock() })
	return s
}

// lock takes the lock, and closes a set whose time is over.
func (s *Set) lock() {
	s.mu.Lock()
	if s.ctx.Err() != nil || bridge.Over(s.guest) { // its context may be shielded
		s.close()
	}
}

// Add puts a job into the set and starts its clock. Any goroutine. Never waits. A closed set
// takes no more: the ID is 0, which names no job, and the refusal, which matches ErrClosed,
// goes to guest.Options.OnError, or the log. Add panics if fn is nil, or an option is negative.
func (s *Set) Add(name string, fn func(ctx context.Context) error, opts *Options) ID {
	if fn == nil {
		panic("jobs: Add called with a nil function; pass the function to run")
	}
	checked := opts.checked()
	s.lock()
	defer s.mu.Unlock()
	if s.closed {
		s.report(fmt.Errorf("jobs: %q was not added: %w", name, ErrClosed))
		return 0
	}
	s.last++
	j := &job{set: s, id: s.last, name: name, fn: fn, opts: checked, state: Waiting}
	j.ctx, j.cancel = context.WithCancelCause(context.WithValue(s.ctx, &jobKey, j))
	s.jobs = append(s.jobs, j)
	j.tell(Added)
	if j.opts.Paused {
		j.state = Paused
	} else {
		j.start()
	}
	return j.id
}

// Remove takes the job out of the set: no run of it begins any more, and one that has begun is
// cancelled with ErrRemoved. Its end is told before Removed is. Any goroutine. Never waits.
// Remove reports false if there is no such job.
func (s *Set) Remove(id ID) bool {
	return s.change(id, func(j *job) bool {
		j.retire(ErrRemoved)
		j.cancel(ErrRemoved)
		return true
	})
}

// report leaves an error to what is done with unobserved ones. It reports false if
// the guest is at its end, and takes nothing more.
func (s *Set) report(err error) bool {
	return s.guest.Go(func(context.Context) error { return err }).Err() == nil
}

// find returns a job of the set, or nil. The lock is held.
func (s *Set) find(id ID) *job {
	i := slices.IndexFunc(s.jobs, func(j *job) bool { return j.id == id })
	if i < 0 {
		return nil
	}
	return s.jobs[i]
}

// change calls do with a job, under the lock.
func (s *Set) change(id ID, do func(j *job) bool) bool {
	s.lock()
	defer s.mu.Unlock()
	j := s.find(id)
	return j != nil && do(j)
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

// Jobs lists the jobs, in the order in which they were added. Any goroutine. Never waits. A job
// that has left the set is not listed, also while its last run unwinds.
func (s *Set) Jobs() []Info {
	s.lock()
	defer s.mu.Unlock()
	list := make([]Info, 0, len(s.jobs))
	for _, j := range s.jobs {
		info := Info{ID: j.id, Name: j.name, State: j.state, Runs: j.runs, History: slices.Clone(j.history)}
		if j.running != nil {
			info.State = Running
		}
		list = append(list, info)
	}
	return list
}
