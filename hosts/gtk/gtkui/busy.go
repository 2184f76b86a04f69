//go:build cgo

package gtkui

import (
	"context"

	"github.com/gotk3/gotk3/gdk"
	"github.com/gotk3/gotk3/gtk"
	"github.com/gotk3/gotk3/pango"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/hosts/internal/windows"
)

// Busy runs work off the UI thread, and meanwhile shows a dialog with the progress. It returns
// work's result, and whether work succeeded without being cancelled. In a task. Waits until work
// has returned.
//
// The dialog has a bar, a line of text and a Cancel button. report sets the bar and the text.
// done is from 0 to 1, or negative if the progress is not known; then the bar moves, as it does
// before the first report. report may be called on any goroutine, as often as needed. It never
// waits.
//
//	n, ok, err := gtkui.Busy(ctx, w, "Importing",
//		func(ctx context.Context, report func(done float64, text string)) (int, error) {
//			for i, name := range names {
//				report(float64(i)/float64(len(names)), name)
//				…
//
// The Cancel button cancels work's context, and shows that until work has returned. Then ok is
// false and err is nil. If that takes longer than 5 s, and the user closes the dialog again, it
// stops being modal, so the user can go on in other windows and close them. If work fails, Busy
// shows the failure to the user; err is nil then, too. err is not nil if ctx is done or w was
// closed, which also cancels work, or if work panicked.
func Busy[T any](ctx context.Context, w *gtk.Window, title string,
	work func(ctx context.Context, report func(done float64, text string)) (T, error)) (v T, ok bool, err error) {
	needTask("Busy")
	if work == nil {
		panic("gtkui: Busy called with a nil function; pass the work to do")
	}
	if err := cantAsk(ctx, w); err != nil {
		return v, false, err
	}
	p, err := newProgress(w, title)
	if err != nil {
		return v, false, err
	}
	p.over = stays(p.dialog, ctx)
	defer p.over()
	return windows.Busy(ctx, windows.BusyDialog{
		Show:   p.show,
		Report: p.report,
		Fail:   func(ctx context.Context, problem error) error { return ShowError(ctx, w, problem) },
	}, work)
}

// A progress is a dialog that shows the progress of work. UI thread only.
type progress struct {
	dialog *gtk.Dialog
	line   *gtk.Label
	bar    *gtk.ProgressBar
	cancel *gtk.Button
	moving bool
	ticks  bool // there is a tick callback that moves the bar
	gone   bool // the dialog has been destroyed
	over   func()
}

func newProgress(w *gtk.Window, title string) (p *progress, err error) {
	p = new(progress)
	if p.dialog, err = gtk.DialogNewWithButtons(title, parent(w), ours); err != nil {
		return nil, err
	}
	if err := p.build(); err != nil {
		p.dialog.Destroy()
		return nil, err
	}
	return p, nil
}

func (p *progress) build() (err error) {
	if p.line, err = gtk.LabelNew(""); err != nil {
		return err
	}
	p.line.SetXAlign(0)
	p.line.SetWidthChars(40) // whatever the text, the dialog keeps its size
	p.line.SetMaxWidthChars(40)
	p.line.SetEllipsize(pango.ELLIPSIZE_MIDDLE) // both ends of a path say most
	if p.bar, err = gtk.ProgressBarNew(); err != nil {
		return err
	}
	if p.cancel, err = p.dialog.AddButton(word("_Cancel"), gtk.RESPONSE_CANCEL); err != nil {
		return err
	}
	box, err := gtk.BoxNew(gtk.ORIENTATION_VERTICAL, 12)
	if err != nil {
		return err
	}
	area, err := p.dialog.GetContentArea()
	if err != nil {
		return err
	}
	p.dialog.SetBorderWidth(margin)
	box.SetBorderWidth(12)
	box.PackStart(p.line, false, false, 0)
	box.PackStart(p.bar, false, false, 0)
	area.PackStart(box, true, true, 0)
	box.ShowAll()
	return nil
}

// show shows the dialog until hide is called. Escape and the close button act as the Cancel
// button.
func (p *progress) show(stop func(cause error)) (hide func()) {
	p.dialog.Connect("response", func() {
		p.cancel.SetSensitive(false)
		p.cancel.SetLabel(word("Cancelling…"))
		dismissed(p.dialog)
		stop(nil)
	})
	// the dialog stays until the work has ended
	p.dialog.Connect("delete-event", func() bool { return true })
	p.dialog.Connect("destroy", func() {
		if !p.gone {
			p.gone = true
			stop(guest.ErrWindowClosed)
		}
	})
	p.move(true)
	p.dialog.Show()
	return func() {
		p.over() // before a failure is shown
		if !p.gone {
			p.gone = true
			p.dialog.Destroy()
		}
	}
}

func (p *progress) report(done float64, text string) {
	if p.gone {
		return
	}
	p.line.SetText(text)
	p.move(!(done >= 0)) // so that a NaN moves it, too
	if !p.moving {
		p.bar.SetFraction(min(done, 1))
	}
}

// move lets the bar move by itself, or stops it. GTK moves it smoothly between two pulses.
func (p *progress) move(on bool) {
	if p.moving = on; !on || p.ticks {
		return
	}
	p.ticks = true
	frames := 0
	p.bar.AddTickCallback(func(*gtk.Widget, *gdk.FrameClock) bool {
		if p.ticks = p.moving; p.ticks && frames%6 == 0 {
			p.bar.Pulse()
		}
		frames++
		return p.ticks
	})
}
