package fynetest

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"github.com/golodger/lodger/hosts/internal/words"
)

// An element is what a person sees in one place: a text, or a widget with its text.
type element struct {
	object fyne.CanvasObject
	kind   string // such as "button"
	text   string
	icon   string   // its name, for a button without a text
	hint   string   // of an entry: its placeholder
	notes  []string // such as "disabled"
	label  string   // of its item in a form
	depth  int

	at  fyne.Position // in the window
	tap *target       // what a tap on it reaches; nil: nothing
}

// A target is an object that can be tapped.
type target struct {
	fyne.Tappable
	at       fyne.Position
	disabled bool
}

// scan lists what a tree of objects shows, in drawing order.
func scan(root fyne.CanvasObject) []*element {
	var s scanner
	s.walk(root, place{})
	return s.list
}

type scanner struct {
	list   []*element
	labels map[fyne.CanvasObject]string // of the items of forms
}

// A place says where an object is.
type place struct {
	at     fyne.Position
	depth  int
	tap    *target
	label  string
	inText bool // in a text, where only links count
}

func (s *scanner) walk(o fyne.CanvasObject, in place) {
	if missing(o) || !o.Visible() {
		return
	}
	in.at = in.at.Add(o.Position())
	if label, ok := s.labels[o]; ok {
		in.label = label
	}
	own := element{object: o, depth: in.depth, label: in.label, at: in.at}
	leaf := describe(o, &own)
	if in.inText && own.kind != "link" {
		own.kind = ""
	}
	in.inText = in.inText || !leaf && own.kind == "text"
	if t, ok := tappable(o); ok {
		in.tap = &target{Tappable: t, at: in.at, disabled: isDisabled(o)}
		if own.kind == "" {
			s.walkBelow(o, own, in)
			return
		}
	}
	own.tap = in.tap
	if own.kind != "" {
		s.add(&own)
	}
	if !leaf {
		s.children(o, in)
	}
	if entry, ok := as[widget.Entry](o); ok && entry.ActionItem != nil {
		// it is inside the entry, but not a part of its text
		in.label = ""
		s.walk(entry.ActionItem, in)
	}
}

// walkBelow lists an object of an unknown kind that can be tapped. With one text it is one
// element. With several texts it is a row that contains them.
func (s *scanner) walkBelow(o fyne.CanvasObject, own element, in place) {
	own.tap, own.kind = in.tap, kindOf(o)
	own.note(isOn(o, own.kind), "on")
	first := len(s.list)
	in.depth++
	s.children(o, in)
	below := s.list[first:]
	switch {
	case len(below) == 0:
	case len(below) == 1 && below[0].tap == in.tap:
		own.text = below[0].text
		s.list = s.list[:first]
		s.add(&own)
	default:
		s.list = slices.Insert(s.list, first, &own)
	}
}

func (s *scanner) add(e *element) {
	if isDisabled(e.object) {
		e.notes = append(e.notes, "disabled")
	}
	s.list = append(s.list, e)
}

func (s *scanner) children(o fyne.CanvasObject, in place) {
	if f, ok := as[widget.Form](o); ok {
		for _, item := range f.Items {
			if s.labels == nil {
				s.labels = map[fyne.CanvasObject]string{}
			}
			s.labels[item.Widget] = item.Text
		}
	}
	for _, child := range children(o) {
		s.walk(child, in)
	}
}

// children returns the parts of o in drawing order.
func children(o fyne.CanvasObject) []fyne.CanvasObject {
	switch o := o.(type) {
	case *fyne.Container:
		return o.Objects
	case fyne.Widget:
		return test.WidgetRenderer(o).Objects()
	}
	return nil
}

// missing reports whether o is nil or a nil pointer: renderers return such objects.
func missing(o fyne.CanvasObject) bool {
	if o == nil {
		return true
	}
	v := reflect.ValueOf(o)
	return v.Kind() == reflect.Pointer && v.IsNil()
}

// positionBelow returns where o is, if it is part of root.
func positionBelow(root, o fyne.CanvasObject) (at fyne.Position, ok bool) {
	if missing(root) {
		return at, false
	}
	if root == o {
		return root.Position(), true
	}
	for _, child := range children(root) {
		if at, ok := positionBelow(child, o); ok {
			return root.Position().Add(at), true
		}
	}
	return at, false
}

// says reports whether this is the element's whole text, apart from spaces around it.
func (e *element) says(text string) bool {
	text = strings.TrimSpace(text)
	return strings.TrimSpace(e.text) == text || e.icon != "" && e.icon == text
}

// shows reports whether the element's text contains text as whole words.
func (e *element) shows(text string) bool {
	return words.Contains(e.text, text) || e.text == "" && words.Contains(e.hint, text)
}

func (e *element) String() string {
	var b strings.Builder
	b.WriteString(e.kind)
	if e.text != "" || e.kind == "entry" {
		fmt.Fprintf(&b, " %q", e.text)
	}
	if e.hint != "" {
		fmt.Fprintf(&b, " (%s)", e.hint)
	}
	for _, note := range e.notes {
		b.WriteString(", " + note)
	}
	return b.String()
}

// middle returns the middle of the element's area.
func (e *element) middle() fyne.Position {
	size := e.object.Size()
	return e.at.AddXY(size.Width/2, size.Height/2)
}

// String lists what the window shows, one element a line.
func (w *window) String() string {
	var b strings.Builder
	size := w.Canvas().Size()
	fmt.Fprintf(&b, "window %q, %.0f×%.0f", w.Title(), size.Width, size.Height)
	switch {
	case w.closing:
		b.WriteString(", closed")
	case !w.shown:
		b.WriteString(", not shown")
	}
	b.WriteByte('\n')
	for _, item := range menuItems(w.MainMenu()) {
		fmt.Fprintf(&b, "  %v\n", item)
	}
	for i, root := range w.roots() {
		indent := 1
		if i > 0 || root != w.Canvas().Content() {
			b.WriteString("  above it:\n")
			indent = 2
		}
		for _, e := range scan(root) {
			fmt.Fprintf(&b, "%s%v\n", strings.Repeat("  ", indent+e.depth), e)
		}
	}
	return b.String()
}

// keepScreen stores what the windows show, unless it is stored already. Soon there are no
// windows.
func (d *driver) keepScreen() {
	if d.screen == "" {
		d.screen = d.windows()
	}
}

// windows lists what all windows show.
func (d *driver) windows() (text string) {
	defer func() {
		if p := recover(); p != nil { // in a renderer of the program
			text += fmt.Sprintf("(a panic while it was read: %v)\n", p)
		}
	}()
	for _, w := range d.own {
		text += w.String()
	}
	if text == "" {
		return "no window is open\n"
	}
	return text
}
