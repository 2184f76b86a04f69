package jobs

import (
	"context"
	"slices"
)

// A Kind says what has happened to a job.
type Kind string

// The kinds of events.
const (
	Added Kind = "added"
	// a run; Succeeded, Failed or Cancelled follows, unless the listener's context is done by
	// then
	Began     Kind = "began"
	Succeeded Kind = "succeeded" // a run without an error
	Failed    Kind = "failed"    // a run whose last attempt failed
	Cancelled Kind = "cancelled" // a run that was cancelled and returned that error; not a failure
	PausedNow Kind = "paused"
	Resumed   Kind = "resumed"
	Removed   Kind = "removed" // from the set, or done, if it runs only once; the job's last event
)

// An Event is something that has happened to a job.
type Event struct {
	Kind Kind
	Job  ID
	Name string
	Run  Run // of Succeeded, Failed and Cancelled
}

type listener struct {
	ctx context.Context
	fn  func(Event)
}

// Listen calls fn for each event from now on, until ctx is done. The calls come in order, on the
// UI thread, outside any task. Listen panics if fn or ctx is nil. Any goroutine. Never waits.
//
// A panic in fn goes to guest.Options.OnError, or to the log. While there is no listener, failed
// runs go there, too, unless a task waits for the run.
func (s *Set) Listen(ctx context.Context, fn func(Event)) {
	if fn == nil {
		panic("jobs: Listen called with a nil function; pass the function to call")
	}
	if ctx == nil {
		panic("jobs: Listen called with a nil context; pass one that ends when fn should get no more events")
	}
	s.lock()
	defer s.mu.Unlock()
	s.listeners = append(s.listeners, listener{ctx, fn})
}

// tell sends an event to the listeners. The lock is held, so events come in the order in which
// they happen.
func (j *job) tell(kind Kind) { j.tellRun(kind, Run{}) }

// tellRun is tell for the end of a run. It returns the number of listeners.
func (j *job) tellRun(kind Kind, r Run) int {
	s, e := j.set, Event{Kind: kind, Job: j.id, Name: j.name, Run: r}
	s.listeners = slices.DeleteFunc(s.listeners, func(l listener) bool { return l.ctx.Err() != nil })
	for _, l := range s.listeners {
		_ = s.guest.Post(func() {
			if l.ctx.Err() == nil {
				l.fn(e)
			}
		})
	}
	return len(s.listeners)
}
