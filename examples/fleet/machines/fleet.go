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

// Meet waits until agents have been heard that have all these shares between them, but not for
// long: they may come later. With no shares given it waits as long anyway, and then returns all
// that there are. In a task. Waits.
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

// patience is for how long Meet waits; agents say something every second.
const patience = 3 * time.Second

// all reports whether there are all the shares wanted.
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

// Search is finder.Run for the fleet. In a task. Waits.
//
// Jobs of an agent that dies go to another one that has the share. If there is none, the search
// waits until there is. When ctx is done, all agents stop, and the result is what was found so
// far.
func (f *Fleet) Search(ctx context.Context, shares []string, changed func(*finder.Model)) (*finder.Result, error) {
	s := newSearch(f, nats.NewInbox()[len(nats.InboxPrefix):], shares)
	return s.run(ctx, changed)
}
