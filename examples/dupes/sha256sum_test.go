package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/examples/dupes/finder"
	"github.com/golodger/lodger/examples/dupes/internal/gentree"
)

// These tests compare the program's groups with those that the real sha256sum and a sort show.
// With -big they do so on Go's own source, on 100 000 small files and on gigabytes of long
// ones, and say what it took:
//
//	go test ./examples/dupes -run 'Sha256sum|Flat' -big -v
var big = flag.Bool("big", false, "search large trees too: needs minutes and 500 MB of disk")

var seed = flag.Uint64("seed", 0, "seed of the random tree; 0: a new one each time")

// search runs the program on dir in a process of its own and returns its groups, paths by sum,
// what it took, and its greatest size in memory in kB, 0 if that is not known.
func search(t *testing.T, dir string) (groups map[string][]string, took time.Duration, memory int) {
	t.Helper()
	self, err := os.Executable()
	require.NoError(t, err)
	cmd := exec.Command(self, "-json", dir)
	cmd.Env = append(os.Environ(), "DUPES_CHILD=1")
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	start := time.Now()
	require.NoError(t, cmd.Run(), stderr.String())
	took = time.Since(start)
	var document struct {
		Groups []struct {
			SHA256 string
			Paths  []string
			Exact  [][]byte `json:"paths_base64"`
		}
		Cancelled bool
	}
	require.NoError(t, json.Unmarshal(stdout.Bytes(), &document))
	require.False(t, document.Cancelled)
	groups = make(map[string][]string)
	for _, g := range document.Groups {
		for i, exact := range g.Exact {
			g.Paths[i] = string(exact)
		}
		groups[g.SHA256] = g.Paths
	}
	// on a busy machine the log may have come first
	said, last, _ := strings.Cut(stderr.String(), "VmHWM:")
	_, _ = fmt.Sscanf(last, "%d kB", &memory)
	if said != "" {
		t.Log(said)
	}
	return groups, took, memory
}

// sha256sum does the same with the real sha256sum.
func sha256sum(t *testing.T, dir string) map[string][]string {
	t.Helper()
	if _, err := exec.LookPath("sha256sum"); err != nil {
		t.Skip("no sha256sum here")
	}
	var paths []string
	require.NoError(t, filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && entry.Type().IsRegular() {
			paths = append(paths, path)
		}
		return err
	}))
	groups := make(map[string][]string)
	for some := range slices.Chunk(paths, 1000) {
		cmd := exec.Command("sha256sum", append([]string{"--zero", "--"}, some...)...)
		cmd.Stderr = os.Stderr
		out, err := cmd.Output()
		require.NoError(t, err)
		for line := range strings.SplitSeq(strings.TrimSuffix(string(out), "\x00"), "\x00") {
			sum, path := line[:64], line[66:]
			groups[sum] = append(groups[sum], path)
		}
	}
	for sum, paths := range groups {
		slices.Sort(paths)
		if len(paths) < 2 {
			delete(groups, sum)
		}
	}
	return groups
}

func TestGroupsAreThoseOfSha256sum(t *testing.T) {
	dir := t.TempDir()
	if *seed == 0 {
		*seed = rand.Uint64()
	}
	t.Logf("to see this again: -seed=%d", *seed)
	require.NoError(t, gentree.Random(dir, *seed, 300))
	// where the file system takes such names
	_ = os.WriteFile(filepath.Join(dir, "bad\xff"), make([]byte, 4096), 0o644)
	groups, _, _ := search(t, dir)
	require.Equal(t, sha256sum(t, dir), groups)
}

func TestGroupsOfBigTreesAreThoseOfSha256sum(t *testing.T) {
	if !*big {
		t.Skip("needs -big")
	}
	goroot, err := exec.Command("go", "env", "GOROOT").Output()
	require.NoError(t, err)
	small, sparse := t.TempDir(), t.TempDir()
	require.NoError(t, gentree.Small(small, 100_000))
	require.NoError(t, gentree.Sparse(sparse, 12, 512<<20))
	for _, tree := range []struct{ name, dir string }{
		{"Go's source", filepath.Join(strings.TrimSpace(string(goroot)), "src")},
		{"100 000 small files", small},
		{"6 GB in 12 sparse files", sparse},
	} {
		groups, took, memory := search(t, tree.dir)
		start := time.Now()
		require.Equal(t, sha256sum(t, tree.dir), groups)
		t.Logf("%s: %d groups in %v (sha256sum of everything, files cached: %v), at most %d kB of memory",
			tree.name, len(groups), took.Round(time.Millisecond), time.Since(start).Round(time.Millisecond), memory)
	}
}

func TestMemoryIsFlatAsFilesGrow(t *testing.T) {
	files, size := 10, int64(10<<20)
	if *big {
		files, size = 100, 10<<20
	}
	var memory [2]int
	for i := range memory {
		dir := t.TempDir()
		require.NoError(t, gentree.Sparse(dir, files, size))
		_, took, kB := search(t, dir)
		memory[i] = kB
		t.Logf("%d files of %s: %d kB, %v", files, finder.Size(size), kB, took)
		size *= 10
	}
	if memory[0] == 0 {
		t.Skip("the system does not say")
	}
	require.InEpsilon(t, memory[0], memory[1], 0.2)
}
