package finder

import (
	"context"
	"fmt"
	"path/filepath"
	"runtime"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/examples/dupes/internal/gentree"
	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/host"
	"github.com/golodger/lodger/hosts/headless"
)

// runSearch runs a search on a separate loop.
func runSearch(ctx context.Context, changed func(*Model), roots ...string) (*Result, error) {
	return headless.Run(func(ctx context.Context) (*Result, error) {
		return Run(ctx, roots, changed)
	}, &guest.Options{Context: ctx})
}

func TestSearchFindsWhatBruteForceFinds(t *testing.T) {
	seed := randomSeed(t)
	for i := range uint64(3) {
		dir := t.TempDir()
		require.NoError(t, gentree.Random(dir, seed+i, 500))
		result, err := runSearch(context.Background(), nil, dir)
		require.NoError(t, err)
		require.False(t, result.Cancelled)
		require.Empty(t, result.Notes)
		require.Equal(t, bruteForce(t, dir), bySum(t, result.Groups))
		require.EqualValues(t, 500, result.Found.Files)
		require.Equal(t, result.Candidates, result.Done)
		require.Equal(t, Finished, result.Phase)
	}
}

func TestSearchRunsInVirtualTime(t *testing.T) {
	dir := tree(t, "a/same", "b/other", "c/none")
	synctest.Test(t, func(t *testing.T) {
		result, err := runSearch(context.Background(), nil, dir)
		require.NoError(t, err)
		require.Empty(t, result.Groups)
		require.EqualValues(t, 3, result.Found.Files)
	})
}

func TestScreenSeesEveryPhaseOnTheUIThreadAndNotTooOften(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, gentree.Sparse(dir, 6, 64<<20))
	var phases []Phase
	var thread host.Thread
	last := -tick
	_, err := headless.Run(func(ctx context.Context) (*Result, error) {
		thread = host.CurrentThread()
		return Run(ctx, []string{dir}, func(m *Model) {
			require.Equal(t, thread, host.CurrentThread())
			if n := len(phases); n == 0 || phases[n-1] != m.Phase {
				phases = append(phases, m.Phase) // at any time between two ticks
			} else {
				require.GreaterOrEqual(t, m.Elapsed-last, tick/2)
				last = m.Elapsed
			}
			require.LessOrEqual(t, m.Done.Bytes, m.Candidates.Bytes)
			require.LessOrEqual(t, m.Fraction(), 1.0)
		})
	}, nil)
	require.NoError(t, err)
	require.Equal(t, []Phase{Walking, Comparing, Finished}, phases)
}

func TestLongFilesAreCountedWhileTheyAreRead(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, gentree.Sparse(dir, 2, 256<<20))
	between := false
	result, err := runSearch(context.Background(), func(m *Model) {
		between = between || m.Done.Bytes > 0 && m.Done.Files == 0 && m.Rate > 0
	}, dir)
	require.NoError(t, err)
	require.True(t, between)
	require.Equal(t, result.Candidates, result.Done)
	require.EqualValues(t, 2*(256<<20)+2*2*endSize, result.Read)
}

func TestCancelledSearchKeepsWhatItHas(t *testing.T) {
	dir := t.TempDir()
	const n = 400
	// 25 GB: far more than is read until the first group is there
	require.NoError(t, gentree.Sparse(dir, n, 64<<20))
	ctx, cancel := context.WithCancel(context.Background())
	calls := 0
	result, err := runSearch(ctx, func(m *Model) {
		if len(m.Groups) > 0 {
			calls++
			cancel()
		}
	}, dir)
	require.ErrorIs(t, err, context.Canceled)
	require.True(t, result.Cancelled)
	require.NotEmpty(t, result.Groups)
	require.Less(t, len(result.Groups), n/2-1)
	require.LessOrEqual(t, calls, 3, "the end comes soon")
	for _, g := range result.Groups {
		require.Len(t, g.Paths, 2)
		first := 2 * int(g.Size-64<<20)
		require.Equal(t, filepath.Join(dir, fmt.Sprintf("sparse%04d", first)), g.Paths[0])
		require.Equal(t, filepath.Join(dir, fmt.Sprintf("sparse%04d", first+1)), g.Paths[1])
	}
}

