//go:build unix

package finder

import (
	"os"
	"runtime"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestPipeInPlaceOfAFileDoesNotHangTheReader(t *testing.T) {
	f := seen(t, []byte("content"))
	require.NoError(t, os.Remove(f.path))
	require.NoError(t, syscall.Mkfifo(f.path, 0o644))
	err := hashOne(job{file: f}, nil).err
	require.Error(t, err)
	require.Contains(t, []Kind{Special, Changed}, problem(f.path, err).Kind)
}

func TestAnotherFileInPlaceOfAFileIsAChange(t *testing.T) {
	f, other := seen(t, []byte("content")), seen(t, []byte("CONTENT"))
	info, err := os.Stat(f.path)
	require.NoError(t, err)
	require.NoError(t, os.Chtimes(other.path, info.ModTime(), info.ModTime()))
	require.NoError(t, os.Remove(f.path))
	require.NoError(t, os.Symlink(other.path, f.path))
	require.ErrorIs(t, hashOne(job{file: f}, nil).err, errChanged)
}

func TestPipeInDisguiseIsNotRead(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("Linux has files that say they are regular and yet make a reader wait")
	}
	info, err := os.Stat("/proc/self/mounts")
	if err != nil || !info.Mode().IsRegular() {
		t.Skip("no /proc")
	}
	_, err = openToRead("/proc/self/mounts")
	require.ErrorIs(t, err, errWaits)
}
