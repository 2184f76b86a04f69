//go:build unix

package finder

import (
	"context"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

// One search meets everything that can go wrong, and none of it ends the search.
func TestSearchNotesWhatItMeets(t *testing.T) {
	t.Chdir(t.TempDir())
	write := func(path, content string) {
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, []byte(content), 0o644))
	}
	same := strings.Repeat("same", 100)
	write("one", same)
	write("d/two", same)
	write("d/vanishes", same)
	write("d/changes", same)
	write("d/turns into a pipe", same)
	require.NoError(t, os.Link("one", "d/three"))
	require.NoError(t, os.Symlink("..", "d/loop"))
	require.NoError(t, syscall.Mkfifo("d/pipe", 0o644))
	socket, err := net.Listen("unix", "d/socket")
	require.NoError(t, err)
	defer socket.Close()
	require.NoError(t, os.Symlink("root loop", "root loop"))
	badNames := int64(1)
	if os.WriteFile("d/bad\xff", []byte(same), 0o644) != nil {
		badNames = 0 // the file system takes UTF-8 only
	}

	comparing := false
	result, err := runSearch(context.Background(), func(m *Model) {
		if m.Phase == Comparing && !comparing { // after the walk, before anything is read
			comparing = true
			require.NoError(t, os.Remove("d/vanishes"))
			write("d/changes", "now this")
			require.NoError(t, os.Remove("d/turns into a pipe"))
			require.NoError(t, syscall.Mkfifo("d/turns into a pipe", 0o644))
		}
	}, ".", "d", "./d/..", "missing", "root loop")
	require.NoError(t, err)

	require.Len(t, result.Groups, 1)
	require.Len(t, result.Groups[0].Paths, int(2+badNames))
	require.Contains(t, result.Groups[0].Paths, "./d/two")
	want := [kinds]int64{
		Unusable: 2, // missing, and a loop of links
		Vanished: 1,
		Changed:  1,
		Special:  3, // pipe, socket, and what turned into a pipe
		Symlink:  2, // d/loop, and the loop of links, below the first root
		HardLink: 1,
		Overlap:  2, // d and d/..
		BadName:  badNames,
	}
	require.Equal(t, want, result.Noted, result.Notes)
	require.Len(t, result.Notes, int(2+1+1+3+2+1+2+badNames))
	require.Equal(t, result.Candidates, result.Done)
}
