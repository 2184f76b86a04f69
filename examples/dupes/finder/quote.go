package finder

import (
	"strconv"
	"unicode/utf8"
)

// Quote returns path in a form that is safe to show: unchanged if all of it can be printed, or
// else as a Go string, with control characters and invalid UTF-8 escaped. So a file's name can't
// control a terminal. Any goroutine.
func Quote(path string) string {
	if plain(path) {
		return path
	}
	return strconv.Quote(path)
}

// plain reports whether path can be printed and does not look like a quoted path.
func plain(path string) bool {
	if path == "" || path[0] == '"' || path[0] == ' ' || path[len(path)-1] == ' ' || !utf8.ValidString(path) {
		return false
	}
	for _, r := range path {
		if !strconv.IsPrint(r) {
			return false
		}
	}
	return true
}
