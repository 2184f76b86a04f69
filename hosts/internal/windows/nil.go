package windows

import "reflect"

// IsNil reports whether v is nil or a nil pointer in an interface, such as a widget that the
// program has not made yet. Any goroutine. Never waits.
func IsNil(v any) bool {
	if v == nil {
		return true
	}
	r := reflect.ValueOf(v)
	return r.Kind() == reflect.Pointer && r.IsNil()
}
