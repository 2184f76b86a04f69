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
	rows    map[*fyne.Container]int // which row of the log each row of the list shows
	log     *logview.Log
	collect *guest.Task
}

func newView(ctx context.Context, a fyne.App, keep int) *view {
	v := &view{window: a.NewWindow("Log"), rows: map[*fyne.Container]int{}}
	v.log = logview.New(ctx, keep, nil, v.refresh)
	v.list = widget.NewList(v.log.Len, newRow, func(i int, o fyne.CanvasObject) {
		row := o.(*fyne.Container)
		v.rows[row] = i
		showLine(row, v.log.Row(i))
	})
	v.list.HideSeparators = true
	v.list.OnSelected = v.list.Unselect // a row is another line in the next frame

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
	v.window.SetContent(container.NewPadded(container.NewBorder(top, status, nil, nil, v.list)))
	v.window.Resize(fyne.NewSize(800, 560))
	return v
}

// refresh shows the rows as they are now, the newest at the bottom.
func (v *view) refresh() {
	v.list.Refresh()
	v.list.ScrollToBottom()
}

// last returns the line that the list shows as its last.
func (v *view) last() string {
	for row, i := range v.rows {
		if i == v.log.Len()-1 {
			return lineIn(row)
		}
	}
	return ""
}
