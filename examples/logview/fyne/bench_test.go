package main

import (
	"context"
	"os"
	"testing"

	"fyne.io/fyne/v2/app"

	"github.com/golodger/lodger/examples/logview/internal/proof"
	fynehost "github.com/golodger/lodger/hosts/fyne"
	"github.com/golodger/lodger/internal/screentest"
)

// flooded is the proof, in the real window.
func flooded() int {
	a := app.NewWithID("test")
	err := fynehost.Run(a, func(ctx context.Context) error {
		v := open(ctx, a, 20_000)
		p := proof.Proof{
			Log: v.log, Frames: fynehost.Frames, Shown: v.last,
			Send: os.Getenv("WAY") == "send", Say: screentest.Say,
		}
		return p.Run(ctx, v.collect)
	}, nil)
	if err != nil {
		screentest.Say("%v", err)
		return 1
	}
	return 0
}

// BenchmarkFlood shows 100 000 lines a second for ten seconds, in a separate process. Figures:
// frames a second, of those of the idle window; what was dropped and lost, of a million.
//
//	xvfb-run -a go test -run '^$' -bench . -benchtime 1x ./examples/logview/fyne
func BenchmarkFlood(b *testing.B) {
	screentest.NeedDisplay(b)
	for _, way := range []string{"put", "send"} {
		b.Run(way, func(b *testing.B) {
			for range b.N {
				text := screentest.Start(b, "flooded", "WAY="+way).Ended(0)
				b.Log(text)
				frames := screentest.Figure(b, text, "frames/s-flooded") / screentest.Figure(b, text, "frames/s-idle")
				b.ReportMetric(100*frames, "%frames")
				drawing := screentest.Figure(b, text, "frames/s-flooded") / screentest.Figure(b, text, "frames/s-drawing")
				b.ReportMetric(100*drawing, "%of-drawing")
				for _, unit := range []string{"seconds", "dropped", "lost", "shown", "heap-growth-MB", "process-growth-MB"} {
					b.ReportMetric(screentest.Figure(b, text, unit), unit)
				}
			}
			b.ReportMetric(0, "ns/op")
		})
	}
}
