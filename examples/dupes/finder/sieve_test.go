package finder

import (
	"context"
	"crypto/sha256"
	"flag"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/examples/dupes/internal/gentree"
)

var seed = flag.Uint64("seed", 0, "seed of the random trees; 0: a new one each time")

func randomSeed(t *testing.T) uint64 {
	n := *seed
	if n == 0 {
		n = rand.Uint64()
	}
	t.Logf("to see this again: -seed=%d", n)
	return n
}

// bruteForce is the slow and obvious way to find duplicates: by sum, paths sorted.
func bruteForce(t *testing.T, dir string) map[Sum][]string {
	t.Helper()
	all := make(map[Sum][]string)
	require.NoError(t, filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		sum := Sum(sha256.Sum256(content))
		all[sum] = append(all[sum], path)
		return err
	}))
	for sum, paths := range all {
		slices.Sort(paths)
		if len(paths) < 2 {
			delete(all, sum)
		}
	}
	return all
}

// bySum is a result's groups in the shape of bruteForce.
func bySum(t *testing.T, groups []*Group) map[Sum][]string {
	t.Helper()
	all := make(map[Sum][]string)
	for _, g := range groups {
		require.NotContains(t, all, g.Sum)
		all[g.Sum] = slices.Sorted(slices.Values(g.Paths))
	}
	return all
}

func TestSieveFindsWhatBruteForceFinds(t *testing.T) {
	seed := randomSeed(t)
	for i := range uint64(5) {
		dir := t.TempDir()
		require.NoError(t, gentree.Random(dir, seed+i, 300))
		files, err := walkFiles(dir)
		require.NoError(t, err)
		files, _ = candidates(files)

		// Jobs taken out at the same time come back in any order.
		m := Model{Phase: Comparing}
		s, h, r := newSieve(&m, files), newHasher(), rand.New(rand.NewPCG(seed, i))
		for !s.empty() {
			var out [][]job
			for range 1 + r.IntN(4) {
				out = append(out, s.take())
			}
			for _, n := range r.Perm(len(out)) {
				outcomes, err := h.do(context.Background(), out[n], nil)
				require.NoError(t, err)
				s.learn(outcomes)
			}
		}
		require.Empty(t, m.Notes)
		require.Equal(t, bruteForce(t, dir), bySum(t, m.Groups))
		require.Equal(t, m.Candidates, m.Done)
		require.Equal(t, m.Candidates.Files+m.again, m.opened)
		require.InDelta(t, 1, m.Fraction(), 1e-9)
		wasted, duplicates := int64(0), int64(0)
		for _, g := range m.Groups {
			wasted += g.Wasted()
			duplicates += int64(len(g.Paths) - 1)
		}
		require.Equal(t, wasted, m.Wasted)
		require.Equal(t, duplicates, m.Duplicates)
	}
}

// sums makes a sieve of n files of one size.
func sums(n int, size int64) (*Model, *sieve) {
	m, files := new(Model), make([]file, n)
	for i := range files {
		files[i] = file{path: string(rune('a' + i)), size: size}
	}
	return m, newSieve(m, files)
}

func TestLongFilesAreReadInWholeOnlyWhenTheirEndsMeet(t *testing.T) {
	m, s := sums(4, 1_000_000)
	jobs := s.take()
	require.Len(t, jobs, 4)
	for i, j := range jobs {
		require.True(t, j.ends)
		// the last two are alike
		s.learn([]outcome{{job: j, sum: Sum{byte(min(i, 2))}, read: 2 * endSize}})
	}
	require.Equal(t, Tally{2, 2_000_000}, m.Done)
	jobs = s.take()
	require.Len(t, jobs, 2)
	for _, j := range jobs {
		require.False(t, j.ends)
		s.learn([]outcome{{job: j, sum: Sum{9}, read: j.file.size}})
	}
	require.Equal(t, m.Candidates, m.Done)
	require.Len(t, m.Groups, 1)
	require.EqualValues(t, 4*2*endSize+2_000_000, m.Read)
	require.True(t, s.empty())
}

func TestGroupGrowsAsItsFilesCome(t *testing.T) {
	m, s := sums(3, 10)
	jobs := s.take()
	s.learn([]outcome{{job: jobs[0]}})
	require.Empty(t, m.Groups)
	s.learn([]outcome{{job: jobs[1]}})
	require.Equal(t, []string{"a", "b"}, m.Groups[0].Paths)
	s.learn([]outcome{{job: jobs[2]}})
	require.Equal(t, []string{"a", "b", "c"}, m.Groups[0].Paths)
	require.Len(t, m.Groups, 1)
	require.EqualValues(t, 20, m.Wasted)
	require.EqualValues(t, 2, m.Duplicates)
}

func TestFileThatFailsIsNotedAndDone(t *testing.T) {
	m, s := sums(2, 100)
	jobs := s.take()
	m.Done.Bytes += 60 // told while it was read
	s.learn([]outcome{{job: jobs[0], read: 70, told: 60, err: errChanged}, {job: jobs[1], read: 100}})
	require.Equal(t, []Note{{Kind: Changed, Path: "a"}}, m.Notes)
	require.EqualValues(t, 1, m.Noted[Changed])
	require.Equal(t, m.Candidates, m.Done)
	require.Empty(t, m.Groups)
}

func TestChunksAreBounded(t *testing.T) {
	_, s := sums(100, 10)
	require.Len(t, s.take(), chunkJobs)
	require.Len(t, s.take(), 100-chunkJobs)
	require.Empty(t, s.take())

	_, s = sums(5, chunkBytes)
	require.Len(t, s.take(), 5, "their ends are short")
	s.met = []*file{{size: chunkBytes}, {size: chunkBytes}}
	require.Len(t, s.take(), 1)
	require.Len(t, s.take(), 1)
}
