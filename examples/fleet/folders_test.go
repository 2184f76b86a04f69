package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/examples/dupes/finder"
	"github.com/golodger/lodger/examples/fleet/agent"
	"github.com/golodger/lodger/examples/fleet/internal/testfleet"
	"github.com/golodger/lodger/examples/fleet/machines"
)

// fill writes files into dir, from a map of their paths to their contents.
func fill(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		path := filepath.Join(dir, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	}
}

// No matter how folders are written, the paths are those that dupes shows.
func TestFoldersWrittenInOddWays(t *testing.T) {
	dir := t.TempDir()
	fill(t, dir, map[string]string{"a/1": "same", "a/b/2": "same", "c+%20=/3": "same", "4": "same", "d/5": "same"})
	require.NoError(t, os.Symlink("d", filepath.Join(dir, "link")))
	t.Chdir(dir)
	for _, folders := range [][]string{{"."}, {"a/", "link"}, {"link/", "c+%20=", "4"}, {"./a", "a/b"}, {"a", "a"}} {
		want := testfleet.Here(t, folders)
		var stdout, stderr bytes.Buffer
		code := run(t.Context(), append([]string{"-json", "-agents", "2"}, folders...), &stdout, &stderr)
		require.Equal(t, fine, code, stderr.String())
		var got, here struct{ Groups, Notes any }
		require.NoError(t, json.Unmarshal(stdout.Bytes(), &got))
		stdout.Reset()
		require.NoError(t, want.WriteJSON(&stdout))
		require.NoError(t, json.Unmarshal(stdout.Bytes(), &here))
		require.Equal(t, here.Groups, got.Groups, folders)
		if want.Noted[finder.Overlap] == 0 { // noted by file here, by folder in dupes
			require.Equal(t, here.Notes, got.Notes, folders)
		}
	}
}

func TestShareMayEndInASeparator(t *testing.T) {
	server := testfleet.Server(t)
	dir := t.TempDir()
	fill(t, dir, map[string]string{"one": "same", "sub/two": "same"})
	testfleet.Agent(t, server, ackWait, &agent.Agent{Name: "a", Shares: []agent.Share{{Name: "photos", Dir: dir + "/"}}})
	testfleet.Agent(t, server, ackWait, &agent.Agent{Name: "b", Shares: []agent.Share{{Name: "music/", Dir: dir}}})
	got, err := testfleet.Search(t.Context(), testfleet.Link(t, server, ackWait), []string{"photos"}, nil)
	require.NoError(t, err)
	require.Len(t, got.Groups, 1)
	require.Equal(t, []string{"photos/one", "photos/sub/two"}, got.Groups[0].Paths)
	got, err = testfleet.Search(t.Context(), testfleet.Link(t, server, ackWait), []string{"music/"}, nil)
	require.NoError(t, err)
	require.Len(t, got.Groups, 1)
}

// An agent is started again while another agent's job waits. At first it has only another
// folder, and the search says what it waits for. Then it has another folder under the old name,
// and no file is mistaken for one that was listed before.
func TestAgentComesBackWithAnotherFolder(t *testing.T) {
	server := testfleet.Server(t)
	before, after := t.TempDir(), t.TempDir()
	fill(t, before, map[string]string{"one": "same", "two": "same", "three": "same"})
	fill(t, after, map[string]string{"one": "same", "two": "else"})
	hour := time.Now().Add(-time.Hour) // files created in one tick of the clock look alike
	require.NoError(t, os.Chtimes(filepath.Join(after, "one"), hour, hour))
	const short = 500 * time.Millisecond
	var hung atomic.Bool
	hash := func(ctx context.Context, _ []finder.Read, _ func(int64)) ([]finder.Hashed, error) {
		hung.Store(true)
		<-ctx.Done()
		return nil, ctx.Err()
	}
	stop := testfleet.Agent(t, server, short, &agent.Agent{Name: "a", Shares: []agent.Share{{Name: "photos", Dir: before}}, Hash: hash})
	restarted, waits := false, false
	got, err := testfleet.Search(t.Context(), testfleet.Link(t, server, short), []string{"photos"}, func(f *machines.Fleet, _ *finder.Model) {
		switch {
		case hung.Load() && !restarted:
			restarted = true
			go func() {
				stop()
				testfleet.Agent(t, server, short, &agent.Agent{Name: "a", Shares: []agent.Share{{Name: "music", Dir: after}}})
			}()
		case restarted && !waits && f.Missing([]string{"photos"}) != "":
			waits = true
			go testfleet.Agent(t, server, short, &agent.Agent{Name: "b", Shares: []agent.Share{{Name: "photos", Dir: after}}})
		}
	})
	require.NoError(t, err)
	require.True(t, waits)
	require.Empty(t, got.Groups)
	require.Len(t, got.Notes, 3)
}

// Every third file is deleted before it is read.
func TestFilesThatVanish(t *testing.T) {
	server := testfleet.Server(t)
	dir := t.TempDir()
	files := map[string]string{}
	for i := range 90 {
		files[fmt.Sprint(i)] = strings.Repeat("x", i%5)
	}
	fill(t, dir, files)
	reads, gone := 0, int64(0)
	hash := func(ctx context.Context, reads1 []finder.Read, tell func(int64)) ([]finder.Hashed, error) {
		if reads++; reads%3 == 0 {
			gone++
			require.NoError(t, os.Remove(reads1[0].File.Path))
		}
		return finder.NewReader().Hash(ctx, reads1, tell)
	}
	testfleet.Agent(t, server, ackWait, &agent.Agent{Name: "a", Shares: testfleet.Shares(dir), Hash: hash})
	got, err := testfleet.Search(t.Context(), testfleet.Link(t, server, ackWait), []string{dir}, nil)
	require.NoError(t, err)
	require.Equal(t, testfleet.Here(t, []string{dir}).Groups, got.Groups)
	require.Len(t, got.Notes, 30)
	require.EqualValues(t, 30, gone)
}

func TestTenThousandFiles(t *testing.T) {
	server := testfleet.Server(t)
	folders := []string{t.TempDir(), t.TempDir()}
	for i := range 10_000 {
		// names are so long that the list takes several messages
		name := filepath.Join(folders[i%2], fmt.Sprintf("%0200d", i))
		require.NoError(t, os.WriteFile(name, []byte(fmt.Sprint(i%1000)), 0o600))
	}
	want := testfleet.Here(t, folders)
	for i, folder := range folders {
		testfleet.Agent(t, server, ackWait, &agent.Agent{Name: fmt.Sprint("agent-", i), Shares: testfleet.Shares(folder)})
	}
	begin := time.Now()
	got, err := testfleet.Search(t.Context(), testfleet.Link(t, server, ackWait), folders, nil)
	require.NoError(t, err)
	t.Log("took ", time.Since(begin), ", here ", want.Elapsed)
	testfleet.Same(t, want, got)
}
