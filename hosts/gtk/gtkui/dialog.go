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
	"github.com/golodger/lodger/hosts/internal/windows"
)

// Dialogs as calls. They spin no loop: a call shows the dialog, and the task waits for the
// response. A cancelled task removes its dialog. Call all of them in a task; they wait. The
// error is that of ctx. If the window was destroyed before or during the call, it is
// guest.ErrWindowClosed; the dialog goes with the window. Put work for a window into
// [WithWindow].

// errDialogGone is for a dialog that can't be shown any more, and so would never answer.
var errDialogGone = fmt.Errorf("gtkui: the dialog has been destroyed; make a new one: %w", guest.ErrWindowClosed)

// A Dialog is any of GTK's dialogs: *gtk.Dialog, *gtk.MessageDialog, *gtk.FileChooserDialog and
// the rest.
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

// Ask shows a dialog, waits for the response, and hides the dialog. Escape and the close button
// do not destroy it meanwhile; their response is gtk.RESPONSE_DELETE_EVENT. You still own the
// dialog: read it, ask again, and destroy it. If ctx is done first, the response is
// gtk.RESPONSE_NONE. If the dialog is destroyed without a response, for example with its parent,
// the response is gtk.RESPONSE_NONE, too, and the error matches guest.ErrWindowClosed. In a
// task. Waits.
func Ask(ctx context.Context, d Dialog) (gtk.ResponseType, error) {
	needTask("Ask")
	if d == nil {
		panic("gtkui: Ask called with a nil dialog; make the dialog first")
	}
	if err := unaskable(ctx, d); err != nil {
		return gtk.RESPONSE_NONE, err
	}
	f := guest.NewFuture[gtk.ResponseType]()
	defer gtkhost.Connect(d, "response", func(_ any, r int) { f.Resolve(gtk.ResponseType(r)) })()
	gone := false
	defer gtkhost.Connect(d, "destroy", func() { gone = true; f.Reject(guest.ErrWindowClosed) })()
	// else Escape and the close button would destroy what the caller still reads
	defer gtkhost.Connect(d, "delete-event", func() bool { return true })()
	defer ask(ctx)()
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

// unaskable returns the reason why d can't be shown: ctx is done, d has been destroyed, or the
// loop in which the user would answer it has ended. Otherwise it returns nil. In a task.
func unaskable(ctx context.Context, d Dialog) error {
	if ctx.Err() == nil && destroyed(d) {
		return errDialogGone
	}
	return cantAsk(ctx, nil)
}

// cantAsk returns the reason why no dialog can be shown above w, or nil. w may be nil. In a
// task.
func cantAsk(ctx context.Context, w *gtk.Window) error {
	if err := closed(ctx, w); err != nil {
		return err
	}
	if loopEnded(ctx) { // and ctx does not tell, since it is shielded
		return fmt.Errorf("%w; %w", guest.ErrHostGone, guest.ErrNotBegun)
	}
	return nil
}

// RunDialog calls d.Run, GTK's own way with a nested loop, through guest.Modal. So all other
// tasks go on. When ctx is done, the dialog gets the answer gtk.RESPONSE_NONE. gtk.MainQuit and
// Application.Quit do not end it; they do not end any dialog.Run. RunDialog returns only when
// dialogs that were opened meanwhile have been closed. If the dialog is destroyed without an
// answer, the error matches guest.ErrWindowClosed. In a task. Waits.
func RunDialog(ctx context.Context, d Dialog) (gtk.ResponseType, error) {
	needTask("RunDialog")
	if d == nil {
		panic("gtkui: RunDialog called with a nil dialog; make the dialog first")
	}
	if err := unaskable(ctx, d); err != nil {
		return gtk.RESPONSE_NONE, err
	}
	r, open, gone := gtk.RESPONSE_NONE, false, false
	defer ask(ctx)()
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
			if gone { // while this waited for its turn
				return
			}
			open = true
			r = d.Run()
			open = false
		})
	})
	switch {
	case err == nil && ctx.Err() != nil:
		err = guest.Yield(ctx) // it returns the reason, as every wait does
	case err == nil && gone && r == gtk.RESPONSE_NONE:
		err = guest.ErrWindowClosed
	}
	if err != nil {
		r = gtk.RESPONSE_NONE
	}
	return r, err
}

// Confirm asks a question and returns whether the answer was yes. w may be nil, for no parent.
// In a task. Waits.
func Confirm(ctx context.Context, w *gtk.Window, title, text string) (bool, error) {
	needTask("Confirm")
	r, err := message(ctx, w, gtk.MESSAGE_QUESTION, gtk.BUTTONS_YES_NO, title, text)
	return r == gtk.RESPONSE_YES, err
}

// Choose asks a question with several answers. It returns the index of the chosen option, or -1
// if the user closed the dialog with Escape or its close button. The first option is the one
// that Return chooses. It stands last, where GTK's users expect it. More than three options
// stand one below the other, the first on top, and scroll if they are many. An underscore in an
// option marks its mnemonic, as on all of GTK's buttons; two underscores stand for one. In a
// task. Waits.
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

// Inform shows a message until the user dismisses it. In a task. Waits.
func Inform(ctx context.Context, w *gtk.Window, title, text string) error {
	needTask("Inform")
	_, err := message(ctx, w, gtk.MESSAGE_INFO, gtk.BUTTONS_OK, title, text)
	return err
}

// ShowError shows an error until the user dismisses it. Of a panic the user sees the value; the
// stack goes to the log of slog.Default. A nil problem shows nothing. In a task. Waits.
func ShowError(ctx context.Context, w *gtk.Window, problem error) error {
	if problem == nil {
		return nil
	}
	needTask("ShowError")
	_, err := message(ctx, w, gtk.MESSAGE_ERROR, gtk.BUTTONS_OK, windows.Text(problem), "")
	return err
}

// ours are the flags of the dialogs that this package makes.
const ours = gtk.DIALOG_MODAL | gtk.DIALOG_DESTROY_WITH_PARENT

// needTask panics outside a task, before a call that waits shows anything.
func needTask(verb string) {
	if _, ok := guest.CurrentTask(); !ok {
		panic("gtkui: " + verb + " called outside a task; in a handler start a task with Go, elsewhere use guest.CallOnMain")
	}
}

// message asks with GTK's buttons, or with options. The response of an option is its index.
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

// addOptions adds a button for each option. In a row the first one stands last, where GTK's
// users expect it. In a column it stands on top.
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

// addButton adds a button. The suggested one is what Return presses.
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

// parent returns w as gotk3's interface, with a nil w as a nil interface.
func parent(w *gtk.Window) gtk.IWindow {
	if w == nil {
		return nil
	}
	return w
}
