//go:build cgo

package gtkui

import "github.com/gotk3/gotk3/gtk"

// manyOptions is the number of options from which on they stand one below the other. In a row
// they may not fit on the screen.
const manyOptions = 4

// columnHeight is the maximum height of a dialog's buttons, in pixels. Higher columns scroll.
const columnHeight = 400

// column puts a dialog's buttons one below the other into a scrolled window. last is one of the
// buttons. They still belong to the dialog, with their responses.
func column(last *gtk.Widget) error {
	area, err := last.GetParent()
	if err != nil {
		return err
	}
	buttons, ok := area.(*gtk.ButtonBox)
	if !ok {
		return nil // they stay where GTK has put them
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
	box.Remove(buttons) // buttons stays alive, since it is referenced here
	buttons.SetOrientation(gtk.ORIENTATION_VERTICAL)
	scroll.Add(buttons)
	box.PackEnd(scroll, true, true, 0)
	scroll.ShowAll()
	return nil
}
