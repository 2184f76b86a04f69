//go:build cgo

package gtkui

import "github.com/gotk3/gotk3/gtk"

// LastResort returns the window that lets the user end the program of w, and its button; or nil.
func LastResort(w *gtk.Window) (*gtk.MessageDialog, *gtk.Button) {
	c := covers[w.Native()]
	if c == nil || c.resort.dialog == nil {
		return nil, nil
	}
	return c.resort.dialog, c.resort.button
}
