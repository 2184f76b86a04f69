//go:build cgo

package gtkui_test

import (
	"context"
	"testing"

	"github.com/gotk3/gotk3/cairo"
	"github.com/gotk3/gotk3/gdk"
	"github.com/gotk3/gotk3/gtk"

	"github.com/golodger/lodger/hosts/gtk/gtkui"
	"github.com/golodger/lodger/internal/hostbench"
)

// One iteration is one process that measures for itself; -benchtime=5x is plenty. What needs no
// window is measured in package gtkhost.

func init() { stories.Add("frames", frames) }

// frames counts frames and switches: of a window that always redraws alone, of 100 000 ready
// tasks alone, and of both.
func frames() int {
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
		return hostbench.Frames(ctx, func() int { return drawn }, func(on bool) { drawing = on })
	}, nil)
	if err != nil {
		panic(err)
	}
	return 0
}

func BenchmarkFrames(b *testing.B) { hostbench.BenchmarkFrames(b) }
