//go:build cgo

package gtkui

import (
	"context"

	"github.com/gotk3/gotk3/gtk"

	"github.com/golodger/lodger/hosts/internal/events"
	"github.com/golodger/lodger/hosts/internal/windows"
)

// Prompt asks for a line of text, which starts as text, and returns it, and whether the user
// confirmed it. In a task. Waits. Return confirms as the button does.
func Prompt(ctx context.Context, w *gtk.Window, title, label, text string) (string, bool, error) {
	needTask("Prompt")
	entry, err := gtk.EntryNew()
	if err != nil {
		return "", false, err
	}
	entry.SetText(text)
	entry.SetActivatesDefault(true)
	caption, err := gtk.LabelNew(label)
	if err != nil {
		return "", false, err
	}
	box, err := gtk.BoxNew(gtk.ORIENTATION_HORIZONTAL, 12)
	if err != nil {
		return "", false, err
	}
	box.SetBorderWidth(12)
	box.PackStart(caption, false, false, 0)
	box.PackStart(entry, true, true, 0)
	ok, err := Custom(ctx, w, title, word("OK"), word("Cancel"), box, nil)
	if !ok || err != nil {
		return "", false, err
	}
	text, err = entry.GetText()
	return text, err == nil, err
}

// Custom shows content with two buttons and returns whether the first was chosen. content is in
// no container yet, can be read afterwards, and is destroyed with the next collection. In a
// task. Waits.
//
// check, if not nil, is called in a task when the user confirms, and the dialog stays open
// meanwhile, with a spinner; it may wait, as to ask a server. content is insensitive then, for the
// mouse and the keyboard; what code sets comes through, and stays: a button that check disables
// remains so. Its error is an objection: the dialog
// shows it in words, and stays. Cancel, Escape and the close button also cancel a check. If check
// returns nil, the answer is true, unless the dialog has been dismissed meanwhile. A panic in
// check is returned.
//
// With an empty dismiss there is one button only, confirm. Then the answer is true however the
// dialog is closed, unless there is a check: closed without it, it is false.
func Custom(ctx context.Context, w *gtk.Window, title, confirm, dismiss string, content gtk.IWidget,
	check func(ctx context.Context) error) (bool, error) {
	needTask("Custom")
	if content == nil {
		panic("gtkui: Custom called without content; pass a widget, or use Confirm")
	}
	if in, err := content.ToWidget().GetParent(); err == nil && in != nil {
		panic("gtkui: Custom called with content that is in a container already; remove it there first")
	}
	if err := cantAsk(ctx, w); err != nil {
		return false, err
	}
	f := &form{content: content.ToWidget(), mustCheck: check != nil}
	if err := f.build(w, title, confirm, dismiss); err != nil {
		return false, err
	}
	defer f.close()
	f.dialog.Show()
	return windows.Checked(ctx, windows.CheckedDialog{Presses: &f.presses, Checking: f.checking, Problem: f.problem}, check)
}

const margin = 6 // of dialogs, in pixels

// A form is a dialog with content. UI thread only.
type form struct {
	dialog    *gtk.Dialog
	area      *gtk.Box
	inner     *gtk.Box // around content: whether that is sensitive is the program's affair
	content   *gtk.Widget
	mustCheck bool
	spinner   *gtk.Spinner // of a check
	bar       *gtk.InfoBar // with an objection
	objection *gtk.Label
	focus     gtk.IWidget // where it was before a check
	presses   events.Listener[windows.Press]
	gone      bool // the dialog has been destroyed, with its window
}

func (f *form) build(w *gtk.Window, title, confirm, dismiss string) (err error) {
	if f.dialog, err = gtk.DialogNewWithButtons(title, parent(w), ours); err != nil {
		return err
	}
	if f.area, err = f.dialog.GetContentArea(); err != nil {
		f.dialog.Destroy()
		return err
	}
	if f.inner, err = gtk.BoxNew(gtk.ORIENTATION_VERTICAL, 0); err != nil {
		f.dialog.Destroy()
		return err
	}
	f.dialog.SetBorderWidth(margin)
	f.inner.PackStart(f.content, true, true, 0)
	f.area.PackStart(f.inner, true, true, 0)
	f.inner.ShowAll()
	if err := f.furnish(confirm, dismiss); err != nil {
		f.close()
		return err
	}
	f.listen(dismiss != "")
	return nil
}

// furnish adds the buttons, and what a check needs.
func (f *form) furnish(confirm, dismiss string) error {
	if dismiss != "" {
		if err := addButton(f.dialog, dismiss, gtk.RESPONSE_CANCEL, false); err != nil {
			return err
		}
	}
	if err := addButton(f.dialog, confirm, gtk.RESPONSE_ACCEPT, true); err != nil || !f.mustCheck {
		return err
	}
	return f.furnishCheck()
}

func (f *form) furnishCheck() (err error) {
	if f.spinner, err = gtk.SpinnerNew(); err != nil {
		return err
	}
	if f.bar, err = gtk.InfoBarNew(); err != nil {
		return err
	}
	if f.objection, err = gtk.LabelNew(""); err != nil {
		return err
	}
	icon, err := gtk.ImageNewFromIconName("dialog-error-symbolic", gtk.ICON_SIZE_BUTTON)
	if err != nil {
		return err
	}
	inside, err := f.bar.GetContentArea()
	if err != nil {
		return err
	}
	inside.PackStart(icon, false, false, 0)
	inside.PackStart(f.objection, true, true, 0)
	inside.ShowAll()
	f.objection.SetXAlign(0)
	f.objection.SetLineWrap(true) // as wide as the dialog is
	f.objection.SetMaxWidthChars(40)
	f.bar.SetMessageType(gtk.MESSAGE_ERROR)
	f.area.PackStart(f.bar, false, false, 0)
	f.area.PackStart(f.spinner, false, false, 6) // which takes its place also while it is unseen
	f.spinner.Show()
	return nil
}

// listen tells what the user does. All but a click on the first button dismisses the dialog,
// if there is anything to be dismissed.
func (f *form) listen(canDismiss bool) {
	f.presses.Stop = func() {}
	f.dialog.Connect("response", func(_ any, r int) {
		if gtk.ResponseType(r) == gtk.RESPONSE_ACCEPT || !canDismiss && !f.mustCheck {
			f.presses.Tell(windows.Confirm)
		} else {
			f.presses.Tell(windows.Dismiss)
		}
	})
	f.dialog.Connect("delete-event", func() bool { return true }) // it is the caller's to be read
	f.dialog.Connect("destroy", func() { f.gone = true; f.presses.Tell(windows.Gone) })
}

// checking shows that a check is under way. What had the focus gets it back.
func (f *form) checking(on bool) {
	if f.gone {
		return
	}
	if on {
		f.focus, _ = f.dialog.GetFocus()
	}
	f.inner.SetSensitive(!on)
	f.dialog.SetResponseSensitive(gtk.RESPONSE_ACCEPT, !on)
	if on {
		f.spinner.Start()
		return
	}
	f.spinner.Stop()
	if f.focus != nil {
		f.focus.ToWidget().GrabFocus()
	}
}

// problem shows an objection, or takes it away.
func (f *form) problem(err error) {
	switch {
	case f.gone:
	case err == nil:
		f.bar.Hide()
	default:
		f.objection.SetText(err.Error())
		f.bar.Show()
	}
}

// close takes the dialog away, and leaves content to the caller.
func (f *form) close() {
	if f.gone {
		return
	}
	f.inner.Remove(f.content)
	f.dialog.Destroy()
}
