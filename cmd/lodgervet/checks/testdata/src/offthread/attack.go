package offthread

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/widget"
)

type sheet struct{ status *widget.Label }

func (p *sheet) newest() *widget.Label { return p.status }

func newsOf(p *sheet) *widget.Label { return p.status }

func text(l *widget.Label) { l.SetText("x") }

func attack(p *sheet, l *widget.Label, w fyne.Window) {
	go l.SetText("x")            // want `Label.SetText off the UI thread`
	time.AfterFunc(1, l.Refresh) // want `Label.Refresh off the UI thread`
	go dialog.ShowError(nil, w)  // want `dialog.ShowError off the UI thread`
	go fyne.Do(func() { l.Show() })
	go func() {
		n := widget.NewLabel("")
		n = p.status
		n.SetText("x")          // want `n.SetText off the UI thread`
		newsOf(p).SetText("x")  // want `SetText off the UI thread`
		p.newest().SetText("y") // want `SetText off the UI thread`
		text(l)                 // want `text touches widgets`
	}()
	go func() { // near misses: all are new
		var a = widget.NewLabel("")
		a.SetText("x")
		var b widget.Label
		b.SetText("x")
		c := new(widget.Label)
		c.SetText("x")
		list := []*widget.Label{widget.NewLabel("")}
		list[0].SetText("x")
		for _, l := range list {
			l.SetText("y")
		}
		text(a)
	}()
	go func() {
		for _, l := range []*widget.Label{l} {
			l.SetText("y") // want `l.SetText off the UI thread`
		}
	}()
}
