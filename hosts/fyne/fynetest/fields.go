package fynetest

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
)

// Type clicks into the entry with this label and replaces its text; "" empties it. The label may
// be that of a form's item, the placeholder, or a text to the left of the entry or above it.
// "\n" is the return key: it adds a line, or submits an entry that has only one line. In a task.
// Waits.
func (u *User) Type(label, text string) {
	u.t.Helper()
	u.act(fmt.Sprintf("Type(%q, %q)", label, text), func(shown []*element) (do func(), why string) {
		e, why := oneField(shown, label, "entry")
		return func() { typeInto(u.window.Canvas(), e, text) }, why
	})
}

// Press presses a key, such as fyne.KeyEscape. The object with the focus gets it. If there is
// none, the window gets it (see fyne.Canvas.SetOnTypedKey). In a task. Waits.
func (u *User) Press(key fyne.KeyName) {
	u.t.Helper()
	u.act(fmt.Sprintf("Press(%q)", key), func([]*element) (do func(), why string) {
		event, c := &fyne.KeyEvent{Name: key}, u.window.Canvas()
		if focused := c.Focused(); focused != nil {
			return func() { focused.TypedKey(event) }, ""
		}
		if typed := c.OnTypedKey(); typed != nil {
			return func() { typed(event) }, ""
		}
		return nil, "nothing has the focus, and the window has no handler for keys"
	})
}

// typeInto types into e's object, which may be more than an Entry.
func typeInto(c fyne.Canvas, e *element, text string) {
	o := e.object.(fyne.Focusable)
	c.Focus(o)
	if entry, ok := as[widget.Entry](e.object); ok && entry.Text != "" {
		entry.TypedShortcut(&fyne.ShortcutSelectAll{})
		if text == "" {
			o.TypedKey(&fyne.KeyEvent{Name: fyne.KeyBackspace})
		}
	}
	for _, r := range text {
		if r == '\n' {
			o.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
		} else {
			o.TypedRune(r)
		}
	}
}

// Choose opens the Select with this label and taps option in it. It finds the Select as
// [User.Type] finds an entry, or by the option that it shows. The label may also be that of a
// form's item with a radio group. In a task. Waits.
func (u *User) Choose(label, option string) {
	u.t.Helper()
	call, opened := fmt.Sprintf("Choose(%q, %q)", label, option), false
	u.act(call, func(shown []*element) (do func(), why string) {
		for _, e := range shown {
			if e.kind == "radio" && sameLabel(e.label, label) && e.says(option) {
				return u.tapOne(option, []*element{e}, shown)
			}
		}
		e, why := oneField(shown, label, "select")
		if e == nil {
			return nil, why
		}
		if s, _ := as[widget.Select](e.object); !slices.Contains(s.Options, option) {
			return nil, fmt.Sprintf("it has only these options: %q", s.Options)
		}
		return func() { u.tap(e); opened = true }, ""
	})
	if opened {
		u.act(call, func([]*element) (do func(), why string) {
			menu := scan(u.window.Canvas().Overlays().Top())
			return u.tapOne(option, tappables(menu, option), menu)
		})
	}
}

// oneField returns the only field with this label, or the reason why it can't be used.
func oneField(shown []*element, label, kind string) (e *element, why string) {
	found := fieldsOf(shown, label)
	found = slices.DeleteFunc(found, func(e *element) bool { return e.kind != kind })
	switch {
	case len(found) == 0:
		return nil, fmt.Sprintf("there is no %s with this label", kind)
	case len(found) > 1:
		return nil, fmt.Sprintf("there are %d: %s; use In, or Find, for one of them", len(found), list(found))
	case isDisabled(found[0].object):
		return nil, "it is disabled"
	}
	return found[0], ""
}

// fieldsOf returns the fields with this label. The label of a form goes before a text inside the
// field, and that goes before a text beside the field.
func fieldsOf(shown []*element, label string) []*element {
	ways := []func(e *element) bool{
		func(e *element) bool { return sameLabel(e.label, label) },
		func(e *element) bool {
			return sameLabel(e.hint, label) || e.kind == "select" && sameLabel(e.text, label)
		},
		func(e *element) bool { return slices.Contains(beside(shown, label), e) },
	}
	for _, way := range ways {
		var found []*element
		for _, e := range shown {
			if e.isField() && way(e) {
				found = append(found, e)
			}
		}
		if len(found) > 0 {
			return found
		}
	}
	return nil
}

func (e *element) isField() bool {
	return e.kind == "entry" || e.kind == "select" || e.kind == "slider"
}

// sameLabel compares labels without the marks that forms add to them.
func sameLabel(a, b string) bool {
	return b != "" && strings.TrimRight(a, " :*") == strings.TrimRight(b, " :*")
}

// beside returns the field next to each text that equals label: the nearest to the right in the
// same line, or else the nearest below.
func beside(shown []*element, label string) (found []*element) {
	for _, text := range shown {
		if (text.kind != "label" && text.kind != "text") || !sameLabel(text.text, label) {
			continue
		}
		if e := nearest(shown, text.rightOf); e != nil {
			found = append(found, e)
		} else if e := nearest(shown, text.below); e != nil {
			found = append(found, e)
		}
	}
	return found
}

func nearest(shown []*element, distance func(e *element) float32) (best *element) {
	least := float32(math.Inf(1))
	for _, e := range shown {
		if d := distance(e); e.isField() && d < least {
			best, least = e, d
		}
	}
	return best
}

// rightOf returns how far e is to the right of t, or infinity if it is elsewhere.
func (t *element) rightOf(e *element) float32 {
	a, b := t.middle(), e.middle()
	overlap := abs(a.Y-b.Y) < max(t.object.Size().Height, e.object.Size().Height)/2
	if !overlap || b.X <= a.X {
		return float32(math.Inf(1))
	}
	return b.X - a.X
}

// below returns how far e is below t, or infinity if it is elsewhere or another line fits in
// between.
func (t *element) below(e *element) float32 {
	height := t.object.Size().Height
	gap := e.at.Y - (t.at.Y + height)
	aside := e.at.X > t.at.X+t.object.Size().Width || t.at.X > e.at.X+e.object.Size().Width
	if gap < -height/2 || gap > height || aside {
		return float32(math.Inf(1))
	}
	return gap
}

func abs(f float32) float32 { return max(f, -f) }
