package main

import (
	"context"
	"fmt"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/examples/dupes/finder"
	"github.com/golodger/lodger/examples/fleet/machines"
	"github.com/golodger/lodger/examples/fleet/wire"
	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/hosts/fyne/fynetest"
)

// played simulates a fleet without a network, in virtual time. To the window its agents look
// real. Each file takes ten seconds to read.
type played struct {
	*machines.Roster
	started time.Time
	number  int64
}

func newPlayed(ctx context.Context) *played {
	p := &played{Roster: machines.NewRoster(), started: time.Now()}
	guest.Go(ctx, p.Follow)
	return p
}

// says reports for an agent, on its own goroutine, like a client library.
func (p *played) says(agent string, doing ...wire.Doing) {
	p.number++
	s := wire.Status{Agent: agent, Started: p.started, Number: p.number, Shares: []string{agent}, Doing: doing}
	go p.Put(s)
}

func (p *played) Meet(ctx context.Context, shares []string) ([]string, error) {
	err := guest.Sleep(ctx, time.Second)
	if len(shares) == 0 {
		shares = p.Shares()
	}
	if err == nil && len(shares) == 0 {
		err = machines.ErrNoAgents
	}
	return shares, err
}

func (p *played) Search(ctx context.Context, shares []string, changed func(*finder.Model)) (*finder.Result, error) {
	return finder.RunOn(ctx, p, shares, changed)
}

func (p *played) List(ctx context.Context, shares []string, tell func(finder.Seen)) (files []finder.File, seen finder.Seen, err error) {
	for i, share := range shares {
		if err := guest.Sleep(ctx, time.Second); err != nil {
			return nil, seen, err
		}
		files = append(files, finder.File{Path: share + "/file", Size: 10, Number: uint64(i + 1)})
		seen.Found.Files++
		seen.Found.Bytes += 10
		tell(seen)
	}
	return files, seen, nil
}

func (p *played) Hash(ctx context.Context, reads []finder.Read, _ func(int64)) (hashed []finder.Hashed, err error) {
	for i := range reads {
		if err := guest.Sleep(ctx, 10*time.Second); err != nil {
			return hashed, err
		}
		hashed = append(hashed, finder.Hashed{Read: i, Sum: finder.Sum{1}, Bytes: 10})
	}
	return hashed, nil
}

func (p *played) Readers() int { return 1 }

// play opens the window of a played fleet.
func play(t *testing.T, story func(ctx context.Context, u *fynetest.User, p *played, killed func() string)) {
	playShares(t, []string{"photos", "music"}, story)
}

func playShares(t *testing.T, shares []string, story func(ctx context.Context, u *fynetest.User, p *played, killed func() string)) {
	fynetest.Run(t, func(ctx context.Context, a fyne.App) {
		v := open(ctx, a)
		p := newPlayed(ctx)
		name := ""
		guest.Go(ctx, func(ctx context.Context) error {
			if err := v.serve(ctx, p, shares, func(n string) bool { name = n; return true }); err != nil {
				return err
			}
			return guest.Park(ctx) // so the tasks that the user starts live on
		})
		story(ctx, fynetest.NewUser(ctx, t, v.window), p, func() string { return name })
		if g, ok := guest.FromContext(ctx); ok {
			g.Cancel(guest.ErrQuit)
		}
	}, nil)
}

func TestSearchOfAFleet(t *testing.T) {
	play(t, func(ctx context.Context, u *fynetest.User, p *played, _ func() string) {
		u.See("Waiting for agents")
		p.says("attic", wire.Doing{Share: "photos", Bytes: 5})
		u.See("1 of 1 agents")
		u.See("attic")
		u.Within(time.Minute).See("2 files searched")
		u.See("2 files of 10 B, 10 B wasted")
		u.See("photos/file")
		u.See("music/file")
		u.Tap("Search")
		u.Gone("photos/file")
		u.Within(time.Minute).See("2 files searched")
	})
}

func TestAgentThatFallsSilentIsLost(t *testing.T) {
	play(t, func(ctx context.Context, u *fynetest.User, p *played, killed func() string) {
		p.says("attic")
		p.says("cellar", wire.Doing{Share: "music", Bytes: 5})
		u.See("2 of 2 agents")
		u.See("reading music")
		u.In(fynetest.Find[*agentRow](u, "cellar")).Tap("Kill")
		require.Equal(t, "cellar", killed())
		for range 5 { // one continues, the other does not
			p.says("attic")
			require.NoError(t, guest.Sleep(ctx, time.Second))
		}
		u.See("1 of 2 agents")
		u.See("lost")
		p.says("cellar")
		u.See("2 of 2 agents")
		u.Gone("lost")
	})
}

// Without given shares the window waits for agents, and each search covers the shares that they
// have at the time.
func TestWindowOfAClusterTakesWhatAgentsHave(t *testing.T) {
	playShares(t, nil, func(ctx context.Context, u *fynetest.User, p *played, _ func() string) {
		u.See("Waiting for agents: start some")
		p.says("attic")
		u.Within(time.Minute).See("1 file searched")
		u.See("0 of 1 agents; no agent has attic") // the agent no longer reports
		p.says("attic")
		p.says("cellar")
		u.See("2 of 2 agents")
		u.Gone("no agent has")
		u.Tap("Search")
		u.Within(time.Minute).See("2 files searched")
	})
}

func TestCancelKeepsWhatWasFound(t *testing.T) {
	play(t, func(ctx context.Context, u *fynetest.User, p *played, _ func() string) {
		u.See("Comparing")
		u.Tap("Cancel")
		u.See("Cancelled; this was found so far")
		u.Tap("Search")
		u.Within(time.Minute).See("1 group")
	})
}

func TestCloseInTheMiddle(t *testing.T) {
	play(t, func(ctx context.Context, u *fynetest.User, p *played, _ func() string) {
		u.See("Comparing")
		u.Close()
		require.ErrorIs(t, guest.Park(ctx), guest.ErrQuit)
	})
}

// A thousand agents report fast. The window draws at its own pace, and shows the newest
// reports.
func TestThousandAgentsSpeakAtATime(t *testing.T) {
	play(t, func(ctx context.Context, u *fynetest.User, p *played, _ func() string) {
		drawn := 0
		p.OnChange(func() { drawn++ })
		drawn = 0 // do not count the first call, which comes at once
		end := time.Now().Add(time.Second)
		for round := int64(1); time.Now().Before(end); round++ {
			for i := range 1000 {
				p.says(fmt.Sprintf("agent-%03d", i), wire.Doing{Share: fmt.Sprint("round ", round), Bytes: 1})
			}
			require.NoError(t, guest.Sleep(ctx, 10*time.Millisecond))
		}
		require.LessOrEqual(t, drawn, 21)
		u.See("1000 of 1000 agents")
		u.See("round 100")
		u.Gone("round 99")
	})
}
