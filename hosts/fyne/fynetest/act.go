package fynetest

import (
	"errors"
	"fmt"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// Tap taps the widget with this text: a button, a check, a radio item, a link, a tab, an item
// of an open menu, a visible row of a list, or any other widget that can be tapped. For a
// button without a text, use the name of its icon ("document-save" for theme.DocumentSaveIcon).
// If nothing there that can be tapped has the text, Tap takes the first such item of the main
// menu. The widget must be in the topmost dialog or menu, if there is one. It must be enabled,
// and the only one with this text. In a task. Waits.
func (u *User) Tap(text string) {
	u.t.Helper()
	u.act(fmt.Sprintf("Tap(%q)", text), func(shown []*element) (do func(), why string) {
		found := tappables(shown, text)
		if len(found) == 0 && !u.window.covered() {
			if items := itemsOf(u.window.MainMenu(), text); len(items) > 0 {
				return items[0].run()
			}
		}
		return u.tapOne(text, found, shown)
	})
}

// Answer waits for a dialog and taps a button of the topmost one. Use it instead of Tap if the
// window itself may have a button with the same text. In a task. Waits.
func (u *User) Answer(button string) {
	u.t.Helper()
	u.act(fmt.Sprintf("Answer(%q)", button), func(shown []*element) (do func(), why string) {
		if !u.window.covered() {
			return nil, "no dialog is open"
		}
		found := slices.DeleteFunc(tappables(shown, button), func(e *element) bool { return e.kind != "button" })
		return u.tapOne(button, found, shown)
	})
}

// Close clicks the close button of the window. That calls its close intercept, or closes the
// window if there is none. In a task. Waits.
func (u *User) Close() {
	u.t.Helper()
	u.act("Close()", func([]*element) (do func(), why string) { return u.window.clickClose, "" })
}

// act runs the function that try returns, as soon as it returns one, and then waits until the
// program is at rest. shown is what the user can reach: the topmost dialog or menu, or the
// content. An act happens only once, even if a handler panics in it. The panic goes where panics
// of handlers go, and the user goes on.
func (u *User) act(call string, try func(shown []*element) (do func(), why string)) {
	u.t.Helper()
	acted := false
	why, err := u.await(call, func() string {
		if why := u.window.hiddenWhy(); why != "" {
			return why
		}
		u.window.driver.front = u.window
		do, why := try(u.reachable())
		if why == "" {
			acted = true
			do()
		}
		return why
	}, false)
	panicked := errors.Is(err, errPanicked)
	switch {
	case err == nil:
	case acted && !panicked: // it has ended the user's task, and maybe the loop
	case acted && u.ctx.Err() == nil:
	default:
		u.fail(call, why, err)
	}
	u.settle(call)
}

// covered reports whether a dialog or a menu lies above the content.
func (w *window) covered() bool { return w.Canvas().Overlays().Top() != nil }

// tappables returns the elements that have the text and can be tapped, each target once. The
// text of an entry is what was typed.
func tappables(shown []*element, text string) (found []*element) {
	for _, e := range shown {
		if e.tap == nil || e.kind == "entry" || !e.says(text) {
			continue
		}
		if !slices.ContainsFunc(found, func(o *element) bool { return o.tap.Tappable == e.tap.Tappable }) {
			found = append(found, e)
		}
	}
	return found
}

// tapOne returns a function that taps the one element that was found, or the reason why there is
// none.
func (u *User) tapOne(text string, found, shown []*element) (do func(), why string) {
	switch {
	case len(found) == 0 && slices.ContainsFunc(shown, func(e *element) bool { return e.says(text) }):
		return nil, "it is there, but it can't be tapped"
	case len(found) == 0 && u.window.covered() && u.sees(text):
		return nil, "it is behind a dialog or a menu"
	case len(found) == 0:
		return nil, "it is not there"
	case len(found) > 1:
		return nil, fmt.Sprintf("there are %d: %s; use In, or Find, for one of them", len(found), list(found))
	case found[0].tap.disabled:
		return nil, "it is disabled"
	}
	return func() { u.tap(found[0]) }, ""
}

// tap does what Fyne does for a click: it moves the pointer there, sets the focus, and taps the
// object.
func (u *User) tap(e *element) {
	o := e.tap.Tappable
	at := e.tapPoint()
	event := fyne.PointEvent{AbsolutePosition: at, Position: at.Subtract(e.tap.at)}
	if h, ok := o.(desktop.Hoverable); ok {
		h.MouseIn(&desktop.MouseEvent{PointEvent: event})
		defer h.MouseOut()
	}
	if f, ok := o.(fyne.Focusable); !ok || f != u.window.Canvas().Focused() {
		u.window.Canvas().Unfocus()
	}
	o.Tapped(&event)
}

// tapPoint returns where to tap. That is the middle, except for widgets that react only in a
// part of their width.
func (e *element) tapPoint() fyne.Position {
	least := e.object.MinSize()
	if link, ok := as[widget.Hyperlink](e.object); ok {
		x := least.Width / 2
		switch link.Alignment {
		case fyne.TextAlignCenter:
			x = e.object.Size().Width / 2
		case fyne.TextAlignTrailing:
			x = e.object.Size().Width - least.Width/2
		}
		return e.at.AddXY(x, least.Height/2)
	}
	if e.kind == "check" {
		return e.at.AddXY(least.Width/2, least.Height/2)
	}
	return e.middle()
}
