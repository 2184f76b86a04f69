//go:build cgo

package gtkui

import (
	"context"
	"errors"
	"fmt"
	"slices"

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
	if ctx.Err() == nil && destroyed(d) {
		return errDialogGone
	}
	return cantAsk(ctx, nil)
}

// cantAsk returns why no dialog can be shown above w, which may be nil; or nil. In a task.
func cantAsk(ctx context.Context, w *gtk.Window) error {
	if err := closed(ctx, w); err != nil {
		return err
	}
	if loopEnded(ctx) { // and ctx is shielded from that
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

// Choose asks a question with several answers and returns the index of the chosen one, or -1
// when the dialog was closed without one: by Escape or its close button. The first option is
// the one that Return chooses; it stands last, where GTK's users look for it. More than three
// options stand one below the other, the first on top, and scroll where they are many. An
// underscore in an option marks its key, as on all of GTK's buttons; two of them stand for one.
// In a task. Waits.
//
//	i, err := gtkui.Choose(ctx, w, "Save the changes?", "", "_Save", "_Discard", "_Cancel")
func Choose(ctx context.Context, w *gtk.Window, title, text string, options ...string) (int, error) {
	needTask("Choose")
	if len(options) == 0 {
		panic("gtkui: Choose called without options; pass the texts of the buttons")
	}
	r, err := message(ctx, w, gtk.MESSAGE_QUESTION, gtk.BUTTONS_NONE, title, text, options...)
	if err != nil || r < 0 {
		return -1, err
	}
	return int(r), nil
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

// message asks with GTK's buttons, or with options, whose responses are their indices.
func message(ctx context.Context, w *gtk.Window, kind gtk.MessageType, buttons gtk.ButtonsType, title, text string,
	options ...string) (gtk.ResponseType, error) {
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
	if err := addOptions(&d.Dialog, options); err != nil {
		return gtk.RESPONSE_NONE, err
	}
	return Ask(ctx, d)
}

// addOptions adds a button for each option: in a row with the first one last, where GTK's users
// look for it, or in a column with the first one on top.
func addOptions(d *gtk.Dialog, options []string) error {
	each := slices.Backward(options)
	if len(options) >= manyOptions {
		each = slices.All(options)
	}
	for i, option := range each {
		if err := addButton(d, option, gtk.ResponseType(i), i == 0); err != nil {
			return err
		}
	}
	if len(options) < manyOptions {
		return nil
	}
	first, err := d.GetWidgetForResponse(0)
	if err != nil {
		return err
	}
	return column(first.ToWidget())
}

// addButton adds a button, or the suggested one, which Return presses.
func addButton(d *gtk.Dialog, text string, r gtk.ResponseType, suggested bool) error {
	b, err := d.AddButton(text, r)
	if err != nil || !suggested {
		return err
	}
	d.SetDefaultResponse(r)
	if style, err := b.GetStyleContext(); err == nil {
		style.AddClass("suggested-action")
	}
	return nil
}

// parent is w as the interface that gotk3 wants, in which nil is nil.
func parent(w *gtk.Window) gtk.IWindow {
	if w == nil {
		return nil
	}
	return w
}
