package finder

import (
	"strconv"
	"unicode/utf8"
)

// Quote returns path as it may be shown: as it is if all of it can be printed, else in Go's
// quotes, where control characters and bytes that are no UTF-8 are escaped. So a file's name
// can't move a terminal's cursor. Any goroutine.
func Quote(path string) string {
	if plain(path) {
		return path
	}
	return strconv.Quote(path)
}

// plain reports whether path can be printed and is not taken for a quoted one.
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
