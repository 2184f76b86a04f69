package migratewhy

import (
	"fyne.io/fyne/v2"
)

type inner struct{ page }

// The guest of a struct that is embedded.
func (i *inner) show() {
	go func() { // want `a goroutine that posts`
		save()
		fyne.Do(i.label.Show)
	}()
}
