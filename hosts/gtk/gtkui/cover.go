//go:build cgo

package gtkui

import (
	"context"
	"time"

	"github.com/gotk3/gotk3/gdk"
	"github.com/gotk3/gotk3/glib"
	"github.com/gotk3/gotk3/gtk"

	"github.com/golodger/lodger/guest"
)

// What a window shows while its program ends. A bubble of the window's own (a popover) has real
// widgets: it follows the theme, and a screen reader reads it. The program's widgets stay where
// they are. They are made insensitive, and no more: a window or a grab above them would keep the
// user from answering a dialog whose Run holds the end up.

// coverDelay lets an ordinary close end without a flicker.
const coverDelay = 300 * time.Millisecond

// A cover is on a window, or comes soon. UI thread only.
type cover struct {
	w      *gtk.Window
	bubble *gtk.Popover
	off    []*gtk.Widget // what can't be used meanwhile, and could before
}

// coverAtEnd covers w while g ends. A task waits for that, and not the code that cancels, which
// may be anywhere. The rest is posted: a task that waited for the delay would hold the end up.
func coverAtEnd(g *guest.Guest, w *gtk.Window) {
	if s := g.State(); s == "closing" || s == "ended" { // it takes no more tasks
		return
	}
	g.Go(func(ctx context.Context) error {
		_ = guest.Park(ctx)
		time.AfterFunc(coverDelay, func() { // refused if g has ended meanwhile
			_ = g.Post(func() { coverNow(g, w) })
		})
		return nil
	})
}

// coverNow covers w until g has ended, if there is something to cover.
func coverNow(g *guest.Guest, w *gtk.Window) {
	// nothing is drawn after the loop
	if glib.MainDepth() == 0 || destroyed(w) || !w.GetVisible() {
		return
	}
	c := &cover{w: w}
	if !c.show() {
		return
	}
	whenDone(g, c.hide) // in the loop that goes on, or in a later one
}

func (c *cover) show() bool {
	list := c.w.GetChildren() // not GetChild, which knows only GTK's own types
	if list == nil || list.Length() == 0 {
		return false
	}
	content := list.NthData(0).(*gtk.Widget)
	c.turnOff(content)
	if bar, err := c.w.GetTitlebar(); err == nil && bar != nil {
		c.turnOff(bar.ToWidget())
	}
	if bubble, err := newBubble(content, word("Closing…")); err == nil {
		c.bubble = bubble
		bubble.Popup()
	}
	return true
}

func (c *cover) turnOff(part *gtk.Widget) {
	if part.GetSensitive() {
		part.SetSensitive(false)
		c.off = append(c.off, part)
	}
}

// hide gives a window back that outlives the guest.
func (c *cover) hide() {
	if destroyed(c.w) {
		return
	}
	if c.bubble != nil {
		c.bubble.Destroy()
	}
	for _, part := range c.off {
		part.SetSensitive(true)
	}
}

// newBubble returns a popover that hangs from the upper edge of a widget, with a spinner and a
// text.
func newBubble(over *gtk.Widget, text string) (*gtk.Popover, error) {
	bubble, err := gtk.PopoverNew(over)
	if err != nil {
		return nil, err
	}
	spinner, err := gtk.SpinnerNew()
	if err != nil {
		return nil, err
	}
	label, err := gtk.LabelNew(text)
	if err != nil {
		return nil, err
	}
	box, err := gtk.BoxNew(gtk.ORIENTATION_HORIZONTAL, 12)
	if err != nil {
		return nil, err
	}
	box.SetBorderWidth(12)
	box.PackStart(spinner, false, false, 0)
	box.PackStart(label, false, false, 0)
	notPale(&spinner.Widget)
	notPale(&label.Widget)
	spinner.Start()
	box.ShowAll()
	bubble.Add(box)
	bubble.SetModal(false) // or a dialog's Run could not be answered
	bubble.SetPosition(gtk.POS_BOTTOM)
	bubble.SetPointingTo(*gdk.RectangleNew(over.GetAllocatedWidth()/2, 0, 1, 1))
	return bubble, nil
}

// notPale keeps a widget legible that is in an insensitive one, as a bubble is.
func notPale(w *gtk.Widget) {
	css, err := gtk.CssProviderNew()
	if err != nil || css.LoadFromData("*:disabled { color: @theme_fg_color; }") != nil {
		return
	}
	if style, err := w.GetStyleContext(); err == nil {
		style.AddProvider(css, gtk.STYLE_PROVIDER_PRIORITY_APPLICATION)
	}
}

// word is a text in the language of the program, if that has one in its gettext domain.
func word(text string) string { return glib.Local(text) }
