package finder

import (
	"bytes"
	"context"
	"crypto/sha256"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// seen makes a file with content and returns what a walk sees of it.
func seen(t *testing.T, content []byte) *file {
	t.Helper()
	path := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(path, content, 0o644))
	files, err := walkFiles(path)
	require.NoError(t, err)
	return &files[0]
}

// hashOne does one job without cancellation.
func hashOne(j job, tell func(int64)) outcome {
	if tell == nil {
		tell = func(int64) {}
	}
	outcomes, err := newHasher().do(context.Background(), []job{j}, tell)
	if err != nil {
		panic(err)
	}
	return outcomes[0]
}

func TestWholeFilesHaveTheirSHA256(t *testing.T) {
	for _, size := range []int{0, 1, shortFile, bufferSize - 1, bufferSize, bufferSize + 1, 3 * bufferSize} {
		content := bytes.Repeat([]byte{7}, size)
		o := hashOne(job{file: seen(t, content)}, nil)
		require.NoError(t, o.err)
		require.Equal(t, Sum(sha256.Sum256(content)), o.sum)
		require.EqualValues(t, size, o.read)
	}
}

func TestEndsTellFilesApartByTheirSizeAndEnds(t *testing.T) {
	content := bytes.Repeat([]byte{7}, 100_000)
	sum := func(content []byte) Sum {
		o := hashOne(job{file: seen(t, content), ends: true}, nil)
		require.NoError(t, o.err)
		require.EqualValues(t, 2*endSize, o.read)
		return o.sum
	}
	changedAt := func(i int) []byte {
		changed := bytes.Clone(content)
		changed[i]++
		return changed
	}
	same := sum(content)
	require.Equal(t, same, sum(content))
	require.Equal(t, same, sum(changedAt(50_000)), "the middle is not read")
	require.NotEqual(t, same, sum(changedAt(0)))
	require.NotEqual(t, same, sum(changedAt(99_999)))
	require.NotEqual(t, same, sum(content[:99_999]), "the size is part of it")
}

func TestLongFilesAreReportedWhileTheyAreRead(t *testing.T) {
	var told []int64
	o := hashOne(job{file: seen(t, make([]byte, 2*tellEvery+1000))}, func(n int64) { told = append(told, n) })
	require.NoError(t, o.err)
	require.Equal(t, []int64{tellEvery, tellEvery}, told)
	require.EqualValues(t, 2*tellEvery, o.told)
	require.EqualValues(t, 2*tellEvery+1000, o.read)
}

func TestWhatChangesBetweenWalkAndReadIsNotHashed(t *testing.T) {
	change := map[string]func(path string) error{
		"grown":   func(path string) error { return os.WriteFile(path, make([]byte, 50_001), 0o644) },
		"shrunk":  func(path string) error { return os.Truncate(path, 10) },
		"written": func(path string) error { return os.Chtimes(path, time.Time{}, time.Now().Add(time.Minute)) },
	}
	for how, change := range change {
		for _, ends := range []bool{false, true} {
			f := seen(t, make([]byte, 50_000))
			require.NoError(t, change(f.path))
			require.ErrorIs(t, hashOne(job{f, ends}, nil).err, errChanged, how)
		}
	}
	f := seen(t, nil)
	require.NoError(t, os.Remove(f.path))
	require.ErrorIs(t, hashOne(job{file: f}, nil).err, fs.ErrNotExist)
}

func TestWhatChangesWhileItIsReadIsNotHashed(t *testing.T) {
	for how, change := range map[string]func(path string) error{
		"shrunk":  func(path string) error { return os.Truncate(path, tellEvery) },
		"written": func(path string) error { return os.Chtimes(path, time.Time{}, time.Now().Add(time.Minute)) },
		"grown": func(path string) error {
			f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
			if err != nil {
				return err
			}
			defer f.Close()
			_, err = f.Write([]byte("more"))
			return err
		},
	} {
		f := seen(t, make([]byte, 2*tellEvery))
		o := hashOne(job{file: f}, func(int64) { require.NoError(t, change(f.path)) })
		require.ErrorIs(t, o.err, errChanged, how)
	}
}

func TestCancelledJobsHaveNoOutcome(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	short, long := seen(t, []byte("short")), seen(t, make([]byte, 2*tellEvery))
	outcomes, err := newHasher().do(ctx, []job{{file: short}, {file: long}, {file: short}}, func(int64) { cancel() })
	require.ErrorIs(t, err, context.Canceled)
	require.Len(t, outcomes, 1)
	require.Equal(t, short, outcomes[0].file)
}

// Memory is flat: what a hasher allocates does not depend on how long the files are.
func TestHashingAllocatesNothingPerByte(t *testing.T) {
	allocated := func(size int) uint64 {
		jobs, h := []job{{file: seen(t, make([]byte, size))}}, newHasher()
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := h.do(context.Background(), jobs, func(int64) {})
		runtime.ReadMemStats(&after)
		require.NoError(t, err)
		return after.TotalAlloc - before.TotalAlloc
	}
	require.InDelta(t, allocated(1000), allocated(20_000_000), 100_000)
}
