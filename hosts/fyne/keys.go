package fynehost

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"
)

// Fyne's dialogs ignore keys. The dialogs of this package have an invisible object that takes
// the focus, and so gets Return and Escape. Tab leads from there to the buttons.
type keys struct {
	widget.BaseWidget
	confirm, dismiss func() // nil: the key does nothing
}

func newKeys(confirm, dismiss func()) *keys {
	k := &keys{confirm: confirm, dismiss: dismiss}
	k.ExtendBaseWidget(k)
	return k
}

// CreateRenderer implements fyne.Widget.
func (k *keys) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(canvas.NewRectangle(color.Transparent))
}

// FocusGained implements fyne.Focusable.
func (k *keys) FocusGained() {}

// FocusLost implements fyne.Focusable.
func (k *keys) FocusLost() {}

// TypedRune implements fyne.Focusable.
func (k *keys) TypedRune(rune) {}

// TypedKey implements fyne.Focusable.
func (k *keys) TypedKey(event *fyne.KeyEvent) {
	fn := k.dismiss
	switch event.Name {
	case fyne.KeyReturn, fyne.KeyEnter:
		fn = k.confirm
	case fyne.KeyEscape:
	default:
		return
	}
	if fn != nil {
		fn()
	}
}

// A shield blocks the mouse for everything below it. While it has the focus, it blocks the
// keyboard, too, since Tab does not leave it.
type shield struct{ keys }

func newShield(dismiss func()) *shield {
	s := &shield{keys{dismiss: dismiss}}
	s.ExtendBaseWidget(s)
	return s
}

// Tapped implements fyne.Tappable.
func (s *shield) Tapped(*fyne.PointEvent) {}

// AcceptsTab implements fyne.Tabbable.
func (s *shield) AcceptsTab() bool { return true }
