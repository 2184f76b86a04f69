package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/examples/dupes/finder"
	"github.com/golodger/lodger/examples/fleet/agent"
	"github.com/golodger/lodger/examples/fleet/internal/testfleet"
	"github.com/golodger/lodger/examples/fleet/machines"
	"github.com/golodger/lodger/examples/fleet/wire"
	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/hosts/headless"
)

// A thousand agents, each with a folder of its own, work at a time, and one UI thread hears of it
// all. Reading takes seconds and is played; everything else is real, and in this process: agents,
// server, and the search.
//
// Turns are how long the guest holds the UI thread at a time; a frame has 16 ms. A status is late
// by the time from the agent to the UI thread, the frame of 50 ms included.
func BenchmarkAgents(b *testing.B) {
	for _, n := range []int{10, 100, 1000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for b.Loop() {
				crowd(b, n)
			}
		})
	}
}

func crowd(b *testing.B, n int) {
	const reading = 5 * time.Second
	server := testfleet.Server(b)
	folders := make([]string, n)
	for i := range folders {
		folders[i] = b.TempDir()
		for _, name := range []string{"one", "two"} { // each file equals one in every folder
			require.NoError(b, os.WriteFile(filepath.Join(folders[i], name), []byte(name), 0o600))
		}
	}
	link := testfleet.Link(b, server, time.Minute)
	ctx, cancel := context.WithCancel(b.Context())
	ended := make(chan struct{})
	go func() { // all agents are tasks of one guest
		defer close(ended)
		_, _ = headless.Run(func(ctx context.Context) (struct{}, error) {
			for i, folder := range folders {
				a := &agent.Agent{Name: fmt.Sprintf("agent-%04d", i), Shares: testfleet.Shares(folder), Hash: played(reading)}
				guest.Go(ctx, func(ctx context.Context) error { return a.Run(ctx, link) })
			}
			return struct{}{}, nil
		}, &guest.Options{Context: ctx, Private: true})
	}()
	defer func() { cancel(); <-ended }()
	measure(b, testfleet.Link(b, server, time.Minute), folders)
}

// played reads for a while, and says so.
func played(d time.Duration) func(context.Context, []finder.Read, func(int64)) ([]finder.Hashed, error) {
	return func(ctx context.Context, reads []finder.Read, tell func(int64)) ([]finder.Hashed, error) {
		for end := time.Now().Add(d); time.Now().Before(end); tell(1) {
			if err := guest.Sleep(ctx, 50*time.Millisecond); err != nil {
				return nil, err
			}
		}
		return finder.NewReader().Hash(ctx, reads, func(int64) {})
	}
}

func measure(b *testing.B, link *wire.Link, folders []string) {
	var late []time.Duration
	var stats guest.Stats
	var changes, statuses int
	var heap uint64
	begin := time.Now()
	got, err := headless.Run(func(ctx context.Context) (*finder.Result, error) {
		fleet := machines.New(link)
		guest.Go(ctx, fleet.Follow)
		said := map[string]time.Time{}
		fleet.OnChange(func() {
			changes++
			now := time.Now()
			for _, a := range fleet.Agents() {
				if said[a.Agent] != a.Said {
					said[a.Agent] = a.Said
					late = append(late, now.Sub(a.Said))
					statuses++
				}
			}
		})
		g, _ := guest.FromContext(ctx)
		result, err := fleet.Search(ctx, folders, nil)
		stats = g.Stats()
		heap = live()
		g.Cancel(nil)
		return result, err
	}, &guest.Options{Private: true})
	_ = err // it was cancelled
	took := time.Since(begin)
	require.Len(b, got.Groups, 2)
	require.EqualValues(b, 2*(len(folders)-1), got.Duplicates)
	slices.Sort(late)
	millis := func(d time.Duration) float64 { return float64(d) / 1e6 }
	b.ReportMetric(took.Seconds(), "s")
	b.ReportMetric(float64(statuses)/took.Seconds(), "statuses/s")
	b.ReportMetric(float64(changes)/took.Seconds(), "changes/s")
	b.ReportMetric(millis(late[len(late)/2]), "ms-late-p50")
	b.ReportMetric(millis(late[len(late)*99/100]), "ms-late-p99")
	b.ReportMetric(millis(stats.TurnP99), "ms-turn-p99")
	b.ReportMetric(millis(stats.TurnMax), "ms-turn-max")
	b.ReportMetric(float64(heap)/1e6, "MB-heap")
	b.ReportMetric(0, "ns/op")
}

// live is how many bytes are in use: of the server and all agents, too.
func live() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
