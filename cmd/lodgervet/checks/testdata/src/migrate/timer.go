package migrate

import (
	"time"

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

const seconds = 3

// A period that is a time.Duration stays one.
func durations(l *gtk.Label, period time.Duration, other *time.Duration) {
	glib.TimeoutAdd(uint(period.Milliseconds()), func() bool { // want `glib.TimeoutAdd goes on`
		l.SetText("tick")
		return true
	})
	glib.TimeoutAdd(uint((time.Second * seconds).Milliseconds()), func() bool { // want `glib.TimeoutAdd goes on`
		l.SetText("tick")
		return true
	})
	// Left to be done by hand.
	glib.TimeoutAdd(uint(other.Milliseconds()), func() bool {
		l.SetText("tick")
		return true
	})
	glib.TimeoutAdd(uint((period * 2).Milliseconds()), func() bool {
		l.SetText("tick")
		return true
	})
	glib.TimeoutSecondsAdd(uint(period.Milliseconds()), func() bool {
		l.SetText("tick")
		return true
	})
}
