package migrate

import ()

import "fyne.io/fyne/v2"
import "fyne.io/fyne/v2/widget"
import "github.com/golodger/lodger/guest"

func declaredBetween(g *guest.Guest, l *widget.Label) {
	go func() { // want `a goroutine that posts`
		x := 3
		var y, z string // both
		z = string(rune(x))
		fyne.Do(func() { l.SetText(y + z) })
	}()
}

var _ = fyne.CurrentApp
