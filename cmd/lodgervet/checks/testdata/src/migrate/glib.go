package migrate

import (
	"github.com/golodger/lodger/guest"
	"github.com/gotk3/gotk3/glib"
	"github.com/gotk3/gotk3/gtk"
)

var theGuest *guest.Guest

func withGlib(b *gtk.Button, l *gtk.Label, period uint) {
	b.Connect("clicked", func() {
		go func() { // want `a goroutine that posts`
			text, err := load("x")
			if err != nil {
				return
			}
			glib.IdleAdd(func() bool {
				l.SetText(text)
				return false
			})
		}()
	})
	go func() { // want `a goroutine that posts`
		defer glib.IdleAdd(l.Hide)
		for range 3 {
			save()
			glib.IdleAdd(func() { l.SetText("step") })
		}
		glib.IdleAdd(l.Show)
	}()
	go func() { // want `a goroutine that posts`
		text, _ := load("x")
		glib.IdleAdd(func() bool {
			if text == "" {
				return false
			}
			l.SetText(text)
			return false
		})
		save()
	}()
	// Left to be done by hand.
	go func() {
		save()
		glib.IdleAdd(func() bool {
			l.SetText("again")
			return true
		})
	}()
}
