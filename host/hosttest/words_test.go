package hosttest

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestLastWordsAreTranslated(t *testing.T) {
	for name, c := range map[string]struct {
		output string
		end    string
		want   string // "": nothing is said
	}{
		"a lock too many": {
			"coro: got thread 0x1, want 0x1\ncoro: got lock internal 0, want 0\ncoro: got lock external 6, want 1\n", "",
			"\nthat is: runtime.LockOSThread was called 5 times more than when",
		},
		"a lock too few": {
			"coro: got thread 0x1, want 0x1\ncoro: got lock internal 0, want 0\ncoro: got lock external 0, want 1\n", "",
			"\nthat is: runtime.UnlockOSThread was called once too often",
		},
		"inside C": {
			"coro: got thread 0x1, want 0x1\ncoro: got lock internal 2, want 1\ncoro: got lock external 1, want 1\n", "",
			"\nthat is: the function ran inside 2 C callback(s) (C that calls Go), but the coroutine was made inside 1.",
		},
		"another thread": {
			"coro: got thread 0x2, want 0x1\ncoro: got lock internal 0, want 0\ncoro: got lock external 1, want 1\n", "",
			"\nthat is: the function ran on another thread",
		},
		"deadlock":             {"fatal error: all goroutines are asleep - deadlock!\n", "", "every goroutine waits"},
		"crash in C":           {"SIGSEGV: segmentation violation\nPC=0x0 m=0 sigcode=1\n", "exit status 2", "crashed in C (SIGSEGV)"},
		"crash without a word": {"", "signal: aborted (core dumped)", "crashed in C (aborted)"},
		"race":                 {"WARNING: DATA RACE\n", "exit status 66", "without a lock"},
		"nil in Go":            {"panic: runtime error: invalid memory address\n[signal SIGSEGV: segmentation violation]\n", "exit status 2", ""},
		"all well":             {"hello\n", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			var end error
			if c.end != "" {
				end = errors.New(c.end)
			}
			said := inWords(c.output, end)
			if c.want == "" {
				require.Empty(t, said)
			}
			require.Contains(t, said, c.want)
		})
	}
}
