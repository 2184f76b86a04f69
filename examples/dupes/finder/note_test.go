package finder

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestErrorsBecomeNotes(t *testing.T) {
	pathError := func(err error) error { return &fs.PathError{Op: "open", Path: "x", Err: err} }
	require.Equal(t, Note{Kind: Vanished, Path: "x"}, problem("x", pathError(fs.ErrNotExist)))
	require.Equal(t, Note{Kind: Unreadable, Path: "x", Why: "permission denied"},
		problem("x", pathError(errors.New("permission denied"))))
	require.Equal(t, Note{Kind: Unreadable, Path: "x", Why: `"a\x1bb"`}, problem("x", errors.New("a\x1bb")))
	require.Equal(t, Note{Kind: Changed, Path: "x"}, problem("x", fmt.Errorf("read: %w", errChanged)))
	require.Equal(t, Note{Kind: Special, Path: "x", Why: "reads like a pipe"}, problem("x", errWaits))
}

func TestSpecialFilesAreNamed(t *testing.T) {
	for mode, why := range map[fs.FileMode]string{
		fs.ModeNamedPipe:                  "pipe",
		fs.ModeSocket:                     "socket",
		fs.ModeDevice:                     "block device",
		fs.ModeDevice | fs.ModeCharDevice: "character device",
		fs.ModeIrregular:                  "irregular",
	} {
		require.Equal(t, why, special("x", mode).Why)
	}
	info, err := os.Lstat(os.DevNull)
	require.NoError(t, err)
	require.Equal(t, "character device", special(os.DevNull, info.Mode()).Why)
}

func TestEveryKindHasItsWords(t *testing.T) {
	seen := map[string]bool{}
	for k := range kinds {
		require.NotEmpty(t, k.String())
		require.NotEmpty(t, k.Text())
		require.False(t, seen[k.String()], k)
		seen[k.String()] = true
	}
}

func TestNotesAreSafeToPrint(t *testing.T) {
	require.Equal(t, `"a\n" is b`, Note{Kind: HardLink, Path: "a\n", Other: "b"}.String())
	require.Equal(t, `a: pipe`, Note{Kind: Special, Path: "a", Why: "pipe"}.String())
	require.Equal(t, `a`, Note{Kind: Symlink, Path: "a"}.String())
}
