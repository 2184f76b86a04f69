//go:build cgo

package gtkui

import (
	"context"
	"errors"
	"fmt"

	"github.com/gotk3/gotk3/gtk"

	"github.com/golodger/lodger/guest"
	gtkhost "github.com/golodger/lodger/hosts/gtk"
)

// Dialogs as calls. They spin no loop of their own: they are shown, and the task waits for the
// response. A cancelled task takes its dialog away. All are called in a task, and wait. The
// error is that of ctx, or guest.ErrWindowClosed: the window was destroyed before or, and the
// dialog with it, meanwhile. Work for a window belongs in [WithWindow].

// errDialogGone is for a dialog that can't be shown any more, and would never answer.
var errDialogGone = fmt.Errorf("gtkui: the dialog has been destroyed; make a new one: %w", guest.ErrWindowClosed)

// A Dialog is what all of GTK's dialogs are: *gtk.Dialog, *gtk.MessageDialog,
// *gtk.FileChooserDialog and the rest.
type Dialog interface {
	gtk.IWindow
	Run() gtk.ResponseType
	Response(gtk.ResponseType)
	Show()
	Hide()
	Destroy()
	gtkhost.Object
	Native() uintptr
}

// Ask shows a dialog, waits for the response, and hides it. In a task. Waits. The dialog stays
// the caller's, to be read and destroyed. When ctx is done first, the response is
// gtk.RESPONSE_NONE; when the dialog is destroyed without one, as with its parent, too, and the
// error matches guest.ErrWindowClosed.
func Ask(ctx context.Context, d Dialog) (gtk.ResponseType, error) {
	needTask("Ask")
	if d == nil {
		panic("gtkui: Ask called with a nil dialog; make one first")
	}
	if err := unaskable(ctx, d); err != nil {
		return gtk.RESPONSE_NONE, err
	}
	f := guest.NewFuture[gtk.ResponseType]()
	defer gtkhost.Connect(d, "response", func(_ any, r int) { f.Resolve(gtk.ResponseType(r)) })()
	gone := false
	defer gtkhost.Connect(d, "destroy", func() { gone = true; f.Reject(guest.ErrWindowClosed) })()
	d.Show()
	r, err := f.Wait(ctx)
	if !gone {
		d.Hide()
	}
	if err != nil {
		r = gtk.RESPONSE_NONE
	}
	return r, err
}

// unaskable returns why d can't be asked: ctx is done, d has been destroyed, or there is no
// loop any more in which it would be answered; or nil. In a task.
func unaskable(ctx context.Context, d Dialog) error {
	switch {
	case ctx.Err() != nil:
		return guest.Yield(ctx) // which says why, as every wait does
	case destroyed(d):
		return errDialogGone
	case loopEnded(ctx): // and ctx is shielded from that
		return fmt.Errorf("%w; %w", guest.ErrHostGone, guest.ErrNotBegun)
	}
	return nil
}

// RunDialog is d.Run, GTK's own way with a nested loop, through guest.Modal: so all other tasks
// go on. When ctx is done, the dialog is answered with gtk.RESPONSE_NONE; gtk.MainQuit and
// Application.Quit do not end it, as they end no dialog.Run. RunDialog returns when dialogs
// that were opened meanwhile have been closed. When the dialog is destroyed without an answer,
// the error matches guest.ErrWindowClosed. In a task. Waits.
func RunDialog(ctx context.Context, d Dialog) (gtk.ResponseType, error) {
	needTask("RunDialog")
	if d == nil {
		panic("gtkui: RunDialog called with a nil dialog; make one first")
	}
	if err := unaskable(ctx, d); err != nil {
		return gtk.RESPONSE_NONE, err
	}
	r, open, gone := gtk.RESPONSE_NONE, false, false
	defer gtkhost.Connect(d, "destroy", func() { gone = true })()
	err := guest.Supervise(ctx, func(ctx context.Context) error {
		closer := guest.Go(ctx, func(ctx context.Context) error {
			_ = guest.Park(ctx)
			if open {
				d.Response(gtk.RESPONSE_NONE)
			}
			return nil
		})
		defer closer.Cancel(nil)
		return guest.Modal(ctx, func() {
			if gone { // while it waited for its turn
				return
			}
			open = true
			r = d.Run()
			open = false
		})
	})
	switch {
	case err == nil && ctx.Err() != nil:
		err = guest.Yield(ctx) // which says why, as every wait does
	case err == nil && gone && r == gtk.RESPONSE_NONE:
		err = guest.ErrWindowClosed
	}
	if err != nil {
		r = gtk.RESPONSE_NONE
	}
	return r, err
}

// Confirm asks a question and returns whether the answer was yes. In a task. Waits. Without a
// parent, w is nil.
func Confirm(ctx context.Context, w *gtk.Window, title, text string) (bool, error) {
	needTask("Confirm")
	r, err := message(ctx, w, gtk.MESSAGE_QUESTION, gtk.BUTTONS_YES_NO, title, text)
	return r == gtk.RESPONSE_YES, err
}

// Inform shows a message until the user has taken note of it. In a task. Waits.
func Inform(ctx context.Context, w *gtk.Window, title, text string) error {
	needTask("Inform")
	_, err := message(ctx, w, gtk.MESSAGE_INFO, gtk.BUTTONS_OK, title, text)
	return err
}

// ShowError shows an error until the user has taken note of it. In a task. Waits. A nil problem
// shows nothing.
func ShowError(ctx context.Context, w *gtk.Window, problem error) error {
	if problem == nil {
		return nil
	}
	needTask("ShowError")
	_, err := message(ctx, w, gtk.MESSAGE_ERROR, gtk.BUTTONS_OK, problem.Error(), "")
	return err
}

