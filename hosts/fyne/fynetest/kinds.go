package fynetest

import (
	"path"
	"reflect"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"
)

// describe stores in e what o is to a person, if o is a widget of its own. leaf says that the
// parts of o don't matter.
func describe(o fyne.CanvasObject, e *element) (leaf bool) {
	if t, ok := o.(*canvas.Text); ok {
		e.kind, e.text = "text", t.Text
	} else if w, ok := as[widget.Label](o); ok {
		e.kind, e.text = "label", w.Text
	} else if w, ok := as[widget.RichText](o); ok {
		e.kind, e.text = "text", w.String()
		return false // it may have links
	} else if w, ok := as[widget.TextGrid](o); ok {
		e.kind, e.text = "text", w.Text()
	} else if w, ok := as[widget.Hyperlink](o); ok {
		e.kind, e.text = "link", w.Text
	} else if w, ok := as[widget.Button](o); ok {
		e.kind, e.text = "button", w.Text
		if e.text == "" && w.Icon != nil {
			e.text, e.icon = iconName(w.Icon.Name()), w.Icon.Name()
		}
	} else {
		return describeInput(o, e)
	}
	if e.text == "" && e.kind != "button" {
		e.kind = ""
	}
	return true
}

func describeInput(o fyne.CanvasObject, e *element) (leaf bool) {
	if w, ok := as[widget.Entry](o); ok {
		e.kind, e.text, e.hint = "entry", w.Text, w.PlaceHolder
		if w.Password {
			e.text = strings.Repeat("•", len([]rune(w.Text)))
		}
	} else if w, ok := as[widget.Check](o); ok {
		e.kind, e.text = "check", w.Text
		e.note(w.Checked, "on")
	} else if w, ok := as[widget.Select](o); ok {
		e.kind, e.text = "select", w.Selected
		if e.text == "" {
			e.text = w.PlaceHolder
		}
	} else if w, ok := as[widget.Slider](o); ok {
		e.kind, e.text = "slider", strconv.FormatFloat(w.Value, 'g', -1, 64)
	} else if w, ok := as[widget.ProgressBar](o); ok {
		e.kind = "progress"
		for _, child := range scanBelow(w) {
			e.text = child.text
		}
	} else if w, ok := as[widget.ProgressBarInfinite](o); ok {
		e.kind = "progress"
		e.note(w.Running(), "running")
	} else {
		return false
	}
	return true
}

func (e *element) note(is bool, text string) {
	if is {
		e.notes = append(e.notes, text)
	}
}

// scanBelow lists the elements that o consists of.
func scanBelow(o fyne.CanvasObject) []*element {
	var s scanner
	s.children(o, place{})
	return s.list
}

// as returns o as one of Fyne's own widgets. It also works for a widget of the program that
// extends one.
func as[T any](o fyne.CanvasObject) (*T, bool) {
	v, ok := any(o).(*T)
	if ok {
		return v, true
	}
	return embedded[T](reflect.ValueOf(o))
}

func embedded[T any](v reflect.Value) (*T, bool) {
	if v.Kind() == reflect.Pointer {
		v = v.Elem()
	}
	if v.Kind() != reflect.Struct {
		return nil, false
	}
	for i := range v.NumField() {
		field := v.Type().Field(i)
		if !field.Anonymous || !field.IsExported() {
			continue
		}
		in := v.Field(i)
		if in.Kind() == reflect.Struct && in.CanAddr() {
			in = in.Addr()
		}
		if w, ok := in.Interface().(*T); ok && w != nil {
			return w, true
		}
		if w, ok := embedded[T](in); ok {
			return w, true
		}
	}
	return nil, false
}

// deaf are objects that take taps only so that the objects behind them don't get them.
var deaf = map[string]bool{
	"*widget.PopUp": true, "*widget.OverlayContainer": true, "*widget.Menu": true, "*widget.PopUpMenu": true,
	"*widget.scrollBarArea": true, "*widget.selectable": true,
}

func tappable(o fyne.CanvasObject) (fyne.Tappable, bool) {
	t, ok := o.(fyne.Tappable)
	return t, ok && !deaf[reflect.TypeOf(o).String()]
}

// kinds are names for types of Fyne that are not exported.
var kinds = map[string]string{
	"*widget.radioItem": "radio", "*container.tabButton": "tab", "*widget.menuItem": "menu item",
	"*widget.listItem": "row", "*widget.gridWrapItem": "cell", "*widget.branch": "row", "*widget.leaf": "row",
	"*widget.treeNode": "row", "*dialog.fileDialogItem": "file", "*widget.passwordRevealer": "revealer",
}

func kindOf(o fyne.CanvasObject) string {
	name := reflect.TypeOf(o).String()
	if kind, ok := kinds[name]; ok {
		return kind
	}
	return strings.TrimPrefix(name, "*")
}

func isDisabled(o fyne.CanvasObject) bool {
	if d, ok := o.(fyne.Disableable); ok {
		return d.Disabled()
	}
	item := itemOf(o)
	return item != nil && item.Disabled
}

// isOn reports whether o, of this kind, is switched on.
func isOn(o fyne.CanvasObject, kind string) bool {
	if kind == "radio" {
		on := reflect.ValueOf(o).Elem().FieldByName("Selected")
		return on.Kind() == reflect.Bool && on.Bool()
	}
	item := itemOf(o)
	return item != nil && item.Checked
}

// itemOf returns the item that an entry of an open menu shows, or nil.
func itemOf(o fyne.CanvasObject) *fyne.MenuItem {
	if kindOf(o) != "menu item" {
		return nil
	}
	field := reflect.ValueOf(o).Elem().FieldByName("Item")
	if !field.IsValid() {
		return nil
	}
	item, _ := field.Interface().(*fyne.MenuItem)
	return item
}

// iconName returns the short name of an icon: "document-save" for
// "foreground_document-save.svg", which is the name of theme.DocumentSaveIcon.
func iconName(name string) string {
	name = strings.TrimSuffix(name, path.Ext(name))
	if _, after, ok := strings.Cut(name, "_"); ok { // the colour that the theme gives it
		return after
	}
	return name
}
