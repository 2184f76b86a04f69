//go:build cgo

package gtktest

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gotk3/gotk3/gtk"
)

// tapOne returns a function that taps the widget with this text in a window, or the reason why
// that is not possible.
func tapOne(in *gtk.Window, text string) (tap func(), why string) {
	var found []element
	for _, e := range scan(in) {
		if e.text == text && tapOf(e.widget) != nil {
			found = append(found, e)
		}
	}
	switch {
	case len(found) == 0:
		return nil, "it is not there"
	case len(found) > 1:
		return nil, fmt.Sprintf("there are %d: %v", len(found), found)
	case !found[0].widget.ToWidget().IsSensitive():
		return nil, "it is insensitive"
	}
	return tapOf(found[0].widget), ""
}

// tapOf returns a function that does what a click on the widget does, or nil.
func tapOf(w gtk.IWidget) func() {
	switch w := w.(type) {
	case interface{ Clicked() }: // buttons, also check buttons
		return w.Clicked
	case interface {
		GetSubmenu() (gtk.IMenu, error)
		Activate()
	}:
		return w.Activate
	}
	return nil
}

// field returns the only entry with this label, or the reason why it can't be used.
func field(in *gtk.Window, label string) (e *gtk.Entry, why string) {
	found, all := fields(in, label)
	switch {
	case len(found) == 0:
		return nil, fmt.Sprintf("there are %d entries, but none with this label", all)
	case len(found) > 1:
		return nil, fmt.Sprintf("there are %d: %v", len(found), found)
	}
	e = found[0].widget.(*gtk.Entry)
	if !e.IsSensitive() {
		return nil, "it is insensitive"
	}
	return e, ""
}

// fields returns the entries with this label, and how many entries there are. A placeholder goes
// before a label beside the entry.
func fields(in *gtk.Window, label string) (found []element, count int) {
	all := scan(in)
	var entries []element
	for _, e := range all {
		switch w := e.widget.(type) {
		case *gtk.Entry:
			entries = append(entries, e)
		case *gtk.SearchEntry:
			entries = append(entries, element{&w.Entry, e.text})
		case *gtk.SpinButton:
			entries = append(entries, element{&w.Entry, e.text})
		}
	}
	if label == "" {
		if len(entries) == 1 {
			found = entries
		}
		return found, len(entries)
	}
	for _, e := range entries {
		if text, err := e.widget.(*gtk.Entry).GetPlaceholderText(); err == nil && text == label {
			found = append(found, e)
		}
	}
	if len(found) > 0 {
		return found, len(entries)
	}
	for _, l := range all {
		if w, ok := l.widget.(*gtk.Label); ok && strings.TrimSuffix(l.text, ":") == strings.TrimSuffix(label, ":") {
			if e := nearest(in, &w.Widget, entries); e != nil && !slices.Contains(found, *e) {
				found = append(found, *e)
			}
		}
	}
	return found, len(entries)
}

// nearest returns the entry next to a label: the nearest to the right, or else the nearest
// below; or nil.
func nearest(in *gtk.Window, label *gtk.Widget, entries []element) (best *element) {
	l, least := area(in, label), 0
	for i := range entries {
		a, distance := area(in, entries[i].widget.ToWidget()), -1
		switch {
		case a.top < l.bottom && l.top < a.bottom && a.left >= l.right:
			distance = a.left - l.right
		case a.left < l.right && l.left < a.right && a.top >= l.bottom:
			distance = 10_000 + a.top - l.bottom // an entry beside the label comes first
		}
		if distance >= 0 && (best == nil || distance < least) {
			best, least = &entries[i], distance
		}
	}
	return best
}

type rectangle struct{ left, top, right, bottom int }

// area returns the position and size of a widget in a window.
func area(in *gtk.Window, w *gtk.Widget) rectangle {
	x, y, err := w.TranslateCoordinates(in, 0, 0)
	if err != nil {
		return rectangle{}
	}
	return rectangle{x, y, x + w.GetAllocatedWidth(), y + w.GetAllocatedHeight()}
}
