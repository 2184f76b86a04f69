package main

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"testing"
	"time"

	"fyne.io/fyne/v2/app"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/examples/fleet/internal/testfleet"
	"github.com/golodger/lodger/examples/fleet/machines"
	"github.com/golodger/lodger/guest"
	fynehost "github.com/golodger/lodger/hosts/fyne"
	"github.com/golodger/lodger/internal/screentest"
)

// flooded counts the frames of the window three times: alone; while ten agents report ten times
// a second, which changes all visible rows; and while a thousand do.
func flooded() int {
	a := app.NewWithID("test")
	err := fynehost.Run(a, func(ctx context.Context) error {
		v := open(ctx, a)
		for _, n := range []int{0, 10, 1000} {
			if err := flood(ctx, v, n); err != nil {
				return err
			}
		}
		return nil
	}, nil)
	if err != nil {
		screentest.Say("%v", err)
		return 1
	}
	return 0
}

// flood shows n agents that report from a separate process, for some seconds.
func flood(ctx context.Context, v *view, n int) error {
	return guest.Scope(ctx, func(ctx context.Context) error {
		farm, err := guest.Background(ctx, func(context.Context) (*testfleet.Farm, error) { return testfleet.StartSpeakers(n) })
		if err != nil {
			return err
		}
		defer farm.Stop()
		fleet := machines.New(farm.Link)
		following := guest.Go(ctx, fleet.Follow)
		defer following.Cancel(nil)
		var late []time.Duration
		said := map[string]time.Time{}
		fleet.OnChange(func() {
			v.agents.show(fleet.Agents(), "")
			for _, a := range fleet.Agents() {
				if said[a.Agent] != a.Said {
					said[a.Agent] = a.Said
					late = append(late, time.Since(a.Said))
				}
			}
		})
		for fleet.Alive() < n {
			if err := guest.Sleep(ctx, 50*time.Millisecond); err != nil {
				return err
			}
		}
		late = nil
		frames, worst := countFrames(ctx, 5*time.Second)
		screentest.Say("frames/s-%d %f", n, frames)
		screentest.Say("ms-worst-frame-%d %f", n, float64(worst)/1e6)
		screentest.Say("statuses/s-%d %f", n, float64(len(late))/5)
		if len(late) > 0 {
			slices.Sort(late)
			screentest.Say("ms-late-p50-%d %f", n, float64(late[len(late)/2])/1e6)
			screentest.Say("ms-late-p99-%d %f", n, float64(late[len(late)*99/100])/1e6)
		}
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		screentest.Say("MB-heap-%d %f", n, float64(m.HeapAlloc)/1e6)
		return nil
	})
}

func countFrames(ctx context.Context, d time.Duration) (perSecond float64, worst time.Duration) {
	ctx, cancel := context.WithTimeout(ctx, d)
	defer cancel()
	n, sum := 0, time.Duration(0)
	for since, err := range fynehost.Frames(ctx) {
		if err != nil {
			break
		}
		if since > 0 {
			n, sum, worst = n+1, sum+since, max(worst, since)
		}
	}
	return float64(n) / sum.Seconds(), worst
}

// BenchmarkWindow measures how many frames the window draws while a thousand agents report.
func BenchmarkWindow(b *testing.B) {
	for b.Loop() {
		p := screentest.Start(b, "flooded")
		<-p.End
		require.NoError(b, p.Err, p.Text())
		for _, n := range []int{0, 10, 1000} {
			for _, unit := range []string{"frames/s", "ms-worst-frame", "MB-heap"} {
				name := fmt.Sprint(unit, "-", n)
				b.ReportMetric(screentest.Figure(b, p.Text(), name), name)
			}
		}
		for _, unit := range []string{"statuses/s-1000", "ms-late-p50-1000", "ms-late-p99-1000"} {
			b.ReportMetric(screentest.Figure(b, p.Text(), unit), unit)
		}
	}
	b.ReportMetric(0, "ns/op")
}
