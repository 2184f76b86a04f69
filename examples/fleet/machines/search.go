package machines

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/golodger/lodger/examples/dupes/finder"
	"github.com/golodger/lodger/examples/fleet/wire"
	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/flow"
)

// A search is the UI thread's part of one search: the finder's Disk. All its methods run on the
// UI thread.
type search struct {
	fleet   *Fleet
	id      string
	shares  []string
	index   map[string]int // position of each share
	jobs    int
	asked   map[string]*asked // the jobs without a complete answer, by their IDs
	answers *flow.Mailbox[wire.Answer]
	lose    context.CancelCauseFunc // any goroutine
}

func newSearch(f *Fleet, id string, shares []string) *search {
	s := &search{fleet: f, id: id, shares: shares, index: map[string]int{}, asked: map[string]*asked{},
		answers: flow.NewMailbox[wire.Answer](&flow.MailboxOptions{Limit: 256})}
	for i, share := range shares {
		s.index[share] = i
	}
	return s
}

// ErrLost is the error of a search whose data the servers have lost.
var ErrLost = errors.New("fleet: the servers have lost the search; start it again")

// run is the whole search. The agents are told when it ends, for whatever reason. That is a
// clean-up, so it can wait even if ctx is done.
func (s *search) run(ctx context.Context, changed func(*finder.Model)) (*finder.Result, error) {
	ctx, s.lose = context.WithCancelCause(ctx)
	defer s.lose(nil)
	var result *finder.Result
	err := guest.Scope(ctx, func(ctx context.Context) error {
		if err := guest.Cleanup(ctx, s.end); err != nil {
			return err
		}
		if err := guest.BackgroundFunc(ctx, s.open); err != nil {
			return err
		}
		s.fleet.searches[s] = true
		defer delete(s.fleet.searches, s)
		hearing := guest.Go(ctx, s.hear)
		defer hearing.Cancel(nil)
		var err error
		result, err = finder.RunOn(ctx, s, s.shares, changed)
		return err
	})
	switch {
	case result == nil: // the search has not begun
		result = &finder.Result{Roots: s.shares, Cancelled: ctx.Err() != nil}
	case !result.Cancelled && ctx.Err() != nil:
		return result, nil // the cancellation came too late
	}
	if context.Cause(ctx) == ErrLost {
		err = ErrLost
	}
	return result, err
}

// open lets the agents work, and subscribes to their answers, until the scope of ctx ends. Must
// be called on a goroutine.
func (s *search) open(ctx context.Context) error {
	if err := s.fleet.link.StartRun(ctx, s.id); err != nil {
		return err
	}
	// if the mailbox is full, the client's goroutine waits, and so do the servers
	sending, cancel := context.WithCancel(context.Background())
	stop, err := s.fleet.link.Answers(ctx, s.id, func(a wire.Answer) {
		_, _ = s.answers.Send(sending, a) // fails when the search is over
	}, func() { s.lose(ErrLost) })
	if err != nil {
		cancel()
		return err
	}
	// here, so that it ends even if ctx is done meanwhile
	return guest.Cleanup(ctx, func(context.Context) { cancel(); stop() })
}

// end stops the agents.
func (s *search) end(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	err := guest.BackgroundFunc(ctx, func(ctx context.Context) error { return s.fleet.link.EndRun(ctx, s.id) })
	if err != nil {
		slog.Warn("fleet: the servers are away; agents stop when they are back", "error", err)
		// goes on until the servers are back, or the link is closed
		go func() { _ = s.fleet.link.EndRun(context.Background(), s.id) }()
	}
}

// hear passes each answer to the job that waits for it. It ignores an answer that is a
// repetition or comes too late.
func (s *search) hear(ctx context.Context) error {
	for batch, err := range s.answers.Batches(ctx) {
		if err != nil {
			return err
		}
		for _, a := range batch {
			if asked := s.asked[a.Job]; asked != nil {
				asked.hear(a)
			}
		}
	}
	return nil
}

// ask lets an agent do a job, and waits for the answer. Must be called in a task. Waits.
func (s *search) ask(ctx context.Context, j wire.Job, tell func(wire.Doing)) ([]wire.Answer, error) {
	s.jobs++
	j.Run, j.ID = s.id, fmt.Sprint(s.jobs)
	asked := newAsked(tell)
	s.asked[j.ID] = asked
	defer delete(s.asked, j.ID)
	err := guest.BackgroundFunc(ctx, func(ctx context.Context) error { return s.fleet.link.Ask(ctx, j) })
	if err != nil {
		return nil, err
	}
	return asked.whole.Wait(ctx)
}

// progress processes the statuses of agents.
func (s *search) progress(status wire.Status) {
	for _, doing := range status.Doing {
		if asked := s.asked[doing.Job]; doing.Run == s.id && asked != nil {
			asked.tell(doing)
		}
	}
}

// Readers returns how many chunks are sent out at a time: two for each share of each agent, so
// that no agent waits for the network.
func (s *search) Readers() int {
	n := 0
	for _, a := range s.fleet.Agents() {
		if !a.Lost {
			n += len(a.Shares)
		}
	}
	return 2*n + 2
}
