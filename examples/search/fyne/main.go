// Search finds books as you type, in a Fyne window. Watch for these things: the entry never
// stalls, although the server takes up to 1.6 seconds, longest for short texts. The bar moves
// from the first letter to the last answer. An answer to an old text never shows. "*" makes the
// server fail, and the next letter clears the error. Escape stops a search. So does closing the
// window.
//
//	go run ./examples/search/fyne
package main

import (
	"context"
	"fmt"
	"os"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/golodger/lodger/examples/search"
	"github.com/golodger/lodger/guest"
	fynehost "github.com/golodger/lodger/hosts/fyne"
)

func main() {
	a := app.NewWithID("com.github.golodger.search")
	err := fynehost.Run(a, func(ctx context.Context) error {
		open(ctx, a, search.Catalogue)
		return guest.Park(ctx) // until the window is closed
	}, nil)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// open shows a window that searches with query.
func open(ctx context.Context, a fyne.App, query search.Query) fyne.Window {
	s := search.New(ctx, query)
	entry := newEntry(s)

	bar := widget.NewProgressBarInfinite()
	fynehost.ShowWhen(ctx, s.Busy(), bar)

	problem := widget.NewLabelWithStyle("", fyne.TextAlignTrailing, fyne.TextStyle{})
	problem.Truncation = fyne.TextTruncateEllipsis
	problem.Importance = widget.DangerImportance
	s.Problem.Bind(ctx, problem.SetText)

	count := widget.NewLabel("")
	list := widget.NewList(
		func() int { return len(s.Hits.Get().Titles) },
		func() fyne.CanvasObject { return widget.NewLabel("") },
		func(i widget.ListItemID, row fyne.CanvasObject) {
			row.(*widget.Label).SetText(s.Hits.Get().Titles[i])
		})
	s.Hits.Bind(ctx, func(h search.Hits) {
		count.SetText(h.String())
		list.UnselectAll()
		list.ScrollToTop()
		list.Refresh()
	})

	w := a.NewWindow("Search")
	top := container.NewVBox(entry, container.New(thin{}, bar), container.NewBorder(nil, nil, count, nil, problem))
	w.SetContent(container.NewBorder(top, nil, nil, nil, list))
	w.Resize(fyne.NewSize(480, 420))
	w.Canvas().Focus(entry)
	g, _ := guest.FromContext(ctx)
	fynehost.QuitOnClose(g, w, nil)
	w.Show()
	return w
}

// An entry searches for what is typed into it.
type entry struct {
	widget.Entry
	search *search.Search
}

func newEntry(s *search.Search) *entry {
	e := &entry{search: s}
	e.ExtendBaseWidget(e)
	e.SetPlaceHolder("Title")
	e.ActionItem = widget.NewButtonWithIcon("", theme.CancelIcon(), func() { e.SetText("") })
	e.OnChanged = s.Call
	return e
}

// TypedKey stops the search on Escape. An entry ignores that key.
func (e *entry) TypedKey(key *fyne.KeyEvent) {
	if key.Name == fyne.KeyEscape {
		e.search.Cancel(nil)
		return
	}
	e.Entry.TypedKey(key)
}

// thin reserves a narrow place for the bar, so that nothing moves when the bar is shown or hidden.
type thin struct{}

func (thin) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(0, 4) }

func (thin) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	for _, o := range objects {
		o.Resize(size)
		o.Move(fyne.NewPos(0, 0))
	}
}
