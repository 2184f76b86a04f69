// Gtk measures a GTK window while its thread is kept busy.
package main

import (
	"context"
	"os"
	"sync/atomic"
	"time"

	"github.com/gotk3/gotk3/cairo"
	"github.com/gotk3/gotk3/gdk"
	"github.com/gotk3/gotk3/glib"
	"github.com/gotk3/gotk3/gtk"

	"github.com/golodger/lodger/bench/work"
	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/hosts/gtk/gtkui"
)

func main() {
	os.Setenv("GSETTINGS_BACKEND", "memory") // no session is needed
	os.Setenv("NO_AT_BRIDGE", "1")
	plan := work.ReadPlan()
	err := gtkui.Run(func(ctx context.Context) error {
		w := window()
		_, err := guest.Background(ctx, func(ctx context.Context) (any, error) {
			post := func(fn func()) { glib.IdleAdd(fn) }
			plan.RunWindow(w, []work.Contender{
				work.Ours(ctx, "Lodger on GTK", nil),
				work.Callbacks(work.Contender{Name: "glib.IdleAdd", Post: post}, false),
			})
			return nil, nil
		})
		return err
	}, nil)
	if err != nil {
		panic(err)
	}
}

// window shows a picture that is redrawn all the time, and a button below it. UI thread only.
func window() work.Window {
	w := work.Window{Frames: new(atomic.Int64), Clicks: make(chan time.Time, 100), Title: "bench", X: 100, Y: 100}
	picture := must(gtk.DrawingAreaNew())
	picture.SetSizeRequest(200, 40)
	picture.Connect("draw", func(_ *gtk.DrawingArea, cr *cairo.Context) {
		cr.Arc(20, 20, float64(w.Frames.Add(1)%20), 0, 6.3)
		cr.Fill()
	})
	// each frame requests the next one
	picture.AddTickCallback(func(*gtk.Widget, *gdk.FrameClock) bool {
		picture.QueueDraw()
		return true
	})
	button := must(gtk.ButtonNewWithLabel("here"))
	button.SetSizeRequest(200, 100)
	button.Connect("clicked", func() { w.Clicks <- time.Now() })
	box := must(gtk.BoxNew(gtk.ORIENTATION_VERTICAL, 0))
	box.Add(picture)
	box.Add(button)
	top := must(gtk.WindowNew(gtk.WINDOW_TOPLEVEL))
	top.SetTitle(w.Title)
	top.Add(box)
	top.ShowAll()
	return w
}

// must is for calls that never fail in GTK.
func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
