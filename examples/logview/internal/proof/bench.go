package proof

import (
	"context"
	"os"
	"testing"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/internal/screentest"
)

// Main plays the proof, if this process was started for it. For TestMain. run is the Run of the
// toolkit, and open opens the window, in a task.
func Main(run func(main func(ctx context.Context) error) error, open func(ctx context.Context) (p *Proof, collect *guest.Task)) {
	screentest.Main(screentest.Stories{"flooded": func() int {
		err := run(func(ctx context.Context) error {
			p, collect := open(ctx)
			p.send = os.Getenv("WAY") == "send"
			return p.Run(ctx, collect)
		})
		if err != nil {
			screentest.Say("%v", err)
			return 1
		}
		return 0
	}})
}

// Benchmark shows 100 000 lines a second for ten seconds, in a process of its own. Figures:
// frames a second, of those of the idle window; what was dropped and lost, of a million.
func Benchmark(b *testing.B) {
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