func TestSearchCancelledWhileWalkingHasAResult(t *testing.T) {
	dir := tree(t, "a", "b")
	ctx, cancel := context.WithCancel(context.Background())
	result, err := runSearch(ctx, func(*Model) { cancel() }, dir)
	require.ErrorIs(t, err, context.Canceled)
	require.True(t, result.Cancelled)
	require.Empty(t, result.Groups)

	result, err = runSearch(ctx, nil, dir) // cancelled before it starts
	require.ErrorIs(t, err, context.Canceled)
	require.True(t, result.Cancelled)
}

// At whatever point a search is cancelled, it either is complete or says that it is not.
func TestCancelledSearchNeverClaimsToBeComplete(t *testing.T) {
	dir := t.TempDir()
	// so few that all are on their way at once
	require.NoError(t, gentree.Random(dir, randomSeed(t), 40))
	all := bruteForce(t, dir)
	partial := 0
	for wait := time.Duration(0); wait < 10*time.Millisecond; wait += 50 * time.Microsecond {
		ctx, cancel := context.WithTimeout(context.Background(), wait)
		result, err := runSearch(ctx, nil, dir)
		cancel()
		if result.Cancelled {
			require.ErrorIs(t, err, context.DeadlineExceeded)
			partial++
			continue
		}
		require.NoError(t, err)
		require.Equal(t, all, bySum(t, result.Groups))
	}
	t.Logf("%d of 200 were cancelled in time", partial)
}

func TestDeadlineCancelsToo(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, gentree.Sparse(dir, 20, 1<<30))
	for wait := 100 * time.Millisecond; ; wait *= 2 {
		result, err := headless.Run(func(ctx context.Context) (*Result, error) {
			ctx, cancel := context.WithTimeout(ctx, wait)
			defer cancel()
			return Run(ctx, []string{dir}, nil)
		}, nil)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.True(t, result.Cancelled)
		if result.Read > 0 { // a busy machine may take longer to begin
			return
		}
	}
}

func TestSearchWithNowhereToStartFails(t *testing.T) {
	result, err := runSearch(context.Background(), nil, filepath.Join(t.TempDir(), "missing"))
	require.ErrorIs(t, err, ErrNoRoots)
	require.False(t, result.Cancelled)
	require.EqualValues(t, 1, result.Noted[Unusable])
}

func TestWorkersComeBackWhenThereIsMoreToRead(t *testing.T) {
	dir := t.TempDir()
	// the ends of all are one worker's job; the others leave
	require.NoError(t, gentree.Sparse(dir, 4, 128<<20))
	s, most := search{disk: newLocal(), roots: []string{dir}}, 0
	s.changed = func(m *Model) {
		if m.Read > tellEvery {
			most = max(most, s.workers)
		}
	}
	_, err := headless.Run(s.run, nil)
	require.NoError(t, err)
	require.Greater(t, most, 1)
}

func TestWorkersAreFewAndAllOfThemEnd(t *testing.T) {
	const n = 10_000
	s, most, missing := search{disk: newLocal()}, 0, filepath.Join(t.TempDir(), "missing")
	sieve := newSieve(&s.model, slices.Repeat([]file{{path: missing}}, n))
	_, err := headless.Run(func(ctx context.Context) (struct{}, error) {
		return struct{}{}, guest.Scope(ctx, func(ctx context.Context) error {
			s.staff(ctx, sieve)
			for s.workers > 0 {
				most = max(most, s.workers)
				if err := guest.Sleep(ctx, time.Millisecond); err != nil {
					return err
				}
			}
			return nil
		})
	}, nil)
	require.NoError(t, err)
	require.Equal(t, runtime.GOMAXPROCS(0)+1, most)
	require.EqualValues(t, n, s.model.Noted[Vanished])
}

func TestSearchesOnOneThreadDoNotDisturbEachOther(t *testing.T) {
	one, two := tree(t, "a/1", "b/1"), tree(t, "a/2", "b/2", "c")
	first, err := headless.Run(func(ctx context.Context) (*Result, error) {
		other := guest.Async(ctx, func(ctx context.Context) (*Result, error) { return Run(ctx, []string{two}, nil) })
		result, err := Run(ctx, []string{one}, nil)
		if err != nil {
			return nil, err
		}
		second, err := other.Wait(ctx)
		require.EqualValues(t, 3, second.Found.Files)
		return result, err
	}, nil)
	require.NoError(t, err)
	require.EqualValues(t, 2, first.Found.Files)
}
