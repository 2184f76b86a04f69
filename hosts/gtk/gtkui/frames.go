//go:build cgo

package gtkui

import (
	"context"
	"iter"
	"time"

	"github.com/gotk3/gotk3/gdk"
	"github.com/gotk3/gotk3/gtk"

	"github.com/golodger/lodger/hosts/internal/events"
)

// A ticker is a widget that GTK draws.
type ticker interface {
	AddTickCallback(fn gtk.TickCallback) int
	RemoveTickCallback(id int)
}

// Frames ranges over the frames in which a widget's window is drawn, from the start of the loop
// until ctx is done. Use it for animations and games. widget is any widget of GTK's, such as a
// *gtk.DrawingArea. Each round gets the time since the round before; the first round gets 0. In
// a task. Waits for the next frame.
//
//	for since, err := range gtkui.Frames(ctx, area) {
//		if err != nil {
//			return err // ctx is done
//		}
//		world.Step(since)
//		area.QueueDraw()
//	}
//
// A pair with an error is the last one. Frames that come while the loop's body waits make one
// round, with all their time. GTK follows the rate of the screen, some 60 frames a second, and
// draws no frames while the window is not visible. Outside the loop Frames costs nothing. If the
// widget is destroyed, the loop waits until ctx is done, as all waits for that widget do.
func Frames(ctx context.Context, widget ticker) iter.Seq2[time.Duration, error] {
	return func(yield func(time.Duration, error) bool) {
		needTask("Frames")
		frames := &events.Listener[int64]{Latest: true} // µs
		id := widget.AddTickCallback(func(_ *gtk.Widget, clock *gdk.FrameClock) bool {
			frames.Tell(clock.GetFrameTime())
			return true
		})
		defer widget.RemoveTickCallback(id)
		last := int64(0)
		for first := true; ; first = false {
			now, err := frames.Next(ctx)
			if first || err != nil {
				last = now
			}
			if !yield(time.Duration(now-last)*time.Microsecond, err) || err != nil {
				return
			}
			last = now
		}
	}
}
