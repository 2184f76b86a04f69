package show

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
)

func Later(l *widget.Label) { fyne.Do(l.Show) }
func Quick(l *widget.Label) {}
