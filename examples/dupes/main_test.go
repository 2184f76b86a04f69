package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
)

// dupes runs the program in this process.
func dupes(ctx context.Context, args ...string) (code int, stdout, stderr string) {
	var out, errs bytes.Buffer
	code = run(ctx, args, &out, &errs)
	return code, out.String(), errs.String()
}

func twins(t *testing.T) (dir string) {
	dir = t.TempDir()
	for _, name := range []string{"a", "b"} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte("same"), 0o644))
	}
	return dir
}

func TestReportIsPrinted(t *testing.T) {
	dir := twins(t)
	code, stdout, stderr := dupes(t.Context(), dir)
	require.Equal(t, fine, code)
	require.True(t, strings.HasPrefix(stdout, "2 files of 4 B, 4 B wasted\n"), stdout)
	require.Contains(t, stdout, "1 group, 1 duplicate, 4 B wasted; 2 files, 8 B searched in ")
	require.Empty(t, stderr, "a search that is over at once has no progress to speak of")
}

func TestJSONIsOneDocumentAndNothingElse(t *testing.T) {
	code, stdout, stderr := dupes(t.Context(), "-json", twins(t))
	require.Equal(t, fine, code)
	require.Empty(t, stderr)
	var document struct {
		Cancelled bool
		Groups    []struct{ Paths []string }
	}
	require.NoError(t, json.Unmarshal([]byte(stdout), &document))
	require.False(t, document.Cancelled)
	require.Len(t, document.Groups, 1)
	require.Len(t, document.Groups[0].Paths, 2)
}

func TestQuietShowsNoProgress(t *testing.T) {
	code, _, stderr := dupes(t.Context(), "-q", twins(t))
	require.Equal(t, fine, code)
	require.Empty(t, stderr)
}

func TestMisuseSaysHowToUseIt(t *testing.T) {
	for _, args := range [][]string{{}, {"-unknown"}, {"-json"}} {
		code, stdout, stderr := dupes(t.Context(), args...)
		require.Equal(t, misused, code)
		require.Empty(t, stdout)
		require.Contains(t, stderr, "usage: dupes")
	}
	code, _, stderr := dupes(t.Context(), "-h")
	require.Equal(t, fine, code)
	require.Contains(t, stderr, "usage: dupes")
}

func TestVersionIsThatOfTheLibrary(t *testing.T) {
	code, stdout, stderr := dupes(t.Context(), "-version")
	require.Equal(t, fine, code)
	require.Equal(t, "dupes with Lodger "+guest.Version+"\n", stdout)
	require.Empty(t, stderr)
}

func TestAllRootsMissingIsAFailureAndOneIsANote(t *testing.T) {
	missing := filepath.Join(t.TempDir(), "missing")
	code, stdout, stderr := dupes(t.Context(), "-q", missing)
	require.Equal(t, failed, code)
	require.Contains(t, stdout, "roots that cannot be searched: 1\n  "+missing+": no such file or directory\n")
	require.Contains(t, stderr, "dupes: finder: none of the roots")

	code, stdout, _ = dupes(t.Context(), "-q", missing, twins(t))
	require.Equal(t, fine, code)
	require.Contains(t, stdout, "1 group")
	require.Contains(t, stdout, "roots that cannot be searched: 1")
}

func TestCancelledProgramSaysSo(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	code, stdout, _ := dupes(ctx, twins(t))
	require.Equal(t, interrupted, code)
	require.Contains(t, stdout, "Interrupted")
}

func TestFullDiskIsAFailure(t *testing.T) {
	var errs bytes.Buffer
	require.Equal(t, failed, run(t.Context(), []string{"-q", twins(t)}, fullDisk{}, &errs))
	require.Contains(t, errs.String(), "short write")
}

type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) {
	return 0, &os.PathError{Op: "write", Path: "out", Err: io.ErrShortWrite}
}
