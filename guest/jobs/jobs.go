// Package jobs runs named functions by the clock, once or repeatedly, with time-outs, retries
// and a history. It is a thin layer on guest.After and guest.Every. If you only want something
// done every minute, those are enough.
//
//	set := jobs.New(ctx)
//	often := &jobs.Options{
//		Every: time.Hour, Delay: time.Hour, // the first run is not at once, either
//		Retry: &flow.RetryPolicy{Attempts: 4},
//	}
//	mail := set.Add("mail", fetch, often)
//	err := set.RunNow(mail).Wait(ctx) // now, and not only in an hour
//
// Jobs run as tasks on the UI thread, so they may touch the window. Put slow work into
// guest.Background. In a testing/synctest bubble the time is virtual.
//
// # Which call do I want?
//
//   - To change when a job runs: [Set.Pause], [Set.Resume], [Set.Remove], [Set.RunNow].
//   - To stop the current run and keep a repeated job: [Set.CancelRun], or Cancel on the task that
//     RunNow returned.
//   - To learn results: Wait on that task for one run, [Set.Listen] for all runs, [Set.Jobs]
//     for the past.
//   - To end a set in order: [Set.Close], which lets the current runs finish. To end it at
//     once: cancel the context that you passed to [New].
//
// # Lifetime
//
// Jobs are tasks of the guest itself, as those of (*guest.Guest).Go are. So they keep neither
// the program nor any scope alive: when main and its tasks have ended, the guest cancels the
// jobs. A set ends earlier if its context is done, for example when its window has closed. Its
// runs are then cancelled. They may still unwind after the scope of that context has ended;
// Close waits for them.
//
// # Errors
//
// The failure of a run goes to the listeners and to the tasks of RunNow that share the run. If
// there are no listeners, such a task fails as any task of Guest.Go does: the failure goes to
// the code that waits for it, or else to guest.Options.OnError, or to the log. A run that no
// call of RunNow has asked for reports there itself. A run that was
// cancelled and returns the cancellation error has not failed.
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

	// ErrNoJob: the set has no such job. It was removed, or it was a job for one run and has
	// run.
	ErrNoJob = errors.New("jobs: the set has no such job")

	// ErrClosed: the set was closed, its context is done, or its guest has ended. It takes no jobs
	// and begins no runs.
	ErrClosed = errors.New("jobs: the set is closed; make one with a context that lives as long as its jobs")
)

// A Set is a set of jobs. New makes one. You may call its methods on any goroutine. Only Close
// waits.
type Set struct {
	ctx   context.Context // of New: the values and the cancellation of the jobs
	guest *guest.Guest
	over  *guest.Future[struct{}] // settled when the set is closed and no run goes on

	mu        sync.Mutex
	closed    bool
	busy      int // jobs that run
	last      ID
	jobs      []*job // in the order added
	listeners []listener
}

// An ID names a job in its set. A set never uses an ID twice.
type ID int

// New returns an empty set. Its jobs get the values and the cancellation of ctx. When ctx is
// done, or its scope or its guest has ended, the set is closed. New panics if ctx does not come
// from a guest. Any goroutine. Never waits.
func New(ctx context.Context) *Set {
	g, ok := guest.FromContext(ctx)
	if !ok {
		panic("jobs: New called with a context without a guest; pass the context of a task")
	}
	s := &Set{ctx: ctx, guest: g, over: guest.NewFuture[struct{}]()}
	context.AfterFunc(ctx, func() { s.lock(); s.mu.Unlock() })
	return s
}

// lock takes the lock. It closes the set if its context is done or the guest is over.
func (s *Set) lock() {
	s.mu.Lock()
	if s.ctx.Err() != nil || bridge.Over(s.guest) { // its context may be shielded
		s.close()
	}
}

// Add puts a job into the set and starts its clock. A closed set takes no more jobs: Add then
// returns the ID 0, which names no job, and an error that matches ErrClosed goes to
// guest.Options.OnError, or to the log, unless the guest is just ending. Add panics if fn is
// nil or an option is negative. Any goroutine. Never waits.
func (s *Set) Add(name string, fn func(ctx context.Context) error, opts *Options) ID {
	if fn == nil {
		panic("jobs: Add called with a nil function; pass the function to run")
	}
	checked := opts.checked()
	id := s.add(name, fn, checked)
	if id == 0 {
		s.report(fmt.Errorf("jobs: %q was not added: %w", name, ErrClosed))
	}
	return id
}

func (s *Set) add(name string, fn func(ctx context.Context) error, opts Options) ID {
	s.lock()
	defer s.mu.Unlock()
	if s.closed {
		return 0
	}
	s.last++
	j := &job{set: s, id: s.last, name: name, fn: fn, opts: opts, state: Waiting}
	j.ctx, j.cancel = context.WithCancelCause(context.WithValue(s.ctx, &jobKey, j))
	s.jobs = append(s.jobs, j)
	j.tell(Added)
	if opts.Paused {
		j.state = Paused
	} else {
		j.start()
	}
	return j.id
}

// Remove takes the job out of the set. No more runs begin, and a run that has begun is cancelled
// with ErrRemoved. Listeners get the run's end before Removed. Remove returns false if there is
// no such job. Any goroutine. Never waits.
func (s *Set) Remove(id ID) bool {
	return s.change(id, func(j *job) bool {
		j.retire(ErrRemoved)
		j.cancel(ErrRemoved)
		return true
	})
}

// report hands an error to the guest as an unobserved one. The caller does not hold the lock: if
// the guest has ended, it logs, and a log handler may call the set.
func (s *Set) report(err error) { s.guest.Go(func(context.Context) error { return err }) }

// find returns a job of the set, or nil. The lock is held.
func (s *Set) find(id ID) *job {
	i := slices.IndexFunc(s.jobs, func(j *job) bool { return j.id == id })
	if i < 0 {
		return nil
	}
	return s.jobs[i]
}

// change calls do with the job, under the lock.
func (s *Set) change(id ID, do func(j *job) bool) bool {
	s.lock()
	defer s.mu.Unlock()
	j := s.find(id)
	return j != nil && do(j)
}

// A State is what a job is doing.
type State string

// The states of a job.
const (
	Waiting State = "waiting" // for its next time
	Running State = "running"
	Paused  State = "paused"

	gone State = "gone" // has left the set
)

// Info describes a job.
type Info struct {
	ID      ID
	Name    string
	State   State
	Runs    int   // so far
	History []Run // the latest runs, the newest last
}

// Jobs lists the jobs in the order in which they were added. A job that has left the set is not
// listed, even while its last run unwinds. Any goroutine. Never waits.
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
