package fynehost

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Choose asks a question with several answers, such as "Save", "Discard" and "Cancel". It
// returns the number of the chosen option, counted from 0, or -1 if the user pressed Escape. In
// a task. Waits.
//
// The first option is emphasized and stands on the right, as in Fyne's own dialogs. Return
// chooses it. More than three options stand one below the other, the first on top. If the window
// is too low for them, they scroll.
func Choose(ctx context.Context, w fyne.Window, title, text string, options ...string) (int, error) {
	if len(options) == 0 {
		panic("fynehost: Choose called without options; pass the options, or use Inform")
	}
	n, err := ask(ctx, "Choose", w, func(answer func(int)) func() {
		var d *dialog.CustomDialog
		choose := func(n int) { answer(n); d.Hide() }
		keys := newKeys(func() { choose(0) }, func() { choose(-1) })
		d = dialog.NewCustomWithoutButtons(title, container.NewStack(keys, newMessage(text, w)), w)
		d.SetIcon(theme.QuestionIcon())
		buttons := choiceButtons(options, choose)
		d.SetButtons(buttons)
		if len(options) > 3 {
			d.SetButtons([]fyne.CanvasObject{scrollable(buttons[0], d.MinSize().Height, w)})
		}
		d.Show()
		w.Canvas().Focus(keys)
		return d.Hide
	})
	if err != nil {
		return -1, err
	}
	return n, nil
}

// choiceButtons returns the buttons of Choose in the order in which they are laid out.
func choiceButtons(options []string, choose func(int)) []fyne.CanvasObject {
	buttons := make([]fyne.CanvasObject, len(options))
	for i, option := range options {
		button := widget.NewButton(option, func() { choose(i) })
		if i == 0 {
			button.Importance = widget.HighImportance
		}
		buttons[i] = button
	}
	if len(buttons) > 3 {
		return []fyne.CanvasObject{container.NewVBox(buttons...)}
	}
	for i := range len(buttons) / 2 {
		j := len(buttons) - 1 - i
		buttons[i], buttons[j] = buttons[j], buttons[i]
	}
	return buttons
}

// scrollable returns a column. It puts the column into a scroll container if the window is too
// low for the dialog, which needs this height with the whole column.
func scrollable(column fyne.CanvasObject, needs float32, w fyne.Window) fyne.CanvasObject {
	missing := needs - w.Canvas().Size().Height
	if missing <= 0 {
		return column
	}
	scroll := container.NewVScroll(column)
	all := column.MinSize()
	scroll.SetMinSize(fyne.NewSize(all.Width, max(all.Height-missing, 2*theme.IconInlineSize())))
	return scroll
}

// newMessage returns a text as Fyne's dialogs show it: as wide as the text, up to a limit.
func newMessage(text string, w fyne.Window) fyne.CanvasObject {
	label := widget.NewLabelWithStyle(text, fyne.TextAlignCenter, fyne.TextStyle{})
	if widest := fyne.Min(600, w.Canvas().Size().Width*0.8); label.MinSize().Width > widest {
		label.Wrapping = fyne.TextWrapWord
		return container.New(&wide{widest}, label)
	}
	return label
}

// wide lays out one object. The object has at least this width, and the height that it then
// needs.
type wide struct{ width float32 }

func (l *wide) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	objects[0].Move(fyne.Position{})
	objects[0].Resize(size)
}

func (l *wide) MinSize(objects []fyne.CanvasObject) fyne.Size {
	if objects[0].Size().Width < l.width {
		objects[0].Resize(fyne.NewSize(l.width, 0)) // this wraps the text
	}
	return objects[0].MinSize().Max(fyne.NewSize(l.width, 0))
}
