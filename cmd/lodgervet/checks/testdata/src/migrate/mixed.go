package migrate

import (
	"github.com/gotk3/gotk3/glib"
	"github.com/gotk3/gotk3/gtk"

	"github.com/golodger/lodger/guest"
)

// Fixes that need different imports bring the same ones.
func mixed(g *guest.Guest, l *gtk.Label, load func() string) {
	glib.TimeoutAdd(100, func() bool { // want `goes on when its window is closed`
		l.SetText("x")
		return true
	})
	go func() { // want `a goroutine that posts`
		s := load()
		glib.IdleAdd(func() { l.SetText(s) })
	}()
}

var _ = glib.IdleAdd
