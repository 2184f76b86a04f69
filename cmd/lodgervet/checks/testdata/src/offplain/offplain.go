// Package offplain uses widgets, and does not import Fyne itself.
package offplain

import "fyne.io/fyne/v2/widget"

func label(l *widget.Label) {
	go func() { l.SetText("x") }() // want `l.SetText off the UI thread`
}
