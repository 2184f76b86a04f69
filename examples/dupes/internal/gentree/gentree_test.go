package gentree

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// sizes returns the size of each regular file below dir, by its path from there.
func sizes(t *testing.T, dir string) map[string]int64 {
	t.Helper()
	all := make(map[string]int64)
	require.NoError(t, fs.WalkDir(os.DirFS(dir), ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		info, err := entry.Info()
		if err == nil {
			all[path] = info.Size()
		}
		return err
	}))
	return all
}

func TestSameSeedMakesTheSameTree(t *testing.T) {
	one, two, three := t.TempDir(), t.TempDir(), t.TempDir()
	require.NoError(t, Random(one, 1, 100))
	require.NoError(t, Random(two, 1, 100))
	require.NoError(t, Random(three, 2, 100))
	require.Len(t, sizes(t, one), 100)
	require.Equal(t, sizes(t, one), sizes(t, two))
	require.NotEqual(t, sizes(t, one), sizes(t, three))
}

func TestSmallTreesHaveAsManyFilesAsAskedFor(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, Small(dir, 1001))
	require.Len(t, sizes(t, dir), 1001)
}

func TestSparseFilesComeInPairs(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, Sparse(dir, 4, 1000))
	require.Equal(t, map[string]int64{"sparse0000": 1000, "sparse0001": 1000, "sparse0002": 1001, "sparse0003": 1001},
		sizes(t, dir))
	read := func(name string) []byte {
		content, err := os.ReadFile(filepath.Join(dir, name))
		require.NoError(t, err)
		return content
	}
	require.Equal(t, read("sparse0000"), read("sparse0001"))
	require.NotEqual(t, read("sparse0002"), read("sparse0003"))
}
