//go:build cgo

package main

import (
	"context"
	"iter"
	"os"
	"testing"
	"time"

	"github.com/golodger/lodger/examples/logview/internal/proof"
	"github.com/golodger/lodger/hosts/gtk/gtkui"
	"github.com/golodger/lodger/internal/screentest"
)

// flooded is the proof, in the real window.
func flooded() int {
	err := gtkui.Run(func(ctx context.Context) error {
		v := open(ctx, 20_000)
		p := proof.Proof{
			Log: v.log, Shown: v.last,
			Frames: func(ctx context.Context) iter.Seq2[time.Duration, error] { return gtkui.Frames(ctx, v.text) },

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
//	GODEBUG=gcshrinkstackoff=1 xvfb-run -a \
//	go test -run '^$' -bench . -benchtime 1x ./examples/logview/gtk
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
