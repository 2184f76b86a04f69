package fynehost

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
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

// A shield keeps what lies below it from the mouse and the keyboard. It does not let Tab lead on.
// A click beside it, or code, may still take the focus from it: then it takes that back, as soon
// as Fyne lets it, which is before the next key that a user can press. It touches no widget below:
// what those can do is the program's affair.
type shield struct {
	keys
	canvas fyne.Canvas
	veil   *canvas.Rectangle // what lies below looks pale
}

func newShield(c fyne.Canvas, dismiss func()) *shield {
	s := &shield{keys: keys{dismiss: dismiss}, canvas: c, veil: canvas.NewRectangle(color.Transparent)}
	s.ExtendBaseWidget(s)
	s.Hide()
	return s
}

// raise shows the shield, which takes the focus.
func (s *shield) raise() {
	r, g, b, _ := theme.Color(theme.ColorNameOverlayBackground).RGBA()
	s.veil.FillColor = color.NRGBA{uint8(r >> 8), uint8(g >> 8), uint8(b >> 8), 0x99}
	s.Show()
	s.canvas.Focus(s)
}

// CreateRenderer is part of fyne.Widget.
func (s *shield) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(s.veil) }

// FocusLost is part of fyne.Focusable. Fyne is about to note who has the focus now, so it can be
// taken back only later.
func (s *shield) FocusLost() {
	if s.Visible() {
		go currentLoop().do(s.regain)
	}
}

func (s *shield) regain() {
	if s.Visible() {
		s.canvas.Focus(s)
	}
}

// Tapped is part of fyne.Tappable.
func (s *shield) Tapped(*fyne.PointEvent) {}

// AcceptsTab is part of fyne.Tabbable.
func (s *shield) AcceptsTab() bool { return true }
