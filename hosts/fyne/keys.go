package fynehost

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
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

// A shield blocks the mouse and the keyboard for everything below it. Tab does not leave it. A
// click beside it, or code, can take the focus away. The shield takes the focus back as soon as
// Fyne allows it, which is before the next key that a user can press. It changes no widget below.
type shield struct {
	keys
	canvas fyne.Canvas
	veil   *canvas.Rectangle // makes what lies below look pale
}

func newShield(c fyne.Canvas, dismiss func()) *shield {
	s := &shield{keys: keys{dismiss: dismiss}, canvas: c, veil: canvas.NewRectangle(color.Transparent)}
	s.ExtendBaseWidget(s)
	s.Hide()
	return s
}

// raise shows the shield and gives it the focus.
func (s *shield) raise() {
	r, g, b, _ := theme.Color(theme.ColorNameOverlayBackground).RGBA()
	s.veil.FillColor = color.NRGBA{uint8(r >> 8), uint8(g >> 8), uint8(b >> 8), 0x99}
	s.Show()
	s.canvas.Focus(s)
}

// CreateRenderer implements fyne.Widget.
func (s *shield) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(s.veil) }

// FocusLost implements fyne.Focusable. Fyne is about to note the new focus, so the shield can
// take it back only later.
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

// Tapped implements fyne.Tappable.
func (s *shield) Tapped(*fyne.PointEvent) {}

// AcceptsTab implements fyne.Tabbable.
func (s *shield) AcceptsTab() bool { return true }
