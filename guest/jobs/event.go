package jobs

import (
	"context"
	"slices"
)

// A Kind is what has happened to a job.
type Kind string

// The kinds of events.
const (
	Added Kind = "added"
	// a run; Succeeded, Failed or Cancelled follows, if the listener's context is not done by then
	Began     Kind = "began"
	Succeeded Kind = "succeeded" // a run
	Failed    Kind = "failed"    // a run, with all its retries
	Cancelled Kind = "cancelled" // a run, which answered so; that is no failure
	PausedNow Kind = "paused"
	Resumed   Kind = "resumed"
	Removed   Kind = "removed" // or done, if it was to run once; the job's last event
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

// Listen lets fn be called for each event from now on, in order, on the UI thread, outside any
// task, until ctx is done. Any goroutine. Never waits. A panic in fn goes to
// guest.Options.OnError, or the log. Without a listener, the failure of a run that no code
// waits for goes there, too. Listen panics if fn or ctx is nil.
func (s *Set) Listen(ctx context.Context, fn func(Event)) {
	if fn == nil {
		panic("jobs: Listen called with a nil function; pass the function to call")
	}
	if ctx == nil {
		panic("jobs: Listen called with a nil context; pass one that is done when fn is to hear no more")
	}
	s.lock()
	defer s.mu.Unlock()
	s.listeners = append(s.listeners, listener{ctx, fn})
}

// tell tells an event. The lock is held: so events come in the order in which they happen.
func (j *job) tell(kind Kind) { j.tellRun(kind, Run{}) }

// tellRun is tell for the end of a run, and returns how many are told.
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
