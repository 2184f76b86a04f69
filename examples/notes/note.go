package main

import (
	"context"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/flow"
	fynehost "github.com/golodger/lodger/hosts/fyne"
)

const (
	pause = time.Second // after the last key, until the note is saved
	last  = "last note" // in the preferences
)

func lastNote(a fyne.App) string { return a.Preferences().String(last) }

// A note is a window with a text. UI thread only.
type note struct {
	program   *program
	window    fyne.Window
	entry     *widget.Entry
	saved     string // the text on the disk
	discarded bool   // the user does not want to save the rest
	status    *flow.Var[string]
	autosave  *flow.Action[string]
	writing   *flow.Semaphore // one save at a time
}

func newNote(p *program, title, text string) *note {
	n := &note{
		program: p, window: p.app.NewWindow(title), entry: widget.NewMultiLineEntry(), saved: text,
		status: flow.NewVar("saved"), writing: flow.NewSemaphore(1),
	}
	n.entry.SetText(text)
	n.entry.SetPlaceHolder("Write something")
	n.entry.Wrapping = fyne.TextWrapBreak // TextWrapWord misplaces spaces (Fyne 2.8.1)
	return n
}

func (n *note) changed(text string) {
	n.status.Set("unsaved")
	n.autosave.Call(text)
}

// saveLater is the auto-save: the next key cancels it.
func (n *note) saveLater(ctx context.Context, _ string) error {
	if err := guest.Sleep(ctx, pause); err != nil {
		return err
	}
	_ = n.save(ctx) // the window shows the error; a dialog would open after each pause
	return nil
}

// save waits for its turn, and then writes the current text. So an older text never replaces a
// newer one on the disk. A write that has begun continues, even if the task is cancelled.
func (n *note) save(ctx context.Context) error {
	return n.writing.With(ctx, 1, func(ctx context.Context) error {
		title, text := n.window.Title(), n.entry.Text
		n.status.Set("saving…")
		err := guest.BackgroundFunc(context.WithoutCancel(ctx), func(ctx context.Context) error {
			return n.program.disk.write(ctx, title, text)
		})
		if err != nil {
			n.status.Set("not saved: " + err.Error())
			return err
		}
		n.saved = text
		n.program.app.Preferences().SetString(last, text)
		n.status.Set(map[bool]string{true: "saved", false: "unsaved"}[n.entry.Text == text])
		return nil
	})
}

// mayClose asks whether to save the note, if it is not saved.
func (n *note) mayClose(ctx context.Context) (bool, error) {
	err := n.writing.With(ctx, 1, func(context.Context) error { // no save is running now
		n.autosave.Cancel(nil) // so that "Discard" does not save it after all
		return nil
	})
	if err != nil {
		return false, err
	}
	if n.entry.Text == n.saved {
		return true, nil
	}
	answer, err := fynehost.Choose(ctx, n.window, n.window.Title(), "Save the note before closing it?", "Save", "Discard", "Cancel")
	switch {
	case err != nil:
		return false, err
	case answer == 0:
		err := n.save(ctx)
		return err == nil, fynehost.ShowError(ctx, n.window, err)
	case answer == 1:
		n.discarded = true
		return true, nil
	}
	n.autosave.Do()
	return false, nil
}

// remember keeps the text if the window was closed without asking, as App.Quit and Ctrl-C do.
func (n *note) remember() {
	if n.entry.Text != n.saved && !n.discarded {
		n.program.app.Preferences().SetString(last, n.entry.Text)
	}
}
