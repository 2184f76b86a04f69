//go:build cgo

package gtktest

import (
	"fmt"
	"strings"

	"github.com/gotk3/gotk3/gdk"
	"github.com/gotk3/gotk3/glib"
	"github.com/gotk3/gotk3/gtk"
)

// An element is a widget with a text.
type element struct {
	widget gtk.IWidget
	text   string
}

func (e element) String() string {
	kind := strings.TrimPrefix(fmt.Sprintf("%T", e.widget), "*gtk.")
	off := ""
	if !e.widget.ToWidget().IsSensitive() {
		off = ", insensitive"
	}
	return fmt.Sprintf("%s %q%s", kind, e.text, off)
}

// scan lists the widgets below a widget, in GTK's order. It includes the items of closed menus,
// since a user would open them.
func scan(in gtk.IWidget) (found []element) {
	w, err := in.ToWidget().Cast()
	if err != nil { // gotk3 does not know the type
		return nil
	}
	_, item := w.(interface{ GetSubmenu() (gtk.IMenu, error) })
	if !item && !w.ToWidget().GetMapped() {
		return nil
	}
	if text, ok := textOf(w); ok {
		found = append(found, element{w, text})
	}
	for _, child := range children(w) {
		found = append(found, scan(child)...)
	}
	return found
}

func children(w gtk.IWidget) (list []gtk.IWidget) {
	if c, ok := w.(interface{ GetChildren() *glib.List }); ok {
		if l := c.GetChildren(); l != nil {
			l.Foreach(func(child any) { list = append(list, child.(*gtk.Widget)) })
		}
	}
	if c, ok := w.(interface{ GetTitlebar() (gtk.IWidget, error) }); ok {
		if bar, err := c.GetTitlebar(); err == nil && bar != nil {
			list = append(list, bar)
		}
	}
	if c, ok := w.(interface{ GetSubmenu() (gtk.IMenu, error) }); ok {
		if menu, err := c.GetSubmenu(); err == nil && menu != nil {
			list = append(list, items(menu)...)
		}
	}
	return list
}

// items lists the items of a menu, which is not on the screen while it is closed.
func items(menu gtk.IMenu) (list []gtk.IWidget) {
	if c, ok := menu.(interface{ GetChildren() *glib.List }); ok {
		if l := c.GetChildren(); l != nil {
			l.Foreach(func(child any) { list = append(list, child.(*gtk.Widget)) })
		}
	}
	return list
}

// textOf returns a widget's text, without the underscore of a mnemonic.
func textOf(w gtk.IWidget) (string, bool) {
	switch w := w.(type) {
	case interface{ GetText() (string, error) }: // labels, entries
		text, err := w.GetText()
		return text, err == nil
	case interface{ GetLabel() (string, error) }: // buttons
		text, err := w.GetLabel()
		return plain(text), err == nil && text != ""
	case interface{ GetLabel() string }: // menu items
		return plain(w.GetLabel()), w.GetLabel() != ""
	}
	return "", false
}

// plain returns a text without the underscore that marks its mnemonic; two underscores stand for
// one.
func plain(text string) string {
	return strings.NewReplacer("__", "_", "_", "").Replace(text)
}

// dialog returns the newest open dialog, or nil.
func dialog() *gtk.Window {
	if all := dialogs(); len(all) > 0 {
		return all[len(all)-1]
	}
	return nil
}

// dialogs lists the open dialogs, in the order in which they were made.
func dialogs() (list []*gtk.Window) {
	for _, w := range toplevels() {
		if w.GetMapped() && w.GetTypeHint() == gdk.WINDOW_TYPE_HINT_DIALOG {
			list = append(list, w)
		}
	}
	return list
}

// toplevels lists all windows, in the order in which they were made.
func toplevels() (list []*gtk.Window) {
	gtk.WindowListToplevels().Foreach(func(w any) { list = append(list, w.(*gtk.Window)) })
	return list
}

func destroyAll() {
	for _, w := range toplevels() {
		w.Destroy()
	}
}

// screen lists what all windows show, for a failure.
func screen() string {
	var b strings.Builder
	for _, w := range toplevels() {
		if !w.GetMapped() {
			continue
		}
		title, _ := w.GetTitle()
		fmt.Fprintf(&b, "window %q\n", title)
		for _, e := range scan(w) {
			fmt.Fprintf(&b, "\t%v\n", e)
		}
	}
	return b.String()
}
