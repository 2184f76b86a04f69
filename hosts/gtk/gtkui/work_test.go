//go:build cgo

package gtkui_test

import (
	"context"
	"os"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gotk3/gotk3/glib"
	"github.com/gotk3/gotk3/gtk"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/hosts/gtk/gtkui"
	"github.com/golodger/lodger/internal/screentest"
)

func init() { stories.Add("work that ignores its cancellation", ignoring) }

// ignoring has a dialog whose work goes on after the user has dismissed it. The user closes the
// window below until somebody asks.
func ignoring() int {
	s := new(story)
	err := gtkui.Run(func(ctx context.Context) error {
		entry, search := must(gtk.EntryNew()), must(gtk.ButtonNew())
		w := must(gtk.WindowNew(gtk.WINDOW_TOPLEVEL))
		bar := must(gtk.HeaderBarNew())
		bar.SetShowCloseButton(true)
		bar.PackStart(search)
		w.SetTitlebar(bar)
		w.SetTitle("below")
		w.Add(entry)
		w.ShowAll()
		let, asked, working := make(chan int, 1), false, new(atomic.Bool)
		g, _ := guest.FromContext(ctx)
		gtkui.QuitOnClose(g, w, func(context.Context) (bool, error) {
			asked = true
			assert.False(s, entry.IsSensitive(), "the dialog still keeps the content from the user")
			assert.False(s, search.IsSensitive())
			assert.True(s, bar.IsSensitive(), "its close button works")
			assert.False(s, open().GetModal())
			if os.Getenv("THEN") != "ends" {
				let <- 1
				return false, nil
			}
			glib.TimeoutAdd(1, func() bool {
				if !gtkui.Covered(w) {
					return true
				}
				let <- 1
				return false
			})
			return true, nil
		})
		guest.Go(ctx, func(ctx context.Context) error {
			until(ctx, s, func() bool { return open() != nil })
			d := open()
			if os.Getenv("IN") == "Custom" {
				d.Response(gtk.RESPONSE_ACCEPT)
			}
			until(ctx, s, working.Load)
			d.Response(gtk.RESPONSE_CANCEL)
			begun := time.Now()
			until(ctx, s, func() bool {
				if time.Since(begun) < 4*time.Second {
					assert.True(s, d.GetModal(), "work may take its time")
				}
				return !d.GetModal()
			})
			assert.Equal(s, d.Native(), open().Native())
			screentest.Say("gives way")
			return nil
		})
		var err error
		switch os.Getenv("IN") {
		case "Busy":
			_, _, err = gtkui.Busy(ctx, w, "busy", func(context.Context, func(float64, string)) (int, error) {
				working.Store(true)
				<-let
				return 0, nil
			})
		case "Custom":
			_, err = gtkui.Custom(ctx, w, "custom", "OK", "Cancel", must(gtk.LabelNew("")), func(ctx context.Context) error {
				working.Store(true)
				for ctx := context.WithoutCancel(ctx); len(let) == 0; {
					require.NoError(s, guest.Sleep(ctx, time.Millisecond))
				}
				return nil
			})
		}
		assert.True(s, asked)
		ends := ctx.Err() != nil // then the window says that, and they stay as they are
		assert.Equal(s, !ends, entry.IsSensitive() && search.IsSensitive())
		screentest.Say("ends: %v", ends)
		return err
	}, nil)
	screentest.Say("%v %v", err, s.failed)
	return 0
}

func TestDialogGivesWayWhoseWorkIgnoresItsCancellation(t *testing.T) {
	for _, in := range []string{"Busy", "Custom"} {
		for then, ends := range map[string]string{"goes on": "false", "ends": "true"} {
			t.Run(in+", then it "+then, func(t *testing.T) {
				p := screentest.Start(t, "work that ignores its cancellation", "IN="+in, "THEN="+then)
				p.Hear("gives way")
				screentest.CloseWindow(t, screentest.Window(t, "below"))
				require.Equal(t, "gives way\nends: "+ends+"\n<nil> false\n", p.Ended(0))
			})
		}
	}
}
