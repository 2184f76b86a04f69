package words_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/golodger/lodger/hosts/internal/words"
)

func TestContainsTakesWholeWords(t *testing.T) {
	for _, c := range []struct {
		text, part string
		is         bool
	}{
		{"saved", "saved", true},
		{"unsaved", "saved", false},
		{"saved10", "saved", false},
		{"not saved: the disk is full", "saved", true},
		{"unsaved, then saved", "saved", true},
		{"saved 10", "saved 1", false},
		{"140%", "40%", false},
		{"40%", "40%", true},
		{"grace@example.org", "grace@", true},
		{"100 lines, 0 dropped", ", 0 dropped", true},
		{"Ünsaved", "saved", false},
		{"cafe\u0301", "cafe", false},
		{"«saved»", "saved", true},
		{"éé é", "é", true},
		{"aaa", "aa", false},
		{"two\nlines", "lines", true},
		{"", "x", false},
		{"anything", "", true},
		{"", "", true},
	} {
		assert.Equal(t, c.is, words.Contains(c.text, c.part), "%q in %q", c.part, c.text)
	}
}
