package finder

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestOnlyFilesWhoseSizeIsNotUniqueAreCandidates(t *testing.T) {
	files := []file{
		{path: "a", size: 5}, {path: "b", size: 7}, {path: "c", size: 0}, {path: "d", size: 9},
		{path: "f", size: 7}, {path: "e", size: 7}, {path: "g", size: 0}, {path: "h", size: 1},
	}
	kept, notes := candidates(files)
	require.Empty(t, notes)
	require.Equal(t, []file{
		{path: "b", size: 7}, {path: "e", size: 7}, {path: "f", size: 7}, {path: "c", size: 0}, {path: "g", size: 0},
	}, kept)
	none, notes := candidates(nil)
	require.Empty(t, none)
	require.Empty(t, notes)
}

func TestFileWithSeveralNamesIsOneFile(t *testing.T) {
	t.Chdir(tree(t, "one", "two"))
	require.NoError(t, os.Link("one", "z"))
	info, err := os.Stat("z")
	require.NoError(t, err)
	if !identify(info).known() {
		t.Skip("hard links are not told apart on this system")
	}
	files, err := walkFiles(".")
	require.NoError(t, err)
	kept, notes := candidates(files)
	require.Len(t, kept, 2)
	require.Equal(t, []Note{{Kind: HardLink, Path: "./z", Other: "./one"}}, notes)

	require.NoError(t, os.Remove("two"))
	files, err = walkFiles(".")
	require.NoError(t, err)
	kept, _ = candidates(files)
	require.Empty(t, kept, "nothing is left to compare it with")
}

func TestFileReachedTwiceIsOneFile(t *testing.T) {
	files, err := walkFiles(tree(t, "a"))
	require.NoError(t, err)
	if !files[0].id.known() {
		t.Skip("files are not told apart on this system")
	}
	again := files[0]
	again.path += " under another mount"
	kept, notes := candidates(append(files, again))
	require.Empty(t, kept)
	require.Len(t, notes, 1)
	require.Equal(t, Overlap, notes[0].Kind)
}
