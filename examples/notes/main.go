// Notes saves automatically, a second after the last key. Watch for these things: the status
// changes between "unsaved" and "saved". Every new window is another note, and the program ends
// with its last window. Closing a note that is not saved asks first. If the disk is full, the
// text and the window stay. The disk is simulated: only the note that was saved last is
// remembered, in the preferences.
//
//	go run ./examples/notes
package main

import (
	"context"
	"fmt"
	"os"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/data/binding"
	"fyne.io/fyne/v2/widget"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/flow"
	fynehost "github.com/golodger/lodger/hosts/fyne"
)

func main() {
	a := app.NewWithID("com.github.golodger.notes")
	err := fynehost.Run(a, func(ctx context.Context) error {
		newProgram(ctx, a).openNote(lastNote(a))
		return nil // Run returns when all notes are closed
	}, nil)
	if err != nil {
		fmt.Fprintln(os.Stderr, "notes:", err)
		os.Exit(1)
	}
}

// A program has what its windows share. UI thread only.
type program struct {
	ctx  context.Context // main's: a note stays open when the note that opened it is closed
	app  fyne.App
	disk *disk
	made int
}

func newProgram(ctx context.Context, a fyne.App) *program {
	return &program{ctx: ctx, app: a, disk: newDisk()}
}

// openNote opens a window with text.
func (p *program) openNote(text string) *note {
	p.made++
	n := newNote(p, fmt.Sprint("Note ", p.made), text)
	guest.Go(p.ctx, n.live)
	return n
}

// live runs a window, and ends when the window is closed.
func (n *note) live(ctx context.Context) error {
	err := fynehost.WithWindow(ctx, n.window, func(ctx context.Context) error {
		n.autosave = flow.NewAction(ctx, n.saveLater, flow.Restart)
		n.entry.OnChanged = n.changed
		fynehost.AskOnClose(ctx, n.window, n.mayClose)
		n.window.SetContent(n.content(ctx))
		n.window.Resize(fyne.NewSize(480, 300))
		n.window.Show()
		n.window.Canvas().Focus(n.entry)
		return guest.Park(ctx)
	})
	n.remember()
	return err
}

// content shows the note and its status.
func (n *note) content(ctx context.Context) fyne.CanvasObject {
	status, full := widget.NewLabel(""), binding.NewBool()
	status.Truncation = fyne.TextTruncateEllipsis
	n.status.Bind(ctx, status.SetText)
	fynehost.BindItem(ctx, n.program.disk.full, full) // the same in all windows
	more := widget.NewButton("New note", func() { n.program.openNote("") })
	bar := container.NewBorder(nil, nil, more, widget.NewCheckWithData("The disk is full", full), status)
	return container.NewBorder(nil, bar, nil, nil, n.entry)
}
