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
	rows    map[int]*fyne.Container // by row of the log: the list's row that shows it
	log     *logview.Log
	collect *guest.Task
}

func newView(ctx context.Context, a fyne.App, keep int) *view {
	v := &view{window: a.NewWindow("Log"), rows: map[int]*fyne.Container{}}
	v.log = logview.New(ctx, keep, nil, v.refresh)
	v.list = widget.NewList(v.log.Len, newRow, func(i int, o fyne.CanvasObject) {
		row := o.(*fyne.Container)
		for at, other := range v.rows { // the list reuses its rows, some later than others
			if other == row || at >= v.log.Len() {
				delete(v.rows, at)
			}
		}
		v.rows[i] = row
		showLine(row, v.log.Row(i))
	})
	v.list.HideSeparators = true
	v.list.OnSelected = v.list.Unselect // a row shows another line in the next frame

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

// refresh shows the current rows, the newest at the bottom.
func (v *view) refresh() {
	v.list.Refresh()
	v.list.ScrollToBottom()
}

// last returns the line that the list shows as its last.
func (v *view) last() string {
	if row := v.rows[v.log.Len()-1]; row != nil {
		return lineIn(row)
	}
	return ""
}
