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

// Custom shows content with two buttons, and returns whether the user chose the first, confirm.
// If dismiss is empty, confirm is the only button, and the answer is true. In a task. Waits.
//
// If check is not nil, it is called in a task when the user confirms. It may wait, for example
// for a server's answer. Meanwhile the dialog stays open, and dismiss cancels the check. If
// check returns nil, the dialog closes and the answer is true, unless the user has dismissed it
// meanwhile. If check returns an error, even a time-out, the dialog shows the error's text and
// stays. A panic in check closes the dialog, and Custom returns it as an error.
//
// During the check neither the mouse nor the keyboard reaches content, which looks pale. The focus
// returns afterwards. No widget is disabled for that, so a button that check disables stays
// disabled. Code can still change content. So let check read content once, at its beginning, and
// use those values.
func Custom(ctx context.Context, w fyne.Window, title, confirm, dismiss string, content fyne.CanvasObject,
	check func(ctx context.Context) error) (bool, error) {
	if content == nil {
		panic("fynehost: Custom called without content; for text only, use Confirm or Inform")
	}
	d := &customDialog{window: w}
	q, err := pose(ctx, "Custom", w, func() { d.presses.Tell(windows.Gone) })
	if err != nil {
		return false, err
	}
	d.question = q
	d.build(title, confirm, dismiss, content, check != nil)
	defer q.end(d.dialog.Hide)
	d.dialog.Show()
	q.shown()
	return windows.Checked(ctx, windows.CheckedDialog{Presses: &d.presses, Checking: d.checking, Problem: d.show}, check)
}

// A customDialog is the dialog of Custom. UI thread only.
type customDialog struct {
	window   fyne.Window
	dialog   *dialog.CustomDialog
	question *question
	presses  events.Listener[windows.Press]
	confirm  *widget.Button
	shield   *shield // over the content during the check
	moving   *widget.ProgressBarInfinite
	problem  *widget.Label
	focused  fyne.Focusable // that had the focus before the check
}

func (d *customDialog) build(title, confirm, dismiss string, content fyne.CanvasObject, checked bool) {
	press := func(p windows.Press) func() {
		return func() {
			d.question.heard = p == windows.Dismiss // though a check may keep the dialog
			d.presses.Tell(p)
		}
	}
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

// wideEnough returns a size for dialogs of w whose text comes later. Their height follows from
// the text.
func wideEnough(w fyne.Window) fyne.Size {
	return fyne.NewSize(min(400, 0.9*w.Canvas().Size().Width), 0)
}

// checkable adds to content the parts that a check needs.
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

// checking shows that a check has begun or ended.
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

// show shows the error of a check, and makes room for it.
func (d *customDialog) show(problem error) {
	if problem == nil {
		d.problem.SetText("") // but keep the room, or the dialog would jump with each try
		return
	}
	d.problem.SetText(windows.Text(problem))
	d.dialog.Resize(wideEnough(d.window))
}
