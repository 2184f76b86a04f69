//go:build cgo

package gtkui_test

import (
	"context"
	"regexp"
	"strconv"
	"testing"
	"time"

	"github.com/gotk3/gotk3/cairo"
	"github.com/gotk3/gotk3/gdk"
	"github.com/gotk3/gotk3/gtk"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/hosts/gtk/gtkui"
	"github.com/golodger/lodger/internal/screentest"
)

// One iteration is one process that measures for itself; -benchtime=5x is plenty. What needs no window is measured in package gtkhost.

func init() { stories["frames"] = frames }

// frames counts frames and switches: of a window that always redraws alone, of 100 000 ready tasks alone, and of both.
func frames() int {
	const span, tasks = 2 * time.Second, 100_000
	err := gtkui.Run(func(ctx context.Context) error {
		drawn, drawing := 0, false
		area := must(gtk.DrawingAreaNew())
		area.SetSizeRequest(300, 300)
		area.Connect("draw", func(area *gtk.DrawingArea, cr *cairo.Context) {
			drawn++
			cr.Arc(150, 150, float64(drawn%100), 0, 6.3)
			cr.Fill()
		})
		// Each frame asks for the next one, as an animation does.
		area.AddTickCallback(func(*gtk.Widget, *gdk.FrameClock) bool {
			if drawing {
				area.QueueDraw()
			}
			return true
		})
		newWindow("frames", area)
		window := func() (perSecond float64, err error) {
			drawing = true
			defer func() { drawing = false }()
			if err := guest.Sleep(ctx, span/4); err != nil { // to warm up
				return 0, err
			}
			before := drawn
			err = guest.Sleep(ctx, span)
			return float64(drawn-before) / span.Seconds(), err
		}
		alone, err := window()
		if err != nil {
			return err
		}
		switches, both := 0, 0.0
		crowd := func(watch func() error) (perSecond float64, err error) {
			err = guest.Supervise(ctx, func(ctx context.Context) error {
				crowd := guest.Go(ctx, func(ctx context.Context) error {
					for range tasks {
						guest.Go(ctx, func(ctx context.Context) error {
							for guest.Yield(ctx) == nil {
								switches++
							}
							return nil
						})
					}
					return nil
				})
				if err := guest.Sleep(ctx, span/4); err != nil {
					return err
				}
				before, begin := switches, time.Now()
				if err := watch(); err != nil {
					return err
				}
				perSecond = float64(switches-before) / time.Since(begin).Seconds()
				crowd.Cancel(nil)
				return nil
			})
			return perSecond, err
		}
		free, err := crowd(func() error { return guest.Sleep(ctx, span) })
		if err != nil {
			return err
		}
		shared, err := crowd(func() (err error) { both, err = window(); return err })
		screentest.Say("frames/s-alone %f\nframes/s-both %f\nswitches/s-alone %f\nswitches/s-both %f", alone, both, free, shared)
		return err
	}, nil)
	if err != nil {
		panic(err)
	}
	return 0
}

func figure(t testing.TB, text, unit string) float64 {
	t.Helper()
	found := regexp.MustCompile(`(?m)^` + regexp.QuoteMeta(unit) + ` (.*)$`).FindStringSubmatch(text)
	require.NotNil(t, found, text)
	v, err := strconv.ParseFloat(found[1], 64)
	require.NoError(t, err)
	return v
}

func BenchmarkFrames(b *testing.B) {
	screentest.NeedDisplay(b)
	var frames, speed float64
	for range b.N {
		text := screentest.Start(b, "frames").Ended(0)
		b.Log(text)
		frames += figure(b, text, "frames/s-both") / figure(b, text, "frames/s-alone")
		speed += figure(b, text, "switches/s-both") / figure(b, text, "switches/s-alone")
	}
	b.ReportMetric(100*frames/float64(b.N), "%frames")
	b.ReportMetric(100*speed/float64(b.N), "%speed")
	b.ReportMetric(0, "ns/op")
}
