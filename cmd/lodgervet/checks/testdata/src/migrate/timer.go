package migrate

import (
	"github.com/gotk3/gotk3/glib"
	"github.com/gotk3/gotk3/gtk"
)

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
	// Left to be done by hand.
	glib.TimeoutAdd(1000, func() bool {
		l.SetText("tock")
		return period > 3
	})
}
