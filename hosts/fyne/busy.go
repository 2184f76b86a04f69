package fynehost

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/hosts/internal/windows"
)

// Busy runs work off the UI thread, and meanwhile shows a dialog with a progress bar, a line of
// text and a Cancel button. It returns work's result, and whether work succeeded without being
// cancelled. In a task. Waits.
//
//	copyAll := func(ctx context.Context, report func(float64, string)) (int, error) {
//		for i, file := range files {
//			report(float64(i)/float64(len(files)), file)
//			if err := copyFile(ctx, file); err != nil {
//				return i, err
//			}
//		}
//		return len(files), nil
//	}
//	n, ok, err := fynehost.Busy(ctx, w, "Copying", copyAll)
//
// The context of work is done when the user presses Cancel or Escape, when w is closed, or when
// ctx is done. Busy returns when work has returned. work calls report with its progress, from 0
// to 1. A negative progress means that it is not known; then the bar moves to and fro, as it
// does before the first report. report may be called on any goroutine, and never waits.
//
// If work fails, Busy shows the failure to the user, even after a Cancel. ok is then false, and
// err is nil. After a Cancel ok is false, too, and v is what work returned. err is not nil if
// ctx is done, if w was closed (guest.ErrWindowClosed), or if work panicked. Busy also returns a
// failure that it can't show any more.
func Busy[T any](ctx context.Context, w fyne.Window, title string,
	work func(ctx context.Context, report func(done float64, text string)) (T, error)) (v T, ok bool, err error) {
	if work == nil {
		panic("fynehost: Busy called with a nil function; pass the work to do")
	}
	d := new(busyDialog)
	if d.question, err = pose(ctx, "Busy", w, func() { d.stop(guest.ErrWindowClosed) }); err != nil {
		return v, false, err
	}
	return windows.Busy(ctx, windows.BusyDialog{
		Show:   func(stop func(cause error)) (hide func()) { return d.show(w, title, stop) },
		Report: d.report,
		Fail:   func(ctx context.Context, problem error) error { return ShowError(ctx, w, problem) },
	}, work)
}

// A busyDialog is the dialog of Busy. UI thread only.
type busyDialog struct {
	question *question
	stop     func(cause error)
	bar      *widget.ProgressBar
	moving   *widget.ProgressBarInfinite // in place of the bar, while the progress is not known
	text     *widget.Label
	box      *dialog.CustomDialog
	stopped  bool // the user has pressed Cancel
}

func (d *busyDialog) show(w fyne.Window, title string, stop func(cause error)) (hide func()) {
	d.stop = stop
	d.bar, d.moving = widget.NewProgressBar(), widget.NewProgressBarInfinite()
	d.bar.Hide()
	d.text = widget.NewLabel("")
	d.text.Truncation = fyne.TextTruncateEllipsis
	keys := newKeys(nil, d.cancelled)
	content := container.NewVBox(container.NewStack(keys, d.text), container.NewStack(d.bar, d.moving), widget.NewLabel(""))
	d.box = dialog.NewCustomWithoutButtons(title, content, w)
	d.box.SetButtons([]fyne.CanvasObject{widget.NewButtonWithIcon(lang.L("Cancel"), theme.CancelIcon(), d.cancelled)})
	d.box.Resize(wideEnough(w)) // a bar by itself is narrow
	d.box.Show()
	d.question.shown()
	w.Canvas().Focus(keys)
	return func() {
		d.moving.Stop()
		d.question.end(d.box.Hide)
	}
}

// cancelled cancels the work and shows that, since the work may take a while to end.
func (d *busyDialog) cancelled() {
	if d.stopped {
		return
	}
	d.stopped = true
	// instead of the button: the text of a disabled button is hard to read
	d.box.SetButtons([]fyne.CanvasObject{widget.NewLabel(lang.L("Cancelling…"))})
	d.stop(nil)
}

func (d *busyDialog) report(done float64, text string) {
	d.text.SetText(text)
	if known := done >= 0; known != d.bar.Visible() {
		show, hide := fyne.CanvasObject(d.bar), fyne.CanvasObject(d.moving)
		if !known {
			show, hide = hide, show
		}
		show.Show()
		hide.Hide()
	}
	d.bar.SetValue(max(0, done))
}
