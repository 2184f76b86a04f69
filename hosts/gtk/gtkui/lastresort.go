//go:build cgo

package gtkui

import (
	"context"
	"runtime"
	"time"

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
	shown, ready := r.when.Look(asking(), posed)
	switch {
	case !shown:
		r.hide()
		return
	case r.dialog == nil && !r.show():
		return
	}
	giveWay()
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
	d.FormatSecondaryText("%s", word("It takes long. What is not saved yet may be lost if you quit now."))
	if title, err := r.w.GetTitle(); err == nil {
		d.SetTitle(title)
	}
	d.SetFocusOnMap(false) // the user may be typing elsewhere
	d.Connect("response", func(_ any, answer int) {
		quit := gtk.ResponseType(answer) == gtk.RESPONSE_ACCEPT
		if quit && !r.when.Pressed(posed) {
			return
		}
		r.hide()
		r.when = windows.LastResort{} // the user goes on waiting, or an outer loop still runs
		if quit {
			r.quit()
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

// asking reports whether the program waits for the user: in a call of this package, or in any
// modal window. A dialog whose work has been cancelled does not.
func asking() bool {
	for _, ctx := range asks {
		if ctx.Err() == nil {
			return true
		}
	}
	found := false
	all := gtk.WindowListToplevels()
	all.Foreach(func(top any) {
		w := top.(*gtk.Window)
		if work := works[w.Native()]; work == nil || !work.cancelled() {
			found = found || w.GetModal() && w.GetVisible()
		}
	})
	runtime.KeepAlive(all)
	return found
}

// posed counts the questions. UI thread only.
var posed int

// asks has the contexts of the questions that wait for an answer. UI thread only.
var asks = map[int]context.Context{}

// ask begins a question.
func ask(ctx context.Context) (end func()) {
	posed++
	number := posed
	asks[number] = ctx
	return func() { delete(asks, number) }
}

// A work is why a dialog stays though the user has no more to say. UI thread only.
type work struct {
	ctx       context.Context
	dialog    *gtk.Dialog
	dismissed time.Time // by the user; zero if not
}

// cancelled reports whether the dialog stays only because its work has not heeded that yet.
func (w *work) cancelled() bool { return !w.dismissed.IsZero() || w.ctx.Err() != nil }

// works has the dialogs that stay until work has ended. The key is the dialog's address in C.
var works = map[uintptr]*work{}

// stays records that d stays until work has ended, whose context is ctx.
func stays(d *gtk.Dialog, ctx context.Context) (forget func()) {
	posed++
	key := d.Native()
	works[key] = &work{ctx: ctx, dialog: d}
	return func() { delete(works, key) }
}

// dismissed records that the user has dismissed a dialog that may stay. A user who does so again
// later gets back the windows below it, because its work may never end.
func dismissed(d *gtk.Dialog) {
	work := works[d.Native()]
	switch {
	case work == nil:
	case work.dismissed.IsZero():
		work.dismissed = time.Now()
	case time.Since(work.dismissed) >= windows.Patience:
		d.SetModal(false)
	}
}

// reopened records that the user can go on in a dialog after all.
func reopened(d *gtk.Dialog) {
	if work := works[d.Native()]; work != nil {
		work.dismissed = time.Time{}
	}
}

// giveWay makes the dialogs modeless whose work ignores its cancellation, so that the user can
// press a button in another window.
func giveWay() {
	for _, work := range works {
		if work.cancelled() {
			work.dialog.SetModal(false)
		}
	}
}
