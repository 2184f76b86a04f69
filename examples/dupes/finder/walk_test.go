package finder

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// tree makes files, whose names end in nothing, and folders, whose names end in a slash; a
// file's content is its name.
func tree(t *testing.T, names ...string) (dir string) {
	t.Helper()
	dir = t.TempDir()
	for _, name := range names {
		path := filepath.Join(dir, filepath.FromSlash(name))
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		if strings.HasSuffix(name, "/") {
			require.NoError(t, os.MkdirAll(path, 0o755))
		} else {
			require.NoError(t, os.WriteFile(path, []byte(name), 0o644))
		}
	}
	return dir
}

// walkAll walks and returns the paths, sorted, what was told last, and the error.
func walkAll(roots ...string) (paths []string, all sight, err error) {
	files, _, err := walk(context.Background(), roots, func(seen sight) { all = seen })
	for _, f := range files {
		paths = append(paths, f.path)
	}
	slices.Sort(paths)
	return paths, all, err
}

// walkFiles walks and returns the files.
func walkFiles(roots ...string) ([]file, error) {
	files, _, err := walk(context.Background(), roots, func(sight) {})
	return files, err
}

func TestWalkFindsEveryFileOnce(t *testing.T) {
	t.Chdir(tree(t, "a", "d/b", "d/e/c", "d/e/empty/", "x"))
	paths, all, err := walkAll(".")
	require.NoError(t, err)
	require.Equal(t, []string{"./a", "./d/b", "./d/e/c", "./x"}, paths)
	require.Equal(t, sight{folders: 4, found: Tally{4, 1 + 3 + 5 + 1}}, all)
}

func TestRootMayBeAFile(t *testing.T) {
	t.Chdir(tree(t, "a", "d/b"))
	paths, all, err := walkAll("d/b", "a")
	require.NoError(t, err)
	require.Equal(t, []string{"a", "d/b"}, paths)
	require.Empty(t, all.notes)
}

func TestOverlappingRootsReachNothingTwice(t *testing.T) {
	t.Chdir(tree(t, "a", "d/b", "d/e/c"))
	here, err := os.Getwd()
	require.NoError(t, err)
	require.NoError(t, os.Symlink("d", "link"))
	for _, roots := range [][]string{
		{".", "."},
		{".", "./d"},
		{"d", "."},
		{"d/e", ".", "d"},
		{"a", "."},
		{".", "a"},
		{".", here},
		{"link", "."},
		{".", "link/e"},
		{"d/e/..", "."},
	} {
		paths, all, err := walkAll(roots...)
		require.NoError(t, err)
		require.Len(t, paths, 3, "%q: %q", roots, paths)
		require.EqualValues(t, 3, all.found.Files)
		overlaps := slices.DeleteFunc(all.notes, func(n Note) bool { return n.Kind != Overlap })
		require.Len(t, overlaps, len(roots)-1, roots)
	}
}

func TestRootThatIsALinkIsFollowed(t *testing.T) {
	t.Chdir(tree(t, "d/b", "c"))
	require.NoError(t, os.Symlink("d", "link"))
	require.NoError(t, os.Symlink("c", "file"))
	paths, all, err := walkAll("link", "file")
	require.NoError(t, err)
	require.Equal(t, []string{"file", "link/b"}, paths)
	require.Empty(t, all.notes)

	// the folder that holds d, not the one that holds link: here they are one
	paths, _, err = walkAll("link/..")
	require.NoError(t, err)
	require.Equal(t, []string{"link/../c", "link/../d/b"}, paths)
}

func TestUnusableRootsAreNotedAndOnlyFatalTogether(t *testing.T) {
	t.Chdir(tree(t, "d/b"))
	require.NoError(t, os.Symlink("loop", "loop"))
	require.NoError(t, os.Symlink("missing", "dangling"))
	paths, all, err := walkAll("missing", "d", "loop", "dangling", "", os.DevNull)
	require.NoError(t, err)
	require.Equal(t, []string{"d/b"}, paths)
	require.Len(t, all.notes, 5)
	for _, n := range all.notes {
		require.Equal(t, Unusable, n.Kind)
		require.NotEmpty(t, n.Why)
	}

	paths, all, err = walkAll("missing", "loop")
	require.ErrorIs(t, err, ErrNoRoots)
	require.Empty(t, paths)
	require.Len(t, all.notes, 2)
}

func TestLinksBelowTheRootsAreNotFollowed(t *testing.T) {
	t.Chdir(tree(t, "d/b"))
	require.NoError(t, os.Symlink(".", "d/loop"))
	require.NoError(t, os.Symlink("..", "d/up"))
	require.NoError(t, os.Symlink("b", "d/file"))
	require.NoError(t, os.Symlink("self", "d/self"))
	paths, all, err := walkAll(".")
	require.NoError(t, err)
	require.Equal(t, []string{"./d/b"}, paths)
	require.Len(t, all.notes, 4)
	for _, n := range all.notes {
		require.Equal(t, Symlink, n.Kind)
	}
}

func TestWalkOfALargeFolderIsToldInPieces(t *testing.T) {
	dir := t.TempDir()
	for i := range 1500 {
		require.NoError(t, os.WriteFile(filepath.Join(dir, string(rune('a'+i%26))+strings.Repeat("x", i/26)), nil, 0o644))
	}
	told, last := 0, int64(0)
	files, seen, err := walk(context.Background(), []string{dir}, func(s sight) {
		require.GreaterOrEqual(t, s.found.Files, last)
		told, last = told+1, s.found.Files
	})
	require.NoError(t, err)
	require.Len(t, files, 1500)
	require.EqualValues(t, 1500, last)
	require.EqualValues(t, 1500, seen.found.Files)
	require.GreaterOrEqual(t, told, 3)
}

func TestWalkEndsWhenItIsTold(t *testing.T) {
	dir := tree(t, "a", "d/b", "d/e/c")
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, _, err := walk(ctx, []string{dir}, func(sight) {})
	require.ErrorIs(t, err, context.Canceled)
}
