package fynehost

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"
)

// Fyne's dialogs know no keys. Those of this package have an object that is not seen and takes the
// focus, and with it Return and Escape. Tab leads from there to the buttons.
type keys struct {
	widget.BaseWidget
	confirm, dismiss func() // nil: the key does nothing
}

func newKeys(confirm, dismiss func()) *keys {
	k := &keys{confirm: confirm, dismiss: dismiss}
	k.ExtendBaseWidget(k)
	return k
}

// CreateRenderer is part of fyne.Widget.
func (k *keys) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(canvas.NewRectangle(color.Transparent))
}

// FocusGained, FocusLost, TypedRune and TypedKey are fyne.Focusable.
func (k *keys) FocusGained() {}

// FocusLost is part of fyne.Focusable.
func (k *keys) FocusLost() {}

// TypedRune is part of fyne.Focusable.
func (k *keys) TypedRune(rune) {}

// TypedKey is part of fyne.Focusable.
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

// A shield keeps what lies below it from the mouse and, while it has the focus, from the keyboard:
// it does not let Tab lead on.
type shield struct{ keys }

func newShield(dismiss func()) *shield {
	s := &shield{keys{dismiss: dismiss}}
	s.ExtendBaseWidget(s)
	return s
}

// Tapped is part of fyne.Tappable.
func (s *shield) Tapped(*fyne.PointEvent) {}

// AcceptsTab is part of fyne.Tabbable.
func (s *shield) AcceptsTab() bool { return true }
