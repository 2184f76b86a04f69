package fynehost

import (
	"log/slog"
	"reflect"
	"runtime"
	"strings"

	"fyne.io/fyne/v2"
)

// Fyne's windows have two hooks with one slot each, and no getters for them. They also don't
// tell whether they are closing: for up to a frame after Close, a window is still in the list of
// windows but no longer answers. So this file reads these fields by name, with package reflect,
// which allows reading but not calling. If Fyne renames the fields, hooks are replaced without a
// line in the log, and a window counts as open for that frame. A test with the real driver
// checks the names.
const (
	closedField    = "onClosed"
	interceptField = "onCloseIntercepted"
	closingField   = "closing"
)

// peek returns the field of w with this name, if it has this kind.
func peek(w fyne.Window, name string, kind reflect.Kind) (field reflect.Value, ok bool) {
	p := reflect.ValueOf(w)
	if p.Kind() != reflect.Pointer || p.Elem().Kind() != reflect.Struct {
		return field, false
	}
	field = p.Elem().FieldByName(name)
	return field, field.IsValid() && field.Kind() == kind
}

// isClosing reports whether w was closed but is still in the list of windows. UI thread only.
func isClosing(w fyne.Window) bool {
	field, ok := peek(w, closingField, reflect.Bool)
	return ok && field.Bool()
}

// hooked reports whether a hook of w holds a function of the program. This package's own hooks
// are methods, since the name of a function literal depends on where the compiler puts it. UI
// thread only.
func hooked(w fyne.Window, name string) bool {
	field, ok := peek(w, name, reflect.Func)
	return ok && !field.IsNil() && !strings.HasPrefix(runtime.FuncForPC(field.Pointer()).Name(), here+".")
}

// here is the path of this package.
var here = reflect.TypeFor[Host]().PkgPath()

// takesHook logs that verb replaces the program's hook, which is then never called again. UI
// thread only.
func takesHook(verb string, w fyne.Window, field, setter, instead string) {
	if hooked(w, field) {
		slog.Warn("fynehost: "+verb+" replaces the window's "+setter+", so the function that the program has set there "+
			"is never called again; "+instead, "window", w.Title())
	}
}
