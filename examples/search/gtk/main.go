//go:build cgo

// Search finds books as you type, in a GTK window. Watch for these things: the entry never stalls,
// although the server takes up to 1.6 seconds, longest for short texts. The spinner turns from
// the first letter to the last answer. An answer to an old text never shows. "*" makes the
// server fail, and the next letter clears the error. Escape stops a search. So does closing the
// window.
//
//	go run ./examples/search/gtk
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/gotk3/gotk3/gtk"
	"github.com/gotk3/gotk3/pango"

	"github.com/golodger/lodger/examples/search"
	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/hosts/gtk/gtkui"
)

func main() {
	err := gtkui.Run(func(ctx context.Context) error {
		open(ctx, search.Catalogue)
		return guest.Park(ctx) // until the window is closed
	}, nil)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// open shows a window that searches with query. If GTK can't create a widget, it ends the process.
func open(ctx context.Context, query search.Query) *gtk.Window {
	s := search.New(ctx, query)
	entry, _ := gtk.SearchEntryNew()
	entry.SetPlaceholderText("Title")
	entry.Connect("changed", func() {
		text, _ := entry.GetText()
		s.Call(text)
	})
	entry.Connect("stop-search", func() { s.Cancel(nil) }) // Escape

	spinner, _ := gtk.SpinnerNew()
	spinner.Start()
	spinner.SetNoShowAll(true)
	gtkui.ShowWhen(ctx, s.Busy(), spinner)

	problem := label()
	problem.SetEllipsize(pango.ELLIPSIZE_END)
	icon, _ := gtk.ImageNewFromIconName("dialog-error-symbolic", gtk.ICON_SIZE_BUTTON)
	icon.SetNoShowAll(true)
	s.Problem.Bind(ctx, func(text string) {
		problem.SetText(text)
		icon.SetVisible(text != "")
	})

	count, list := label(), newList()
	s.Hits.Bind(ctx, func(h search.Hits) {
		count.SetText(h.String())
		list.show(h.Titles)
	})

	line, _ := gtk.BoxNew(gtk.ORIENTATION_HORIZONTAL, 6)
	line.PackStart(count, false, false, 0)
	line.PackStart(spinner, false, false, 0)
	line.PackEnd(problem, false, true, 0)
	line.PackEnd(icon, false, false, 0)
	box, _ := gtk.BoxNew(gtk.ORIENTATION_VERTICAL, 6)
	box.SetBorderWidth(6)
	box.PackStart(entry, false, false, 0)
	box.PackStart(line, false, false, 0)
	box.PackStart(list.scroll, true, true, 0)

	w, _ := gtk.WindowNew(gtk.WINDOW_TOPLEVEL)
	w.SetTitle("Search")
	w.SetDefaultSize(480, 420)
	w.Add(box)
	g, _ := guest.FromContext(ctx)
	gtkui.QuitOnClose(g, w, nil)
	w.ShowAll()
	return w
}

// A list shows lines of text.
type list struct {
	scroll *gtk.ScrolledWindow
	rows   *gtk.ListBox
}

func newList() *list {
	l := new(list)
	l.rows, _ = gtk.ListBoxNew()
	l.scroll, _ = gtk.ScrolledWindowNew(nil, nil)
	l.scroll.SetShadowType(gtk.SHADOW_IN)
	l.scroll.Add(l.rows)
	return l
}

// show replaces the lines.
func (l *list) show(lines []string) {
	l.rows.GetChildren().Foreach(func(row any) { row.(*gtk.Widget).Destroy() })
	for _, line := range lines {
		row := label()
		row.SetText(line)
		row.SetMarginTop(4)
		row.SetMarginBottom(4)
		row.SetMarginStart(6)
		l.rows.Add(row)
	}
	l.rows.ShowAll()
}

func label() *gtk.Label {
	l, _ := gtk.LabelNew("")
	l.SetXAlign(0)
	return l
}
