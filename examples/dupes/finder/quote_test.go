package finder

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestOnlyWhatATerminalCanShowIsNotQuoted(t *testing.T) {
	for path, want := range map[string]string{
		"a/b c.txt":       "a/b c.txt",
		"größe/日本":        "größe/日本",
		`back\slash`:      `back\slash`,
		"":                `""`,
		"bad\xff":         `"bad\xff"`,
		"bell\a":          `"bell\a"`,
		"esc\x1b[2J":      `"esc\x1b[2J"`,
		"two\nlines":      `"two\nlines"`,
		"end ":            `"end "`,
		" start":          `" start"`,
		`"quoted"`:        `"\"quoted\""`,
		"turned\u202ecba": `"turned\u202ecba"`,
	} {
		require.Equal(t, want, Quote(path))
	}
}
