// Package bound has functions that call each other, but only with constants.
package bound

import (
	"time"

	"fyne.io/fyne/v2/widget"
)

func restyle() { theme(true) }

func theme(force bool) {
	check()
	draw(force)
}

func check() { shape(1, true) }

func draw(force bool) {
	if force {
		time.Sleep(1)
	}
}

func shape(n int, force bool) {
	if !force && n > 1 {
		return
	}
	scale()
}

func scale() {
	shape(1, true)
	theme(true)
}

func handlers(b *widget.Button, wait bool) {
	b.OnTapped = func() {
		shape(1, wait) // want `shape blocks`
		theme(false)   // want `theme blocks`
		draw(false)    // near miss
	}
}
