//go:build cgo

package main

import (
	"context"
	"strings"

	"github.com/gotk3/gotk3/gtk"

	"github.com/golodger/lodger/examples/logview"
	"github.com/golodger/lodger/guest"
)

// A view is the window.
type view struct {
	window  *gtk.Window
	text    *gtk.TextView
	buffer  *gtk.TextBuffer
	log     *logview.Log
	collect *guest.Task
}

func newView(ctx context.Context, keep int) *view {
	v := &view{}
	v.log = logview.New(ctx, keep, nil, v.refresh)
	v.window, _ = gtk.WindowNew(gtk.WINDOW_TOPLEVEL) // if GTK can't create it, it ends the process
	v.window.SetTitle("Log")
	v.window.SetDefaultSize(800, 560)

	filter, _ := gtk.EntryNew()
	filter.SetPlaceholderText("Filter")
	filter.Connect("changed", func() {
		text, _ := filter.GetText()
		v.log.Filter(text)
	})
	follow, _ := gtk.CheckButtonNewWithLabel("Follow")
	follow.SetActive(true)
	follow.Connect("toggled", func() { v.log.Follow(follow.GetActive()) })
	clear, _ := gtk.ButtonNewWithLabel("Clear")
	clear.Connect("clicked", v.log.Clear)
	top, _ := gtk.BoxNew(gtk.ORIENTATION_HORIZONTAL, 6)
	top.PackStart(filter, true, true, 0)
	top.PackStart(follow, false, false, 0)
	top.PackStart(clear, false, false, 0)

	v.text, _ = gtk.TextViewNew()
	v.text.SetEditable(false)
	v.text.SetCursorVisible(false)
	v.text.SetMonospace(true)
	v.text.SetLeftMargin(6)
	v.buffer, _ = v.text.GetBuffer()
	scroll, _ := gtk.ScrolledWindowNew(nil, nil)
	scroll.SetShadowType(gtk.SHADOW_IN)
	scroll.Add(v.text)

	status, _ := gtk.LabelNew("")
	status.SetXAlign(0)
	v.log.Status.Bind(ctx, status.SetText)

	all, _ := gtk.BoxNew(gtk.ORIENTATION_VERTICAL, 6)
	all.SetBorderWidth(6)
	all.PackStart(top, false, false, 0)
	all.PackStart(scroll, true, true, 0)
	all.PackStart(status, false, false, 0)
	v.window.Add(all)
	return v
}

// refresh shows the current rows. A text view lays out all its lines. So while new lines are
// shown, it contains only the visible ones. While the rows are frozen, it contains all of them,
// so that the user can scroll.
func (v *view) refresh() {
	rows := v.log.Len()
	if !v.log.Paused() {
		rows = min(rows, v.room())
	}
	var b strings.Builder
	for i := v.log.Len() - rows; i < v.log.Len(); i++ {
		if b.Len() > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(v.log.Row(i))
	}
	v.buffer.SetText(b.String())
	v.text.ScrollToMark(v.buffer.GetInsert(), 0, false, 0, 0)
}

// room returns how many lines are visible.
func (v *view) room() int {
	_, height := v.text.GetLineYrange(v.buffer.GetStartIter())
	return max(1, v.text.GetVisibleRect().GetHeight()/max(1, height))
}

// last returns the last line of the text.
func (v *view) last() string {
	end := v.buffer.GetEndIter()
	text, _ := v.buffer.GetText(v.buffer.GetIterAtLine(end.GetLine()), end, true)
	return text
}
