// Package words finds texts in what a window shows.
package words

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Contains reports whether text contains part as whole words: if part begins or ends with a
// letter or a digit, no letter or digit stands next to it. So "saved" is in "not saved: disk
// full" but not in "unsaved". An empty part is in any text. Any goroutine. Never waits.
func Contains(text, part string) bool {
	if part == "" {
		return true
	}
	for from := 0; ; {
		at := strings.Index(text[from:], part)
		if at < 0 {
			return false
		}
		from += at
		if apart(text[:from], part) && apart(text[:from]+part, text[from+len(part):]) {
			return true
		}
		_, size := utf8.DecodeRuneInString(text[from:])
		from += size
	}
}

// apart reports whether no word continues from a to b.
func apart(a, b string) bool {
	last, _ := utf8.DecodeLastRuneInString(a)
	first, _ := utf8.DecodeRuneInString(b)
	return !ofWord(last) || !ofWord(first)
}

// ofWord reports whether r can be part of a word. A mark, such as an accent, belongs to the
// letter before it.
func ofWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) }
