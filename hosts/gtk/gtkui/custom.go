//go:build cgo

package gtkui

import (
	"context"

	"github.com/gotk3/gotk3/gtk"

	"github.com/golodger/lodger/hosts/internal/events"
	"github.com/golodger/lodger/hosts/internal/windows"
)

// Prompt asks for a line of text. The entry starts with text. Prompt returns the entered text,
// and whether the user confirmed it. Return confirms as the button does. In a task. Waits.
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

// Custom shows content with two buttons, and returns whether the user chose the first, confirm.
// content must not be in a container yet. You can read it afterwards. It is destroyed when you
// drop it and the garbage collector runs. In a task. Waits.
//
// If check is not nil, it is called in a task when the user confirms. It may wait, for example
// for a server's answer. Meanwhile the dialog stays open with a spinner, and content is
// insensitive for mouse and keyboard. Code can still change it: a button that check disables
// stays disabled. If check returns an error, the dialog shows its text and stays. Cancel, Escape
// and the close button also cancel a check. If that takes longer than 5 s, and the user closes
// the dialog again, it stops being modal. If check returns nil, the answer is true, unless the
// user has dismissed the dialog meanwhile. Custom returns a panic of check as an error.
//
// If dismiss is empty, confirm is the only button. Then the answer is true however the user
// closes the dialog. But if there is a check, and the user closes the dialog without it, the
// answer is false.
func Custom(ctx context.Context, w *gtk.Window, title, confirm, dismiss string, content gtk.IWidget,
	check func(ctx context.Context) error) (bool, error) {
	needTask("Custom")
	if content == nil {
		panic("gtkui: Custom called without content; pass a widget, or use Confirm")
	}
	if in, err := content.ToWidget().GetParent(); err == nil && in != nil {
		panic("gtkui: Custom called with content that is in a container; remove it from there first")
	}
	if err := cantAsk(ctx, w); err != nil {
		return false, err
	}
	f := &form{content: content.ToWidget(), mustCheck: check != nil}
	if err := f.build(w, title, confirm, dismiss); err != nil {
		return false, err
	}
	defer f.close()
	defer stays(f.dialog, ctx)()
	f.dialog.Show()
	return windows.Checked(ctx, windows.CheckedDialog{Presses: &f.presses, Checking: f.checking, Problem: f.problem}, check)
}

const margin = 6 // of dialogs, in pixels

// A form is a dialog with content. UI thread only.
type form struct {
	dialog    *gtk.Dialog
	area      *gtk.Box
	inner     *gtk.Box // around the content, whose own sensitivity is left to the program
	content   *gtk.Widget
	mustCheck bool
	spinner   *gtk.Spinner // shown during a check
	bar       *gtk.InfoBar // with the error of a check
	objection *gtk.Label
	focus     gtk.IWidget // the widget that had the focus before a check
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

// furnish adds the buttons, and the widgets for a check.
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
	f.objection.SetLineWrap(true) // at the dialog's width
	f.objection.SetMaxWidthChars(40)
	f.bar.SetMessageType(gtk.MESSAGE_ERROR)
	f.area.PackStart(f.bar, false, false, 0)
	f.area.PackStart(f.spinner, false, false, 6) // it takes its place even while it is invisible
	f.spinner.Show()
	return nil
}

// listen handles the user's actions. Every action but a click on the first button dismisses the
// dialog, if it can be dismissed.
func (f *form) listen(canDismiss bool) {
	f.presses.Stop = func() {}
	f.dialog.Connect("response", func(_ any, r int) {
		if gtk.ResponseType(r) == gtk.RESPONSE_ACCEPT || !canDismiss && !f.mustCheck {
			f.presses.Tell(windows.Confirm)
		} else {
			dismissed(f.dialog)
			f.presses.Tell(windows.Dismiss)
		}
	})
	f.dialog.Connect("delete-event", func() bool { return true }) // the caller still reads content
	f.dialog.Connect("destroy", func() { f.gone = true; f.presses.Tell(windows.Gone) })
}

// checking shows that a check runs. Afterwards the widget that had the focus gets it back.
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

// problem shows an error of check, or removes it.
func (f *form) problem(err error) {
	switch {
	case f.gone:
	case err == nil:
		f.bar.Hide()
	default:
		reopened(f.dialog)
		f.objection.SetText(windows.Text(err))
		f.bar.Show()
	}
}

// close removes the dialog, and leaves content to the caller.
func (f *form) close() {
	if f.gone {
		return
	}
	f.inner.Remove(f.content)
	f.dialog.Destroy()
}
