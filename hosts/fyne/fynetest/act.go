package fynetest

import (
	"errors"
	"fmt"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// Tap taps what says text: a button, a check, a radio item, a link, a tab, an item of an open
// menu, a row of a list that is shown, any widget that can be tapped; a button without a text by
// the name of its icon ("document-save" for theme.DocumentSaveIcon). If nothing in the window
// says so, an item of its main menu does. It must be in the topmost dialog or menu, if there is
// one; and it must be enabled, and the only one. In a task. Waits.
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

// Answer taps a button of the topmost dialog, and waits for a dialog first: in the window itself
// there may be a button that says the same. In a task. Waits.
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

// Close clicks the close button of the window: its close intercept is called, or else it closes.
// In a task. Waits.
func (u *User) Close() {
	u.t.Helper()
	u.act("Close()", func([]*element) (do func(), why string) { return u.window.clickClose, "" })
}

// act does what try returns, once it returns something, and lets the program come to rest. shown
// is what can be reached: the topmost dialog or menu, or else the content. An act is done once,
// also if a handler panics in it: the panic goes where those of handlers go, and the user goes on.
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
	if err != nil && !(acted && errors.Is(err, errPanicked) && u.ctx.Err() == nil) {
		u.fail(call, why, err)
	}
	u.settle(call)
}

// covered reports whether a dialog or a menu lies above the content.
func (w *window) covered() bool { return w.Canvas().Overlays().Top() != nil }

// tappables returns what says text and can be tapped, each target once. An entry says what was
// typed.
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

// tapOne returns how to tap the one that was found, or why that can't be done.
func (u *User) tapOne(text string, found, shown []*element) (do func(), why string) {
	switch {
	case len(found) == 0 && slices.ContainsFunc(shown, func(e *element) bool { return e.says(text) }):
		return nil, "it is there, but is nothing to tap"
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

// tap does what Fyne does for a click: the pointer comes, the focus goes, the object is tapped.
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

// tapPoint is where to tap: in the middle, but some widgets are wider than what they heed.
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
