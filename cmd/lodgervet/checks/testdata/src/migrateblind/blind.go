package migrateblind

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
)

func save() {}

func blind(l *widget.Label) {
	go func() {
		save()
		fyne.Do(l.Show) // no guest is in sight
	}()
}
