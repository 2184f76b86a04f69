package fynehost

import (
	"log/slog"
	"reflect"
	"runtime"
	"strings"

	"fyne.io/fyne/v2"
)

// A window of Fyne's has no getter for its two hooks, each with one slot, nor for whether it is
// on its way out: for up to a frame after Close it is still in the list of windows, and will
// answer nothing any more. So these fields are looked at by their names, with package reflect,
// which lets one read but not call. Where Fyne has them no more, hooks are lost without a line
// in the log, and a window counts as open for that frame; a test of the real driver says so.
const (
	closedField    = "onClosed"
	interceptField = "onCloseIntercepted"
	closingField   = "closing"
)

// peek returns a field of w, if it is of this kind.
func peek(w fyne.Window, name string, kind reflect.Kind) (field reflect.Value, ok bool) {
	p := reflect.ValueOf(w)
	if p.Kind() != reflect.Pointer || p.Elem().Kind() != reflect.Struct {
		return field, false
	}
	field = p.Elem().FieldByName(name)
	return field, field.IsValid() && field.Kind() == kind
}

// isClosing reports whether w has been closed, and is still in the list of windows. UI thread
// only.
func isClosing(w fyne.Window) bool {
	field, ok := peek(w, closingField, reflect.Bool)
	return ok && field.Bool()
}

// hooked reports whether a function of the program's is seen in a hook of w. This package's are
// methods: a function literal may get the name of where the compiler has put it. UI thread only.
func hooked(w fyne.Window, name string) bool {
	field, ok := peek(w, name, reflect.Func)
	return ok && !field.IsNil() && !strings.HasPrefix(runtime.FuncForPC(field.Pointer()).Name(), here+".")
}

// here is the path of this package.
var here = reflect.TypeFor[Host]().PkgPath()

// takesHook logs that verb takes a hook from the program, which is not called any more. UI
// thread only.
func takesHook(verb string, w fyne.Window, field, setter, instead string) {
	if hooked(w, field) {
		slog.Warn("fynehost: "+verb+" takes the window's "+setter+", and the function that the program has set there "+
			"is never called; "+instead, "window", w.Title())
	}
}