// ours are the flags of the dialogs that are made here.
const ours = gtk.DIALOG_MODAL | gtk.DIALOG_DESTROY_WITH_PARENT

// needTask refuses a call that waits before it shows anything.
func needTask(verb string) {
	if _, ok := guest.CurrentTask(); !ok {
		panic("gtkui: " + verb + " called outside a task; in a handler start a task with Go, elsewhere use guest.CallOnMain")
	}
}

func message(ctx context.Context, w *gtk.Window, kind gtk.MessageType, buttons gtk.ButtonsType, title, text string) (gtk.ResponseType, error) {
	if err := closed(ctx, w); err != nil {
		return gtk.RESPONSE_NONE, err
	}
	d := gtk.MessageDialogNew(parent(w), ours, kind, buttons, "%s", title)
	if d == nil {
		return gtk.RESPONSE_NONE, errors.New("gtkui: GTK made no dialog")
	}
	defer d.Destroy()
	if text != "" {
		d.FormatSecondaryText("%s", text)
	}
	return Ask(ctx, d)
}

// parent is w as the interface that gotk3 wants, in which nil is nil.
func parent(w *gtk.Window) gtk.IWindow {
	if w == nil {
		return nil
	}
	return w
}

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
	ok, err := Custom(ctx, w, title, "OK", "Cancel", box)
	if !ok || err != nil {
		return "", false, err
	}
	text, err = entry.GetText()
	return text, err == nil, err
}

// Custom shows content with two buttons and returns whether the first was chosen; with an empty
// dismiss there is one button only, confirm, and the answer is true. content is in no container
// yet, can be read afterwards, and is destroyed with the next collection. In a task. Waits.
func Custom(ctx context.Context, w *gtk.Window, title, confirm, dismiss string, content gtk.IWidget) (bool, error) {
	needTask("Custom")
	if content == nil {
		panic("gtkui: Custom called without content; pass a widget, or use Confirm")
	}
	if in, err := content.ToWidget().GetParent(); err == nil && in != nil {
		panic("gtkui: Custom called with content that is in a container already; remove it there first")
	}
	if err := closed(ctx, w); err != nil {
		return false, err
	}
	d, err := gtk.DialogNewWithButtons(title, parent(w), ours)
	if err != nil {
		return false, err
	}
	defer d.Destroy()
	area, err := d.GetContentArea()
	if err != nil {
		return false, err
	}
	area.PackStart(content, true, true, 0)
	defer func() { // or it would be destroyed with the dialog, before the caller has read it
		if in, err := content.ToWidget().GetParent(); err == nil && in != nil {
			area.Remove(content)
		}
	}()
	if dismiss != "" {
		if _, err := d.AddButton(dismiss, gtk.RESPONSE_CANCEL); err != nil {
			return false, err
		}
	}
	if _, err := d.AddButton(confirm, gtk.RESPONSE_ACCEPT); err != nil {
		return false, err
	}
	d.SetDefaultResponse(gtk.RESPONSE_ACCEPT)
	content.ToWidget().ShowAll()
	r, err := Ask(ctx, d)
	return err == nil && (r == gtk.RESPONSE_ACCEPT || dismiss == ""), err
}

// OpenFile lets the user choose a file and returns its path; "" if none was chosen. adjust, if
// not nil, is called before the dialog is shown: for a filter, a place to begin. In a task.
// Waits.
func OpenFile(ctx context.Context, w *gtk.Window, adjust func(*gtk.FileChooserDialog)) (string, error) {
	needTask("OpenFile")
	return choose(ctx, w, gtk.FILE_CHOOSER_ACTION_OPEN, "Open", adjust)
}

// SaveFile lets the user choose where to save and returns the path; "" if none was chosen. The
// user is asked before a file is replaced. adjust as in [OpenFile]. In a task. Waits.
func SaveFile(ctx context.Context, w *gtk.Window, adjust func(*gtk.FileChooserDialog)) (string, error) {
	needTask("SaveFile")
	return choose(ctx, w, gtk.FILE_CHOOSER_ACTION_SAVE, "Save", func(d *gtk.FileChooserDialog) {
		d.SetDoOverwriteConfirmation(true)
		if adjust != nil {
			adjust(d)
		}
	})
}

// OpenFolder lets the user choose a folder and returns its path; "" if none was chosen. adjust
// as in [OpenFile]. In a task. Waits.
func OpenFolder(ctx context.Context, w *gtk.Window, adjust func(*gtk.FileChooserDialog)) (string, error) {
	needTask("OpenFolder")
	return choose(ctx, w, gtk.FILE_CHOOSER_ACTION_SELECT_FOLDER, "Open", adjust)
}

func choose(ctx context.Context, w *gtk.Window, action gtk.FileChooserAction, confirm string,
	adjust func(*gtk.FileChooserDialog)) (string, error) {
	if err := closed(ctx, w); err != nil {
		return "", err
	}
	d, err := gtk.FileChooserDialogNewWith2Buttons("", parent(w), action,
		"Cancel", gtk.RESPONSE_CANCEL, confirm, gtk.RESPONSE_ACCEPT)
	if err != nil {
		return "", err
	}
	defer d.Destroy()
	d.SetModal(true)
	d.SetDestroyWithParent(true)
	d.SetDefaultResponse(gtk.RESPONSE_ACCEPT)
	if adjust != nil {
		adjust(d)
	}
	if r, err := Ask(ctx, d); err != nil || r != gtk.RESPONSE_ACCEPT {
		return "", err
	}
	return d.GetFilename(), nil
}
