//go:build cgo

package gtkui_test

import (
	"context"
	"testing"

	"github.com/gotk3/gotk3/gtk"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/flow"
	gtkhost "github.com/golodger/lodger/hosts/gtk"
	"github.com/golodger/lodger/hosts/gtk/gtkui"
	"github.com/golodger/lodger/internal/screentest"
)

func init() { stories.Add("coming from", comingFrom) }

// comingFrom has what docs/coming-from.md says of windows.
func comingFrom() int {
	s := new(story)
	err := gtkui.Run(func(ctx context.Context) error {
		g, _ := guest.FromContext(ctx)
		ask := func(context.Context) (bool, error) { screentest.Say("asked"); return true, nil }
		area, button := must(gtk.DrawingAreaNew()), must(gtk.ButtonNewWithLabel("save"))
		box := must(gtk.BoxNew(gtk.ORIENTATION_VERTICAL, 0))
		box.PackStart(area, true, true, 0)
		box.PackStart(button, false, false, 0)
		w := newWindow("main", box)

		// the clock, instead of AddTickCallback
		frames := 0
		for since, err := range gtkui.Frames(ctx, area) {
			require.NoError(s, err)
			assert.GreaterOrEqual(s, since, 0*since)
			if frames++; frames == 3 {
				break
			}
		}

		// a button that is off while its action runs
		action := flow.NewAction(ctx, func(ctx context.Context, _ struct{}) error { return guest.Park(ctx) }, flow.Drop)
		gtkui.DisableWhen(ctx, action.Busy(), button)
		button.Connect("clicked", action.Do)
		guest.Go(ctx, func(context.Context) error { button.Clicked(); return nil })
		i, err := gtkhost.First(ctx, gtkhost.On(button, "clicked"), gtkhost.On(w, "destroy"))
		require.NoError(s, err)
		assert.Zero(s, i)
		until(ctx, s, func() bool { return !button.GetSensitive() })
		action.Cancel(nil)
		until(ctx, s, button.GetSensitive)

		// a window that asks, and the program's
		func(w *gtk.Window) {
			err := gtkui.WithWindow(ctx, w, func(ctx context.Context) error {
				gtkui.AskOnClose(ctx, w, ask)
				w.Close()
				return guest.Park(ctx)
			})
			assert.ErrorIs(s, err, guest.ErrWindowClosed)
		}(newWindow("document", must(gtk.LabelNew("document"))))
		gtkui.QuitOnClose(g, w, ask)
		w.Close()
		return guest.Park(ctx)
	}, nil)
	screentest.Say("%v %v", err, s.failed)
	return 0
}

func TestWhatTheDocumentSaysOfWindowsWorks(t *testing.T) {
	require.Equal(t, "asked\nasked\n<nil> false\n", screentest.Start(t, "coming from").Ended(0))
}
