//go:build cgo

package gtkui

import (
	"github.com/gotk3/gotk3/glib"
	"github.com/gotk3/gotk3/gtk"
)

// A dimmed is a window whose content is insensitive for one or several reasons.
type dimmed struct {
	reasons int
	parts   []*gtk.Widget // those that were sensitive before
}

// dims has these windows. The key is the window's address in C. UI thread only.
var dims = map[uintptr]*dimmed{}

// dim makes the content of w insensitive, and what the program has put into its title bar, until
// undim is called. GTK's own buttons in the title bar stay as they are. UI thread only.
func dim(w *gtk.Window) (undim func()) {
	key := w.Native()
	d := dims[key]
	if d == nil {
		d = &dimmed{parts: partsOf(w)}
		dims[key] = d
		for _, part := range d.parts {
			part.SetSensitive(false)
		}
	}
	d.reasons++
	return func() {
		if d.reasons--; d.reasons > 0 {
			return
		}
		delete(dims, key)
		if destroyed(w) {
			return
		}
		for _, part := range d.parts {
			part.SetSensitive(true)
		}
	}
}

// partsOf returns the sensitive parts of w.
func partsOf(w *gtk.Window) (parts []*gtk.Widget) {
	add := func(part *gtk.Widget) {
		if part != nil && part.GetSensitive() {
			parts = append(parts, part)
		}
	}
	add(contentOf(w))
	bar, err := w.GetTitlebar()
	if err != nil || bar == nil {
		return parts
	}
	if box, ok := bar.(interface{ GetChildren() *glib.List }); ok {
		each(box.GetChildren(), add) // the bar's close button is not among them
	} else {
		add(bar.ToWidget())
	}
	return parts
}

// contentOf returns what is in w, or nil.
func contentOf(w *gtk.Window) (content *gtk.Widget) {
	// not GetChild, which handles only GTK's own types
	each(w.GetChildren(), func(child *gtk.Widget) {
		if content == nil {
			content = child
		}
	})
	return content
}

func each(list *glib.List, visit func(child *gtk.Widget)) {
	if list != nil { // it is empty
		list.Foreach(func(child any) { visit(child.(*gtk.Widget)) })
	}
}
