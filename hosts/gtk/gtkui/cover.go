//go:build cgo

package gtkui

import (
	"context"
	"time"

	"github.com/gotk3/gotk3/gdk"
	"github.com/gotk3/gotk3/glib"
	"github.com/gotk3/gotk3/gtk"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/hosts/internal/windows"
)

// A window's cover while its program ends. It is a bubble in the window (a popover) with real
// widgets, so it follows the theme, and a screen reader reads it. The program's widgets stay
// where they are and are only made insensitive. A window or a grab above them would keep the
// user from answering a dialog whose Run delays the end.

// A cover is on a window, or will be soon. UI thread only.
type cover struct {
	g      *guest.Guest
	w      *gtk.Window
	shown  bool
	bubble *gtk.Popover
	off    []*gtk.Widget // the widgets that the cover made insensitive
	resort lastResort
}

// covers has the windows that have a cover. The key is the window's address in C.
var covers = map[uintptr]*cover{}

// coverAtEnd covers w while g ends. A task waits for the end, since the code that cancels may be
// anywhere. The rest is posted, since a task that waited for the delay would delay the end.
// quitOwn ends a loop of the program, if g's host can't.
func coverAtEnd(g *guest.Guest, w *gtk.Window, quitOwn func()) {
	if s := g.State(); s == "closing" || s == "ended" { // g takes no more tasks
		return
	}
	c := &cover{g: g, w: w, resort: lastResort{w: w, quit: func() { quitNow(g, quitOwn) }}}
	g.Go(func(ctx context.Context) error {
		_ = guest.Park(ctx)
		go c.attend()
		return nil
	})
}

// attend looks at the window until g has ended.
func (c *cover) attend() {
	ticks := time.NewTicker(windows.Glance)
	defer ticks.Stop()
	for {
		select {
		case <-c.g.Done():
			glib.IdleAdd(c.hide) // in the same loop, or in a later one
			return
		case <-ticks.C: // the post is refused if g has ended meanwhile
			_ = c.g.Post(c.look)
		}
	}
}

// look covers w if it is visible.
func (c *cover) look() {
	// nothing is drawn after the loop
	if glib.MainDepth() == 0 || destroyed(c.w) {
		return
	}
	if !c.w.GetVisible() {
		c.resort.hide()
		return
	}
	if c.shown {
		c.resort.look()
	} else if covers[c.w.Native()] == nil {
		c.show()
	}
}

func (c *cover) show() {
	list := c.w.GetChildren() // not GetChild, which handles only GTK's own types
	if list == nil || list.Length() == 0 {
		return
	}
	c.shown = true
	covers[c.w.Native()] = c
	content := list.NthData(0).(*gtk.Widget)
	c.turnOff(content)
	if bar, err := c.w.GetTitlebar(); err == nil && bar != nil {
		c.turnOff(bar.ToWidget())
	}
	if bubble, err := newBubble(content, word("Closing…")); err == nil {
		c.bubble = bubble
		bubble.Popup()
	}
}

func (c *cover) turnOff(part *gtk.Widget) {
	if part.GetSensitive() {
		part.SetSensitive(false)
		c.off = append(c.off, part)
	}
}

// hide uncovers a window that outlives the guest.
func (c *cover) hide() {
	if !c.shown {
		return
	}
	delete(covers, c.w.Native())
	if destroyed(c.w) {
		return
	}
	c.resort.hide()
	if c.bubble != nil {
		c.bubble.Destroy()
	}
	for _, part := range c.off {
		part.SetSensitive(true)
	}
}

// newBubble returns a popover at the upper edge of a widget, with a spinner and a text.
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
	bubble.SetModal(false) // otherwise the user could not answer a dialog's Run
	bubble.SetPosition(gtk.POS_BOTTOM)
	bubble.SetPointingTo(*gdk.RectangleNew(over.GetAllocatedWidth()/2, 0, 1, 1))
	return bubble, nil
}

// notPale keeps a widget legible inside an insensitive one; a bubble is in such a widget.
func notPale(w *gtk.Widget) {
	css, err := gtk.CssProviderNew()
	if err != nil || css.LoadFromData("*:disabled { color: @theme_fg_color; }") != nil {
		return
	}
	if style, err := w.GetStyleContext(); err == nil {
		style.AddProvider(css, gtk.STYLE_PROVIDER_PRIORITY_APPLICATION)
	}
}

// word returns a text in the program's language, if its gettext domain has it.
func word(text string) string { return glib.Local(text) }
