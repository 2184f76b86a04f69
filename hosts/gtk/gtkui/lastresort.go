//go:build cgo

package gtkui

import (
	"context"
	"runtime"

	"github.com/gotk3/gotk3/gtk"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/hosts/internal/windows"
)

// A lastResort lets the user end the loop of a program that does not end. It is a window of its
// own, because all that is in the covered window is insensitive. It is not modal, so the user
// can answer every dialog. UI thread only.
type lastResort struct {
	w      *gtk.Window
	quit   func()
	when   windows.LastResort
	dialog *gtk.MessageDialog // nil: it is not shown
	button *gtk.Button
}

func (r *lastResort) look() {
	shown, ready := r.when.Look(asking())
	switch {
	case !shown:
		r.hide()
		return
	case r.dialog == nil && !r.show():
		return
	}
	r.button.SetSensitive(ready)
}

func (r *lastResort) show() bool {
	d := gtk.MessageDialogNew(r.w, gtk.DIALOG_DESTROY_WITH_PARENT, gtk.MESSAGE_WARNING, gtk.BUTTONS_NONE, "%s", word("Closing…"))
	if d == nil {
		return false
	}
	button, err := d.AddButton(word("Quit now"), gtk.RESPONSE_ACCEPT)
	if err != nil {
		d.Destroy()
		return false
	}
	d.SetFocusOnMap(false) // the user may be typing elsewhere
	d.Connect("response", func(_ any, answer int) {
		r.hide()
		if gtk.ResponseType(answer) == gtk.RESPONSE_ACCEPT {
			r.quit()
		} else { // the user goes on waiting
			r.when = windows.LastResort{}
		}
	})
	d.Connect("destroy", func() { r.dialog = nil })
	r.dialog, r.button = d, button
	d.Show()
	return true
}

func (r *lastResort) hide() {
	if d := r.dialog; d != nil {
		r.dialog = nil
		d.Destroy()
	}
}

// quitNow ends the loop of g, unless g has ended: then another loop may run.
func quitNow(g *guest.Guest, quitOwn func()) {
	if g.State() == "ended" {
		return
	}
	if h, ok := g.Host().(glibHost); ok {
		h.Quit()
	} else {
		quitOwn()
	}
}

// asking reports whether a modal window waits for the user. A dialog whose work has been
// cancelled does not, and gives way.
func asking() bool {
	found := false
	all := gtk.WindowListToplevels()
	all.Foreach(func(top any) {
		w := top.(*gtk.Window)
		if ctx := works[w.Native()]; ctx != nil && ctx.Err() != nil {
			w.SetModal(false)
		}
		found = found || w.GetModal() && w.GetVisible()
	})
	runtime.KeepAlive(all)
	return found
}

// works has the contexts of the dialogs that stay until work has ended. The key is the dialog's
// address in C.
var works = map[uintptr]context.Context{}

// stays records that d stays until work has ended, whose context is ctx.
func stays(d *gtk.Dialog, ctx context.Context) (forget func()) {
	key := d.Native()
	works[key] = ctx
	return func() { delete(works, key) }
}
