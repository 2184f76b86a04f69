package fynehost

import (
	"context"
	"io"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/widget"
)

// Dialogs as calls. Fyne's are modal for their window only and spin no loop, so nothing stops
// while one is open; a cancelled task takes its dialog away, once those that lie above it have
// been answered. All are called in a task, and wait. The error is that of ctx, or the file
// system's, or guest.ErrWindowClosed: w was closed before, or under the dialog. The latter is
// heard unless the program has a hook of its own in w's SetOnClosed, which dialogs do not take:
// then call them within [WithWindow].

// Confirm asks a question and returns whether the answer was yes. In a task. Waits.
func Confirm(ctx context.Context, w fyne.Window, title, message string) (bool, error) {
	return ask(ctx, "Confirm", w, func(answer func(bool)) func() {
		d := dialog.NewConfirm(title, message, answer, w)
		d.Show()
		return d.Hide
	})
}

// Inform shows a message until the user has taken note of it. In a task. Waits.
func Inform(ctx context.Context, w fyne.Window, title, message string) error {
	return show(ctx, "Inform", w, func() dialog.Dialog { return dialog.NewInformation(title, message, w) })
}

// ShowError shows an error until the user has taken note of it. In a task. Waits. A nil problem
// shows nothing.
func ShowError(ctx context.Context, w fyne.Window, problem error) error {
	if problem == nil {
		return nil
	}
	return show(ctx, "ShowError", w, func() dialog.Dialog { return dialog.NewError(problem, w) })
}

func show(ctx context.Context, verb string, w fyne.Window, newDialog func() dialog.Dialog) error {
	_, err := ask(ctx, verb, w, func(answer func(struct{})) func() {
		d := newDialog()
		d.SetOnClosed(func() { answer(struct{}{}) })
		d.Show()
		return d.Hide
	})
	return err
}

// Prompt asks for a line of text, which starts as text, and returns it, and whether the user
// confirmed it. In a task. Waits. Return confirms as the button does.
func Prompt(ctx context.Context, w fyne.Window, title, label, text string) (string, bool, error) {
	var entry *widget.Entry
	ok, err := ask(ctx, "Prompt", w, func(answer func(bool)) func() {
		entry = widget.NewEntry()
		entry.SetText(text)
		items := []*widget.FormItem{widget.NewFormItem(label, entry)}
		d := dialog.NewForm(title, lang.L("OK"), lang.L("Cancel"), items, answer, w)
		entry.OnSubmitted = func(string) { d.Submit() }
		d.Resize(fyne.NewSize(360, 0)) // an entry alone asks for a few letters' width
		d.Show()
		w.Canvas().Focus(entry)
		return d.Hide
	})
	if !ok {
		return "", false, err
	}
	return entry.Text, true, err
}

// OpenFile lets the user choose a file and returns it open for reading; nil if none was chosen.
// The caller closes it. adjust, if not nil, is called before the dialog is shown: for a filter,
// a size, a place to begin. In a task. Waits.
func OpenFile(ctx context.Context, w fyne.Window, adjust func(*dialog.FileDialog)) (fyne.URIReadCloser, error) {
	return choose(ctx, "OpenFile", w, adjust, dialog.NewFileOpen)
}

// SaveFile lets the user choose where to save and returns the file open for writing; nil if
// none was chosen. The caller closes it. adjust as in [OpenFile]. In a task. Waits.
func SaveFile(ctx context.Context, w fyne.Window, adjust func(*dialog.FileDialog)) (fyne.URIWriteCloser, error) {
	return choose(ctx, "SaveFile", w, adjust, dialog.NewFileSave)
}

// OpenFolder lets the user choose a folder; nil if none was chosen. adjust as in [OpenFile]. In
// a task. Waits.
func OpenFolder(ctx context.Context, w fyne.Window, adjust func(*dialog.FileDialog)) (fyne.ListableURI, error) {
	return choose(ctx, "OpenFolder", w, adjust, dialog.NewFolderOpen)
}

// choice is what a file dialog's callback gets.
type choice[T any] struct {
	file T
	err  error
}

// choose is one body for the three: their callbacks differ in type only.
func choose[T any](ctx context.Context, verb string, w fyne.Window, adjust func(*dialog.FileDialog),
	newDialog func(func(T, error), fyne.Window) *dialog.FileDialog) (T, error) {
	gone := false
	c, err := ask(ctx, verb, w, func(answer func(choice[T])) func() {
		d := newDialog(func(file T, err error) {
			if open, ok := any(file).(io.Closer); ok && gone {
				// a system's own dialog can't be taken back, and its answer has no use any
				// more
				_ = open.Close()
			}
			answer(choice[T]{file, err})
		}, w)
		if adjust != nil {
			adjust(d)
		}
		d.Show()
		return d.Hide
	})
	gone = err != nil
	if err != nil {
		return c.file, err
	}
	return c.file, c.err
}
