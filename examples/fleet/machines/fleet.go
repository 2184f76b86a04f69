package machines

import (
	"context"
	"errors"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/golodger/lodger/examples/dupes/finder"
	"github.com/golodger/lodger/examples/fleet/wire"
	"github.com/golodger/lodger/guest"
)

// A Fleet is all machines that agents run on, seen from a program that searches them.
type Fleet struct {
	*Roster
	link     *wire.Link
	searches map[*search]bool // those that go on
}

// New returns the fleet behind a link. Any goroutine.
func New(link *wire.Link) *Fleet {
	f := &Fleet{NewRoster(), link, map[*search]bool{}}
	f.heard = func(status wire.Status) {
		for s := range f.searches {
			s.progress(status)
		}
	}
	return f
}

// Follow keeps the roster up to date until ctx is done. In a task. Waits.
func (f *Fleet) Follow(ctx context.Context) error {
	stop, err := f.link.Statuses(f.Put)
	if err != nil {
		return err
	}
	defer stop()
	return f.Roster.Follow(ctx)
}

// ErrNoAgents is the error of a search that no agent had folders for.
var ErrNoAgents = errors.New("fleet: there is no agent, or none has folders; start some with -agent")

// Meet waits until agents have been heard that have all these shares between them, or for the
// patience given; then it returns the shares that there are. With none given, it waits for the
// patience anyway, and returns all. In a task. Waits.
func (f *Fleet) Meet(ctx context.Context, shares []string, patience time.Duration) ([]string, error) {
	for end := time.Now().Add(patience); ; {
		if len(shares) > 0 && missing(shares, f.Shares()) == "" {
			return shares, nil
		}
		if time.Now().After(end) {
			break
		}
		if err := guest.Sleep(ctx, frame); err != nil {
			return nil, err
		}
	}
	if len(shares) > 0 {
		return shares, nil // their agents may come later
	}
	if shares = f.Shares(); len(shares) == 0 {
		return nil, ErrNoAgents
	}
	return shares, nil
}

// missing is the first of the shares wanted that is not there.
func missing(wanted, there []string) string {
	have := map[string]bool{}
	for _, s := range there {
		have[s] = true
	}
	for _, s := range wanted {
		if !have[s] {
			return s
		}
	}
	return ""
}

// Search is finder.Run for the fleet. In a task. Waits.
//
// Jobs of an agent that dies go to another one that has the share. If there is none, the search
// waits until there is. When ctx is done, all agents stop, and the result is what was found so far.
func (f *Fleet) Search(ctx context.Context, shares []string, changed func(*finder.Model)) (*finder.Result, error) {
	s := newSearch(f, nats.NewInbox()[len(nats.InboxPrefix):], shares)
	return s.run(ctx, changed)
}
