package widget

import "fyne.io/fyne/v2"

type Label struct{ Text string }

// NewCalendar is in Fyne since it has fyne.Do.
func NewCalendar() {}

func NewLabel(text string) *Label    { return nil }
func (l *Label) SetText(text string) {}
func (l *Label) Refresh()            {}
func (l *Label) Show()               {}
func (l *Label) Hide()               {}

type Button struct {
	Label
	OnTapped func()
}

func NewButton(label string, tapped func()) *Button { return nil }
func (b *Button) Disable()                          {}
func (b *Button) Disabled() bool                    { return false }

type Entry struct {
	Label
	OnChanged func(string)
}

type List struct{ Label }

func NewList(length func() int, create func() fyne.CanvasObject, update func(int, fyne.CanvasObject)) *List {
	return nil
}
