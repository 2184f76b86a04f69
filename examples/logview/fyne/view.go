package main

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/golodger/lodger/examples/logview"
	"github.com/golodger/lodger/guest"
)

// A view is the window.
type view struct {
	window  fyne.Window
	list    *widget.List
	log     *logview.Log
	collect *guest.Task
	rows    map[fyne.CanvasObject]int // which line each row of the list shows
}

func newView(ctx context.Context, a fyne.App, keep int) *view {
	v := &view{window: a.NewWindow("Log"), rows: map[fyne.CanvasObject]int{}}
	v.log = logview.New(ctx, keep, nil, v.refresh)
	v.list = widget.NewList(v.log.Len, newRow, v.showRow)
	v.list.HideSeparators = true

	filter := widget.NewEntry()
	filter.SetPlaceHolder("Filter")
	filter.OnChanged = v.log.Filter
	follow := widget.NewCheck("Follow", v.log.Follow)
	follow.Checked = true
	clear := widget.NewButtonWithIcon("Clear", theme.ContentClearIcon(), v.log.Clear)
	status := widget.NewLabel("")
	status.Truncation = fyne.TextTruncateEllipsis
	v.log.Status.Bind(ctx, status.SetText)

	top := container.NewBorder(nil, nil, nil, container.NewHBox(follow, clear), filter)
	v.window.SetContent(container.NewBorder(top, status, nil, nil, v.list))
	v.window.Resize(fyne.NewSize(800, 560))
	return v
}

// refresh shows the rows as they are now; the newest, unless the user looks at older ones.
func (v *view) refresh() {
	if v.log.Paused() {
		v.list.Refresh()
		return
	}
	v.list.Refresh()
	v.list.ScrollToBottom()
}

func (v *view) showRow(i int, o fyne.CanvasObject) {
	v.rows[o] = i
	showIn(o, v.log.Row(i))
}

// last returns the line that the list shows at its end.
func (v *view) last() string {
	for o, i := range v.rows {
		if i == v.log.Len()-1 {
			return textOf(o)
		}
	}
	return ""
}
