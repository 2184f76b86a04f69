package offthread

import (
	"context"
	"runtime"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/widget"
	"github.com/golodger/lodger/guest"
	"github.com/gotk3/gotk3/glib"
	"github.com/gotk3/gotk3/gtk"
)

type page struct {
	label  *widget.Label
	button *widget.Button
	gtk    *gtk.Label
}

func (p *page) show(text string) { p.label.SetText(text) }

func (p *page) off(ctx context.Context, w fyne.Window, app fyne.App, box *fyne.Container) {
	go func() {
		p.label.SetText("x")     // want `p.label.SetText off the UI thread \(it runs in a goroutine\); use fyne.Do`
		p.show("x")              // want `show touches widgets \(p.label.SetText at offthread.go:22\) off the UI thread`
		w.SetContent(box)        // want `w.SetContent off the UI thread`
		box.Add(p.label)         // want `box.Add off the UI thread`
		dialog.ShowError(nil, w) // want `dialog.ShowError off the UI thread`
		app.NewWindow("x")       // want `app.NewWindow off the UI thread`
		p.gtk.GetText()          // want `p.gtk.GetText off the UI thread`
		d := dialog.NewFileSave(nil, w)
		d.SetFileName("x")
		d.Show() // want `d.Show off the UI thread`
	}()
	guest.Background(ctx, func(ctx context.Context) (int, error) {
		p.button.Disable() // want `p.button.Disable off the UI thread .*return the value, and touch the widget in the task`
		return 0, nil
	})
	time.AfterFunc(1, func() { p.label.Hide() })                     // want `p.label.Hide off the UI thread`
	runtime.SetFinalizer(p, func(p *page) { p.gtk.SetText("gone") }) // want `p.gtk.SetText off the UI thread`
	go p.run()
}

func (p *page) run() {
	p.label.Refresh() // want `p.label.Refresh off the UI thread`
}

// Near misses.
func (p *page) fine(ctx context.Context) {
	go func() {
		fyne.Do(func() { p.label.SetText("x") })
		glib.IdleAdd(func() { p.gtk.SetText("x") })
		_ = p.button.Disabled()
		own := widget.NewLabel("")
		own.SetText("not on a screen yet")
		fyne.Do(func() { p.show("x") })
		l, _ := gtk.LabelNew("")
		l.SetText("x")
	}()
	guest.Background(ctx, func(ctx context.Context) (int, error) {
		guest.RunOnMain(ctx, func() { p.label.SetText("x") })
		return guest.CallOnMain(ctx, func(ctx context.Context) (int, error) {
			p.label.SetText("x")
			return 0, nil
		})
	})
	p.label.SetText("somewhere")
	go func() { // the UI thread's own
		p.gtk.SetText("x")
		gtk.Main()
	}()
}

// What only a test starts with go says nothing of the program.
func (p *page) shown() { p.label.SetText("x") }
