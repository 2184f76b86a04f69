package fynehost

import (
	"context"
	"errors"
	"io"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/widget"

	"github.com/golodger/lodger/hosts/internal/windows"
)

// Dialogs as calls. Fyne's dialogs are modal only for their window and spin no loop, so nothing
// stops while one is open. A cancelled task removes its dialog, after those above it have been
// answered. Call all of them in a task; they wait. The error is that of ctx or of the file
// system, or guest.ErrWindowClosed if w was closed before the call or during the dialog. A
// dialog does not notice that w closes if the program has its own hook in w's SetOnClosed, since
// dialogs do not replace that. In that case call them within [WithWindow].

// Confirm asks a question and returns whether the answer was yes. In a task. Waits.
func Confirm(ctx context.Context, w fyne.Window, title, message string) (bool, error) {
	return ask(ctx, "Confirm", w, func(answer func(bool)) func() {
		d := dialog.NewConfirm(title, message, answer, w)
		d.Show()
		return d.Hide
	})
}

// Inform shows a message until the user dismisses it. In a task. Waits.
func Inform(ctx context.Context, w fyne.Window, title, message string) error {
	return show(ctx, "Inform", w, func() dialog.Dialog { return dialog.NewInformation(title, message, w) })
}

// ShowError shows an error until the user dismisses it. Fyne makes the first letter a capital. Of
// a panic the user sees the value; the stack goes to the log of slog.Default. A nil problem shows
// nothing. In a task. Waits.
func ShowError(ctx context.Context, w fyne.Window, problem error) error {
	if problem == nil {
		return nil
	}
	return show(ctx, "ShowError", w, func() dialog.Dialog {
		return dialog.NewError(errors.New(windows.Text(problem)), w)
	})
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

// Prompt asks for a line of text. The entry starts with text. Prompt returns the entered text,
// and whether the user confirmed it. Return confirms as the button does. In a task. Waits.
func Prompt(ctx context.Context, w fyne.Window, title, label, text string) (string, bool, error) {
	var entry *widget.Entry
	ok, err := ask(ctx, "Prompt", w, func(answer func(bool)) func() {
		entry = widget.NewEntry()
		entry.SetText(text)
		items := []*widget.FormItem{widget.NewFormItem(label, entry)}
		d := dialog.NewForm(title, lang.L("OK"), lang.L("Cancel"), items, answer, w)
		entry.OnSubmitted = func(string) { d.Submit() }
		d.Resize(fyne.NewSize(360, 0)) // an entry by itself is only a few letters wide
		d.Show()
		w.Canvas().Focus(entry)
		return d.Hide
	})
	if !ok {
		return "", false, err
	}
	return entry.Text, true, err
}

// OpenFile lets the user choose a file, and returns it open for reading, or nil if the user
// chose none. Close it after use. If adjust is not nil, it is called before the dialog is shown,
// for example to set a filter, a size or a start folder. In a task. Waits.
func OpenFile(ctx context.Context, w fyne.Window, adjust func(*dialog.FileDialog)) (fyne.URIReadCloser, error) {
	return choose(ctx, "OpenFile", w, adjust, dialog.NewFileOpen)
}

// SaveFile lets the user choose where to save, and returns the file open for writing, or nil if
// the user chose none. Close it after use. adjust is as in [OpenFile]. In a task. Waits.
func SaveFile(ctx context.Context, w fyne.Window, adjust func(*dialog.FileDialog)) (fyne.URIWriteCloser, error) {
	return choose(ctx, "SaveFile", w, adjust, dialog.NewFileSave)
}

// OpenFolder lets the user choose a folder, and returns it, or nil if the user chose none.
// adjust is as in [OpenFile]. In a task. Waits.
func OpenFolder(ctx context.Context, w fyne.Window, adjust func(*dialog.FileDialog)) (fyne.ListableURI, error) {
	return choose(ctx, "OpenFolder", w, adjust, dialog.NewFolderOpen)
}

// A choice holds the arguments of a file dialog's callback.
type choice[T any] struct {
	file T
	err  error
}

// choose is the common body of the three. Their callbacks differ only in type.
func choose[T any](ctx context.Context, verb string, w fyne.Window, adjust func(*dialog.FileDialog),
	newDialog func(func(T, error), fyne.Window) *dialog.FileDialog) (T, error) {
	gone := false
	c, err := ask(ctx, verb, w, func(answer func(choice[T])) func() {
		d := newDialog(func(file T, err error) {
			if open, ok := any(file).(io.Closer); ok && gone {
				// the system's own dialog can't be taken back, and its answer is no longer
				// needed
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
