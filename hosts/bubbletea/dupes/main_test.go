package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/hosts/bubbletea/teatest"
)

// A story with real files: the search reads them in virtual time, too.
func TestSearchIsTheSameInATerminal(t *testing.T) {
	folder := t.TempDir()
	for name, text := range map[string]string{"a": "twice", "b": "twice", "c": "once!", "d": "different"} {
		require.NoError(t, os.WriteFile(filepath.Join(folder, name), []byte(strings.Repeat(text, 1000)), 0o600))
	}
	require.NoError(t, teatest.Run(t, dupes(nil), func(u *teatest.User) {
		u.See("Dupes finds files with equal content.")
		u.Type("o")
		u.See("Folder to search")
		u.Type(folder + teatest.Enter)
		u.See("finished")
		u.See("4 files in 1 folders; 1 could go, 5000 B")
		u.See("= " + filepath.Join(folder, "b"))
		u.Type("o")
		u.See("Folder to search")
		u.Type("/no/such/folder" + teatest.Enter)
		u.See("none of the roots can be searched")
		u.Type("q")
	}))
}
