package migrate

import (
	"github.com/gotk3/gotk3/glib"
	"github.com/gotk3/gotk3/gtk"
)

const always = true

func timers(l *gtk.Label, period uint) {
	glib.TimeoutAdd(1000, func() bool { // want `glib.TimeoutAdd goes on when its window is closed`
		l.SetText("tick")
		return true
	})
	glib.TimeoutAdd(period, func() bool { // want `glib.TimeoutAdd goes on`
		if period == 0 {
			return true
		}
		l.SetText("tick")
		return true
	})
	glib.TimeoutSecondsAdd(2, func() bool { // want `glib.TimeoutSecondsAdd goes on`
		l.SetText("tick")
		return always
	})
	// Left to be done by hand.
	glib.TimeoutAdd(period*2, func() bool {
		l.SetText("tick")
		return true
	})
	glib.TimeoutAdd(0, func() bool {
		l.SetText("tick")
		return true
	})
	ctx := "x"
	glib.TimeoutAdd(1000, func() bool {
		l.SetText(ctx)
		return true
	})
	every := period
	glib.TimeoutAdd(every, func() bool {
		l.SetText("tick")
		return true
	})
	every = 3
	glib.TimeoutAdd(1000, func() bool {
		l.SetText("tock")
		return period > 3
	})
}
