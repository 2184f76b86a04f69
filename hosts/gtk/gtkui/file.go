//go:build cgo

package gtkui

import (
	"context"
	"runtime"

	"github.com/gotk3/gotk3/gtk"

	"github.com/golodger/lodger/guest"
	gtkhost "github.com/golodger/lodger/hosts/gtk"
)

// File dialogs are native: GTK's own on most desktops, and the system's on Windows and macOS. In
// a sandbox (Flatpak, Snap) they are the portal's, which can reach files that the program can't.

// OpenFile lets the user choose a file, and returns its path, or "" if the user chose none. If
// adjust is not nil, it is called before the dialog is shown, for example to set a filter, a
// start folder or, with d.SetTitle, another title than "Open". In a task. Waits.
func OpenFile(ctx context.Context, w *gtk.Window, adjust func(d *gtk.FileChooserNativeDialog)) (string, error) {
	needTask("OpenFile")
	return choose(ctx, w, gtk.FILE_CHOOSER_ACTION_OPEN, "Open", "_Open", adjust)
}

// SaveFile lets the user choose where to save, and returns the path, or "" if the user chose
// none. The dialog asks before the user replaces a file. adjust is as in [OpenFile]. In a task.
// Waits.
func SaveFile(ctx context.Context, w *gtk.Window, adjust func(d *gtk.FileChooserNativeDialog)) (string, error) {
	needTask("SaveFile")
	return choose(ctx, w, gtk.FILE_CHOOSER_ACTION_SAVE, "Save", "_Save", func(d *gtk.FileChooserNativeDialog) {
		d.SetDoOverwriteConfirmation(true)
		if adjust != nil {
			adjust(d)
		}
	})
}

// OpenFolder lets the user choose a folder, and returns its path, or "" if the user chose none.
// adjust is as in [OpenFile]. In a task. Waits.
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

// release drops the reference with which d was made, and which gotk3 has not taken over. The
// other reference belongs to gotk3's finalizer.
func release(d *gtk.FileChooserNativeDialog) {
	d.Destroy()
	d.Unref()
	runtime.KeepAlive(d)
}

// askNative is Ask for a native dialog. Such a dialog is not a window, so it does not go with w
// by itself.
func askNative(ctx context.Context, w *gtk.Window, d *gtk.FileChooserNativeDialog) (gtk.ResponseType, error) {
	f := guest.NewFuture[gtk.ResponseType]()
	defer gtkhost.Connect(d, "response", func(_ any, r int) { f.Resolve(gtk.ResponseType(r)) })()
	if w != nil {
		defer gtkhost.Connect(w, "destroy", func() { f.Reject(guest.ErrWindowClosed) })()
	}
	defer ask(ctx)()
	d.Show()
	defer d.Hide()
	return f.Wait(ctx)
}
