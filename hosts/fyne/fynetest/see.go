package fynetest

import (
	"fmt"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
)

// See waits until the window shows text, in its content or in something above it. It may be a
// whole text or a part, also in an entry, but only whole words. So "saved" is not found in
// "unsaved", nor "saved 1" in "saved 10". In a task. Waits.
func (u *User) See(text string) {
	u.t.Helper()
	u.until(fmt.Sprintf("See(%q)", text), func() string {
		if !u.sees(text) {
			return "it is not there"
		}
		return u.window.hiddenWhy()
	})
}

// Gone waits until the window no longer shows text, in the sense of [User.See], or is closed or
// hidden. In a task. Waits.
func (u *User) Gone(text string) {
	u.t.Helper()
	u.until(fmt.Sprintf("Gone(%q)", text), func() string {
		if u.window.hiddenWhy() == "" && u.sees(text) {
			return "it is still there"
		}
		return ""
	})
}

// WaitUntil waits until done returns true. what names the condition in a failure. In a task.
// Waits.
//
// done is called on the UI thread, outside all tasks: each time something has run on the UI
// thread and the program is at rest, and every ten milliseconds (in virtual time, after the
// first ten seconds, every second). It must change nothing.
func (u *User) WaitUntil(what string, done func() bool) {
	u.t.Helper()
	call := fmt.Sprintf("WaitUntil(%q)", what)
	why, err := u.await(call, func() string {
		if !done() {
			return "it has not happened"
		}
		return ""
	}, true)
	if err != nil {
		u.fail(call, why, err)
	}
}

// Find waits for the only object of type T in the window that has this text, or that is the
// field with this label (see [User.Type]), and returns it. Use it for the program's own widgets,
// and for actions that User has no method for. If an object has the text, so has each object
// around it; the innermost counts. The text "" matches any object. In a task. Waits.
//
//	fynetest.Find[*clock](u, "12:30").Wind()
func Find[T fyne.CanvasObject](u *User, text string) (found T) {
	u.t.Helper()
	u.until(fmt.Sprintf("Find[%T](%q)", found, text), func() string {
		var all []T
		fields := fieldsOf(u.all(), text)
		for _, root := range u.roots() {
			all = append(all, findBelow[T](root, text, fields)...)
		}
		if len(all) != 1 {
			return fmt.Sprintf("there are %d of them", len(all))
		}
		found = all[0]
		return u.window.hiddenWhy()
	})
	return found
}

// findBelow returns the innermost objects of type T that have the text or are one of fields.
func findBelow[T fyne.CanvasObject](o fyne.CanvasObject, text string, fields []*element) (found []T) {
	if missing(o) || !o.Visible() {
		return nil
	}
	for _, child := range children(o) {
		found = append(found, findBelow[T](child, text, fields)...)
	}
	v, ok := o.(T)
	if ok && len(found) == 0 && (has(o, text) || isField(o, fields)) {
		found = append(found, v)
	}
	return found
}

func has(o fyne.CanvasObject, text string) bool {
	if text == "" {
		return true
	}
	return slices.ContainsFunc(scan(o), func(e *element) bool { return e.says(text) })
}

func isField(o fyne.CanvasObject, fields []*element) bool {
	return slices.ContainsFunc(fields, func(e *element) bool { return e.object == o })
}

func (u *User) sees(text string) bool {
	return slices.ContainsFunc(u.all(), func(e *element) bool { return e.shows(text) })
}

// roots returns the objects that the user looks at.
func (u *User) roots() []fyne.CanvasObject {
	if u.part != nil {
		return []fyne.CanvasObject{u.part}
	}
	return u.window.roots()
}

// all returns the elements that the user looks at.
func (u *User) all() (list []*element) {
	for _, root := range u.window.roots() {
		list = append(list, u.own(scan(root))...)
	}
	return list
}

// reachable returns the elements in the topmost dialog or menu, or in the content.
func (u *User) reachable() []*element {
	roots := u.window.roots()
	if len(roots) == 0 {
		return nil
	}
	return u.own(scan(roots[len(roots)-1]))
}

// own returns the elements of list that are in the user's part of the window. Their tap targets
// may lie around that part.
func (u *User) own(list []*element) []*element {
	if u.part == nil {
		return list
	}
	return slices.DeleteFunc(list, func(e *element) bool {
		_, in := positionBelow(u.part, e.object)
		return !in
	})
}

// hiddenWhy returns why the window is not visible, or "".
func (w *window) hiddenWhy() string {
	switch {
	case w.closing:
		return "the window is closed"
	case !w.shown:
		return "the window is not shown; call its Show"
	}
	return ""
}

// list joins texts for a message.
func list(elements []*element) string {
	var texts []string
	for _, e := range elements {
		texts = append(texts, e.String())
	}
	return strings.Join(texts, "; ")
}
