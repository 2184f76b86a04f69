package fynehost

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/golodger/lodger/hosts/internal/events"
	"github.com/golodger/lodger/hosts/internal/windows"
)

// Custom shows content with two buttons and returns whether the first was chosen; with an empty
// dismiss there is one button only, confirm, and the answer is true. In a task. Waits.
//
// check, if not nil, is called in a task when the user confirms, and may wait: for a server's
// answer, for example. Meanwhile the dialog stays open, and dismiss cancels the check. If check
// returns nil, the dialog is closed, and the answer is true, unless it has been dismissed
// meanwhile. An error is shown in the dialog, in its own words, and the dialog stays. So is a
// time-out of check's. A panic in check closes the dialog, and is Custom's error.
//
// During the check neither the mouse nor the keyboard reaches content, which looks pale, and has
// the focus again afterwards. No widget is disabled for that: a button that check disables stays
// so. What code sets comes through; so check had better read content once, at its beginning, and
// use that.
func Custom(ctx context.Context, w fyne.Window, title, confirm, dismiss string, content fyne.CanvasObject,
	check func(ctx context.Context) error) (bool, error) {
	if content == nil {
		panic("fynehost: Custom called without content; for a text alone use Confirm or Inform")
	}
	d := &customDialog{window: w}
	q, err := pose(ctx, "Custom", w, func() { d.presses.Tell(windows.Gone) })
	if err != nil {
		return false, err
	}
	d.build(title, confirm, dismiss, content, check != nil)
	defer q.end(d.dialog.Hide)
	d.dialog.Show()
	q.shown()
	return windows.Checked(ctx, windows.CheckedDialog{Presses: &d.presses, Checking: d.checking, Problem: d.show}, check)
}

// A customDialog is what Custom shows. UI thread only.
type customDialog struct {
	window  fyne.Window
	dialog  *dialog.CustomDialog
	presses events.Listener[windows.Press]
	confirm *widget.Button
	shield  *shield // over the content, while it is checked
	moving  *widget.ProgressBarInfinite
	problem *widget.Label
	focused fyne.Focusable // before the check
}

func (d *customDialog) build(title, confirm, dismiss string, content fyne.CanvasObject, checked bool) {
	press := func(p windows.Press) func() { return func() { d.presses.Tell(p) } }
	if checked {
		content = d.checkable(content, dismiss != "", press(windows.Dismiss))
	}
	d.dialog = dialog.NewCustomWithoutButtons(title, content, d.window)
	d.confirm = &widget.Button{Text: confirm, Importance: widget.HighImportance, OnTapped: press(windows.Confirm)}
	buttons := []fyne.CanvasObject{d.confirm}
	if dismiss != "" {
		d.confirm.Icon = theme.ConfirmIcon()
		buttons = []fyne.CanvasObject{&widget.Button{Text: dismiss, Icon: theme.CancelIcon(), OnTapped: press(windows.Dismiss)}, d.confirm}
	}
	d.dialog.SetButtons(buttons)
	if checked {
		d.dialog.Resize(wideEnough(d.window))
	}
}

// wideEnough is a size for dialogs of w whose text comes later; they are as high as they need to
// be.
func wideEnough(w fyne.Window) fyne.Size {
	return fyne.NewSize(min(400, 0.9*w.Canvas().Size().Width), 0)
}

// checkable adds to content what a check needs.
func (d *customDialog) checkable(content fyne.CanvasObject, mayDismiss bool, dismiss func()) fyne.CanvasObject {
	if !mayDismiss {
		dismiss = nil
	}
	d.shield = newShield(d.window.Canvas(), dismiss)
	d.moving = widget.NewProgressBarInfinite()
	d.moving.Stop()
	d.moving.Hide()
	d.problem = widget.NewLabel("")
	d.problem.Wrapping = fyne.TextWrapWord
	d.problem.Importance = widget.DangerImportance
	return container.NewBorder(nil, container.NewStack(d.problem, d.moving), nil, nil, container.NewStack(content, d.shield))
}

// checking shows that a check has begun, or has ended.
func (d *customDialog) checking(on bool) {
	if on {
		d.focused = d.window.Canvas().Focused()
		d.confirm.Disable()
		d.moving.Show()
		d.moving.Start()
		d.shield.raise()
		return
	}
	d.shield.Hide()
	d.moving.Stop()
	d.moving.Hide()
	d.confirm.Enable()
	if !isOpen(d.window) {
		return
	}
	d.window.Canvas().Unfocus()
	if d.focused != nil {
		d.window.Canvas().Focus(d.focused)
	}
}

// show shows an objection, and makes room for it.
func (d *customDialog) show(problem error) {
	if problem == nil {
		d.problem.SetText("") // and the room stays, or the dialog would jump with each try
		return
	}
	d.problem.SetText(problem.Error())
	d.dialog.Resize(wideEnough(d.window))
}
