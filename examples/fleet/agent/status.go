package agent

import (
	"cmp"
	"context"
	"os"
	"slices"
	"time"

	"github.com/golodger/lodger/examples/fleet/wire"
	"github.com/golodger/lodger/guest"
)

// How often an agent reports: while it works, and while it is idle.
const (
	busyEvery = 100 * time.Millisecond
	idleEvery = time.Second
)

// A status is the agent's latest report, and when it was sent.
type status struct {
	wire.Status
	news bool
	told time.Time
}

// did counts a finished job.
func (s *status) did(w *work) {
	s.Jobs++
	s.Bytes += w.bytes.Load()
	s.news = true
}

// report publishes the agent's status repeatedly.
func (a *Agent) report(ctx context.Context) {
	a.status = status{Status: wire.Status{Agent: a.Name, Started: time.Now().Round(0), PID: os.Getpid()}}
	for _, s := range a.Shares {
		a.status.Shares = append(a.status.Shares, s.Name)
	}
	guest.Every(ctx, busyEvery, func(context.Context) error {
		if now := time.Now(); a.status.news || len(a.doing) > 0 || now.Sub(a.status.told) >= idleEvery {
			a.status.news, a.status.told = false, now
			a.tell()
		}
		return nil
	}, nil)
}

func (a *Agent) tell() {
	a.status.Number++
	s := a.status.Status
	s.Said = time.Now()
	for w := range a.doing {
		s.Bytes += w.bytes.Load()
		s.Doing = append(s.Doing, wire.Doing{Run: w.Run, Job: w.ID, Share: w.share.Name, Bytes: w.bytes.Load(),
			Folders: w.folders.Load(), Found: wire.Tally{Files: w.files.Load(), Bytes: w.size.Load()}})
	}
	slices.SortFunc(s.Doing, func(x, y wire.Doing) int { return cmp.Compare(x.Share, y.Share) })
	_ = a.link.Tell(s) // the next status replaces it anyway
}
