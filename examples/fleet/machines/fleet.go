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

// A Fleet represents all machines with agents, for a program that searches them.
type Fleet struct {
	*Roster
	link     *wire.Link
	searches map[*search]bool // the running searches
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

// Follow keeps the roster up to date until ctx is done. Must be called in a task. Waits.
func (f *Fleet) Follow(ctx context.Context) error {
	stop, err := f.link.Statuses(f.Put)
	if err != nil {
		return err
	}
	defer stop()
	return f.Roster.Follow(ctx)
}

// ErrNoAgents is the error of a search without any agent that has folders.
var ErrNoAgents = errors.New("fleet: no agent has folders; start agents with -agent")

// Meet waits until every one of these shares has an agent. It waits only for a short time,
// because agents may still come later. If shares is empty, Meet waits for that time and returns
// all shares that agents have. Must be called in a task. Waits.
func (f *Fleet) Meet(ctx context.Context, shares []string) ([]string, error) {
	for end := time.Now().Add(patience); time.Now().Before(end); {
		if len(shares) > 0 && all(shares, f.Shares()) {
			return shares, nil
		}
		if err := guest.Sleep(ctx, frame); err != nil {
			return nil, err
		}
	}
	if len(shares) == 0 {
		shares = f.Shares()
	}
	if len(shares) == 0 {
		return nil, ErrNoAgents
	}
	return shares, nil
}

// patience is how long Meet waits. Agents report every second.
const patience = 3 * time.Second

// all reports whether all wanted shares are there.
func all(wanted, there []string) bool {
	have := map[string]bool{}
	for _, s := range there {
		have[s] = true
	}
	for _, s := range wanted {
		if !have[s] {
			return false
		}
	}
	return true
}

// Search is finder.Run for the fleet. Must be called in a task. Waits.
//
// If an agent dies, another one that has the share gets its jobs. If there is none, the search
// waits until there is one. When ctx is done, all agents stop, and the result contains what was
// found so far.
func (f *Fleet) Search(ctx context.Context, shares []string, changed func(*finder.Model)) (*finder.Result, error) {
	s := newSearch(f, nats.NewInbox()[len(nats.InboxPrefix):], shares)
	return s.run(ctx, changed)
}
