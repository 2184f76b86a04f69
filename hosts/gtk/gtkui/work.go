//go:build cgo

package gtkui

import (
	"context"

	"github.com/gotk3/gotk3/gtk"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/hosts/internal/windows"
)

// A work keeps its dialog, though the user has no more to say: it has been dismissed, or the
// program ends. A work that ignores this gives way. Otherwise GTK, which closes no window below
// a modal one, would leave the user no window to close. UI thread only.
type work struct {
	ctx       context.Context
	dialog    *gtk.Dialog
	below     *gtk.Window // may be nil
	dismissed *guest.Task // gives way after a while; nil until the user has dismissed the dialog
	undim     func()      // nil until it has given way
}

// works has the dialogs that stay until their work has ended. The key is the dialog's address
// in C.
var works = map[uintptr]*work{}

// stays records that d, a dialog of below, stays until work with ctx has ended. In a task.
func stays(ctx context.Context, d *gtk.Dialog, below *gtk.Window) (over func()) {
	posed++
	w, key := &work{ctx: ctx, dialog: d, below: below}, d.Native()
	works[key] = w
	return func() {
		delete(works, key)
		if w.dismissed != nil {
			w.dismissed.Cancel(nil)
		}
		if w.undim != nil {
			w.undim()
		}
	}
}

// dismissed records that the user has dismissed a dialog that may stay.
func dismissed(d *gtk.Dialog) {
	w := works[d.Native()]
	if w == nil || w.dismissed != nil {
		return
	}
	w.dismissed = guest.After(w.ctx, windows.Patience, func(context.Context) error {
		w.giveWay()
		return nil
	})
}

// giveWay lets the user close the windows below the dialog. The content of the one it belongs to
// stays out of reach.
func (w *work) giveWay() {
	if w.undim != nil {
		return
	}
	w.undim = func() {}
	if w.below != nil && !destroyed(w.below) {
		w.undim = dim(w.below)
	}
	w.dialog.SetModal(false)
}
