//go:build cgo

package gtkui

import "github.com/gotk3/gotk3/gtk"

// manyOptions is the number of options that stand one below the other: in a row they may not fit
// on the screen.
const manyOptions = 4

// columnHeight is how high the buttons of a dialog may be, in pixels, before they scroll.
const columnHeight = 400

// column puts the buttons of a dialog one below the other, into what scrolls. last is one of them.
// They stay the dialog's, with their responses.
func column(last *gtk.Widget) error {
	area, err := last.GetParent()
	if err != nil {
		return err
	}
	buttons, ok := area.(*gtk.ButtonBox)
	if !ok {
		return nil // they stay as GTK has put them
	}
	outer, err := buttons.GetParent()
	if err != nil {
		return err
	}
	box, ok := outer.(*gtk.Box)
	if !ok {
		return nil
	}
	scroll, err := gtk.ScrolledWindowNew(nil, nil)
	if err != nil {
		return err
	}
	scroll.SetPolicy(gtk.POLICY_NEVER, gtk.POLICY_AUTOMATIC)
	scroll.SetPropagateNaturalHeight(true)
	scroll.SetMaxContentHeight(columnHeight)
	box.Remove(buttons) // which lives on, since it is held here
	buttons.SetOrientation(gtk.ORIENTATION_VERTICAL)
	scroll.Add(buttons)
	box.PackEnd(scroll, true, true, 0)
	scroll.ShowAll()
	return nil
}
