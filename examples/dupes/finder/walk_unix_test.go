//go:build unix

package finder

import (
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestSpecialFilesAreNotedAndNeverOpened(t *testing.T) {
	t.Chdir(tree(t, "a"))
	require.NoError(t, syscall.Mkfifo("pipe", 0o644))
	socket, err := net.Listen("unix", "socket")
	require.NoError(t, err)
	defer socket.Close()
	paths, all, err := walkAll(".")
	require.NoError(t, err)
	require.Equal(t, []string{"./a"}, paths)
	require.ElementsMatch(t, []Note{
		{Kind: Special, Path: "./pipe", Why: "pipe"},
		{Kind: Special, Path: "./socket", Why: "socket"},
	}, all.notes)
}

func TestNamesThatAreNoUTF8AreSearchedAndNoted(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.Mkdir("bad\xff", 0o755); err != nil {
		t.Skip("this file system takes UTF-8 only: ", err)
	}
	require.NoError(t, os.WriteFile("bad\xff/f\xfe", nil, 0o644))
	require.NoError(t, os.WriteFile("bad\xff/good", nil, 0o644))
	paths, all, err := walkAll(".")
	require.NoError(t, err)
	require.Equal(t, []string{"./bad\xff/f\xfe", "./bad\xff/good"}, paths)
	require.ElementsMatch(t, []Note{{Kind: BadName, Path: "./bad\xff"}, {Kind: BadName, Path: "./bad\xff/f\xfe"}}, all.notes)
}

// A path that is too long can't be opened by anyone, root included, whom permissions don't stop.
func TestWhatCannotBeReadIsNoted(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	const deep = 20 // 20 names of 250 bytes are more than any PATH_MAX
	name := strings.Repeat("n", 250)
	for range deep {
		require.NoError(t, os.Mkdir(name, 0o755))
		require.NoError(t, os.Chdir(name))
	}
	require.NoError(t, os.WriteFile("unreachable", nil, 0o644))
	t.Cleanup(func() { // from inside out: names relative to each folder are short enough
		os.Remove("unreachable")
		for range deep {
			os.Chdir("..")
			os.Remove(name)
		}
	})
	paths, all, err := walkAll(dir)
	require.NoError(t, err)
	require.Empty(t, paths)
	require.Len(t, all.notes, 1)
	require.Equal(t, Unreadable, all.notes[0].Kind)
	require.True(t, strings.HasPrefix(all.notes[0].Path, filepath.Join(dir, name)))
	require.Contains(t, all.notes[0].Why, "too long")
}

func TestFolderWithoutPermissionIsNoted(t *testing.T) {
	if os.Geteuid() == 0 {
		t.Skip("permissions don't stop root; TestWhatCannotBeReadIsNoted and the program's own test do without")
	}
	t.Chdir(tree(t, "d/b", "a"))
	require.NoError(t, os.Chmod("d", 0))
	defer os.Chmod("d", 0o755)
	paths, all, err := walkAll(".")
	require.NoError(t, err)
	require.Equal(t, []string{"./a"}, paths)
	require.Equal(t, []Note{{Kind: Unreadable, Path: "./d", Why: "permission denied"}}, all.notes)
}
