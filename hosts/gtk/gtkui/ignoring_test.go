//go:build cgo

package gtkui_test

import (
	"context"
	"os"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gotk3/gotk3/gtk"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/hosts/gtk/gtkui"
	shared "github.com/golodger/lodger/hosts/internal/windows"
	"github.com/golodger/lodger/internal/screentest"
)

func init() { stories.Add("work that ignores its cancellation", ignoring) }

// ignoring has a dialog whose work goes on after the user has dismissed it.
func ignoring() int {
	s := new(story)
	err := gtkui.Run(func(ctx context.Context) error {
		w := newWindow("below "+os.Getenv("IN"), must(gtk.LabelNew("content")))
		g, _ := guest.FromContext(ctx)
		var asked, working atomic.Bool
		work := func(ctx context.Context) error {
			working.Store(true)
			for ctx := context.WithoutCancel(ctx); !asked.Load(); {
				if err := guest.Sleep(ctx, time.Millisecond); err != nil {
					return err
				}
			}
			return nil
		}
		gtkui.QuitOnClose(g, w, func(context.Context) (bool, error) {
			asked.Store(true)
			return false, nil
		})
		guest.Go(ctx, func(ctx context.Context) error {
			until(ctx, s, func() bool { return open() != nil })
			d := open()
			d.SetTitle("dialog " + os.Getenv("IN"))
			if os.Getenv("IN") == "Custom" {
				d.Response(gtk.RESPONSE_ACCEPT)
			}
			until(ctx, s, working.Load)
			begun := time.Now()
			d.Response(gtk.RESPONSE_CANCEL)
			d.Response(gtk.RESPONSE_CANCEL)
			assert.True(s, d.GetModal(), "work may take its time")
			until(ctx, s, func() bool { return time.Since(begun) > shared.Patience })
			assert.True(s, d.GetModal(), "the user has not asked for more")
			screentest.Say("again")
			until(ctx, s, func() bool { return !d.GetModal() })
			screentest.Say("gives way")
			return nil
		})
		var err error
		switch os.Getenv("IN") {
		case "Busy":
			_, _, err = gtkui.Busy(ctx, w, "", func(ctx context.Context, _ func(float64, string)) (int, error) {
				return 0, work(ctx)
			})
		case "Custom":
			_, err = gtkui.Custom(ctx, w, "", "OK", "Cancel", must(gtk.LabelNew("")), work)
		}
		assert.True(s, asked.Load())
		return err
	}, nil)
	screentest.Say("%v %v", err, s.failed)
	return 0
}

func TestDialogWhoseWorkIgnoresItsCancellationGivesWayWhenItIsDismissedAgain(t *testing.T) {
	for _, in := range []string{"Busy", "Custom"} {
		t.Run(in, func(t *testing.T) {
			t.Parallel() // it takes its time, and nothing is clicked
			p := screentest.Start(t, "work that ignores its cancellation", "IN="+in)
			p.Hear("again")
			screentest.CloseWindow(t, screentest.Window(t, "dialog "+in))
			p.Hear("gives way")
			screentest.CloseWindow(t, screentest.Window(t, "below "+in))
			require.Equal(t, "again\ngives way\n<nil> false\n", p.Ended(0))
		})
	}
}
