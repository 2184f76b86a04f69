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

// Busy runs work off the UI thread, under a dialog with a bar, a line of text and a Cancel button,
// and returns its result, and whether it came to its end. In a task. Waits.
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
// work gets a context that is done when the user has pressed Cancel, or Escape, when w is closed,
// or when ctx is done; Busy returns when work has. report says how far it is, from 0 to 1, or
// below 0 where that is not known: then the bar moves to and fro, as it does before the first
// report. It is for any goroutine, and never waits.
//
// A failure of work is shown to the user, also after a Cancel, and is no error of Busy's: ok is
// false. So it is after a Cancel, and then v is what work has returned. err says that ctx is done,
// that w was closed (guest.ErrWindowClosed), or that work has panicked; a failure that
// can't be shown any more is returned, too.
func Busy[T any](ctx context.Context, w fyne.Window, title string,
	work func(ctx context.Context, report func(done float64, text string)) (T, error)) (v T, ok bool, err error) {
	if work == nil {
		panic("fynehost: Busy called with a nil function; pass the work to be done")
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

// A busyDialog is what Busy shows. UI thread only.
type busyDialog struct {
	question *question
	stop     func(cause error)
	bar      *widget.ProgressBar
	moving   *widget.ProgressBarInfinite // in its place, where it is not known how far the work is
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
	d.box.Resize(wideEnough(w)) // a bar alone asks for little
	d.box.Show()
	d.question.shown()
	w.Canvas().Focus(keys)
	return func() {
		d.moving.Stop()
		d.question.end(d.box.Hide)
	}
}

// cancelled cancels the work, and says so: it may take a while to end.
func (d *busyDialog) cancelled() {
	if d.stopped {
		return
	}
	d.stopped = true
	// in the place of the button, since the text of a disabled one can hardly be read
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
