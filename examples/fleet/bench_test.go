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
	"github.com/golodger/lodger/examples/fleet/internal/testfleet"
	"github.com/golodger/lodger/examples/fleet/machines"
	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/hosts/headless"
)

// A thousand agents, each with its own folder, work at the same time, and report to one UI
// thread. Reading is simulated and takes five seconds per file. Everything else is real. The
// server and the agents run in a separate process.
//
// A turn is how long the guest holds the UI thread at a time. A frame has 16 ms. The delay of a
// status is the time from the agent to the UI thread, which takes new statuses every 50 ms.
func BenchmarkAgents(b *testing.B) {
	for _, n := range []int{10, 100, 1000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			folders := make([]string, n)
			for i := range folders {
				folders[i] = b.TempDir()
				// each file equals one in every folder
				for _, name := range []string{"one", "two"} {
					require.NoError(b, os.WriteFile(filepath.Join(folders[i], name), []byte(name), 0o600))
				}
			}
			for b.Loop() {
				measure(b, folders)
			}
		})
	}
}

func measure(b *testing.B, folders []string) {
	farm, err := testfleet.StartAgents(folders)
	require.NoError(b, err)
	defer farm.Stop()
	var late []time.Duration
	var took time.Duration
	var stats guest.Stats
	var changes int
	var heap uint64
	got, err := headless.Run(func(ctx context.Context) (*finder.Result, error) {
		fleet := machines.New(farm.Link)
		following := guest.Go(ctx, fleet.Follow)
		defer following.Cancel(nil)
		said := map[string]time.Time{}
		fleet.OnChange(func() {
			changes++
			for _, a := range fleet.Agents() {
				if said[a.Agent] != a.Said {
					said[a.Agent] = a.Said
					late = append(late, time.Since(a.Said))
				}
			}
		})
		for fleet.Alive() < len(folders) {
			if err := guest.Sleep(ctx, 50*time.Millisecond); err != nil {
				return nil, err
			}
		}
		begin := time.Now()
		late, changes = nil, 0
		result, err := fleet.Search(ctx, folders, nil)
		took, stats, heap = time.Since(begin), fleetGuest(ctx).Stats(), live()
		return result, err
	}, nil)
	require.NoError(b, err)
	require.Len(b, got.Groups, 2)
	require.EqualValues(b, 2*(len(folders)-1), got.Duplicates)
	slices.Sort(late)
	millis := func(d time.Duration) float64 { return float64(d) / 1e6 }
	b.ReportMetric(took.Seconds(), "s")
	b.ReportMetric(float64(len(late))/took.Seconds(), "statuses/s")
	b.ReportMetric(float64(changes)/took.Seconds(), "changes/s")
	b.ReportMetric(millis(late[len(late)/2]), "ms-late-p50")
	b.ReportMetric(millis(late[len(late)*99/100]), "ms-late-p99")
	b.ReportMetric(millis(stats.TurnP99), "ms-turn-p99")
	b.ReportMetric(millis(stats.TurnMax), "ms-turn-max")
	b.ReportMetric(float64(heap)/1e6, "MB-heap")
	b.ReportMetric(0, "ns/op")
}

func fleetGuest(ctx context.Context) *guest.Guest {
	g, _ := guest.FromContext(ctx)
	return g
}

// live returns how many bytes are in use after a collection.
func live() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
