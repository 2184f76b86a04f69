//go:build cgo

package gtkui

import (
	"context"
	"runtime"

	"github.com/gotk3/gotk3/gtk"

	"github.com/golodger/lodger/guest"
	gtkhost "github.com/golodger/lodger/hosts/gtk"
)

// File dialogs are native ones: GTK's own on most desktops, that of the system on Windows and
// macOS, and in a sandbox (Flatpak, Snap) that of the portal, which can reach files that the
// program can't.

// OpenFile lets the user choose a file and returns its path; "" if none was chosen. adjust, if
// not nil, is called before the dialog is shown: for a filter, a place to begin, or, with
// d.SetTitle, another title than "Open". In a task. Waits.
func OpenFile(ctx context.Context, w *gtk.Window, adjust func(d *gtk.FileChooserNativeDialog)) (string, error) {
	needTask("OpenFile")
	return choose(ctx, w, gtk.FILE_CHOOSER_ACTION_OPEN, "Open", "_Open", adjust)
}

// SaveFile lets the user choose where to save and returns the path; "" if none was chosen. The
// user is asked before a file is replaced. adjust as in [OpenFile]. In a task. Waits.
func SaveFile(ctx context.Context, w *gtk.Window, adjust func(d *gtk.FileChooserNativeDialog)) (string, error) {
	needTask("SaveFile")
	return choose(ctx, w, gtk.FILE_CHOOSER_ACTION_SAVE, "Save", "_Save", func(d *gtk.FileChooserNativeDialog) {
		d.SetDoOverwriteConfirmation(true)
		if adjust != nil {
			adjust(d)
		}
	})
}

// OpenFolder lets the user choose a folder and returns its path; "" if none was chosen. adjust
// as in [OpenFile]. In a task. Waits.
func OpenFolder(ctx context.Context, w *gtk.Window, adjust func(d *gtk.FileChooserNativeDialog)) (string, error) {
	needTask("OpenFolder")
	return choose(ctx, w, gtk.FILE_CHOOSER_ACTION_SELECT_FOLDER, "Choose a Folder", "_Open", adjust)
}

func choose(ctx context.Context, w *gtk.Window, action gtk.FileChooserAction, title, confirm string,
	adjust func(d *gtk.FileChooserNativeDialog)) (string, error) {
	if err := cantAsk(ctx, w); err != nil {
		return "", err
	}
	d, err := gtk.FileChooserNativeDialogNew(word(title), parent(w), action, word(confirm), word("_Cancel"))
	if err != nil {
		return "", err
	}
	defer release(d)
	d.SetModal(true)
	if adjust != nil {
		adjust(d)
	}
	if r, err := askNative(ctx, w, d); err != nil || r != gtk.RESPONSE_ACCEPT {
		return "", err
	}
	return d.GetFilename(), nil
}

// release lets go of the reference that d was made with, and that gotk3 has not taken over. The
// other one is its finalizer's.
func release(d *gtk.FileChooserNativeDialog) {
	d.Destroy()
	d.Unref()
	runtime.KeepAlive(d)
}

// askNative is Ask for a native dialog, which is no window: it does not go with w by itself.
func askNative(ctx context.Context, w *gtk.Window, d *gtk.FileChooserNativeDialog) (gtk.ResponseType, error) {
	f := guest.NewFuture[gtk.ResponseType]()
	defer gtkhost.Connect(d, "response", func(_ any, r int) { f.Resolve(gtk.ResponseType(r)) })()
	if w != nil {
		defer gtkhost.Connect(w, "destroy", func() { f.Reject(guest.ErrWindowClosed) })()
	}
	d.Show()
	defer d.Hide()
	return f.Wait(ctx)
}
