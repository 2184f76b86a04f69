package finder

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/examples/dupes/internal/gentree"
	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/hosts/headless"
)

// parts is a Disk made of List and Reader, as another place would use them.
type parts struct{ told int64 }

func (*parts) List(ctx context.Context, roots []string, tell func(Seen)) ([]File, Seen, error) {
	var files []File
	var all Seen
	for _, root := range roots {
		type listing struct {
			files []File
			seen  Seen
		}
		l, err := guest.Background(ctx, func(ctx context.Context) (listing, error) {
			files, seen, err := List(ctx, root, func(Seen) {})
			return listing{files, seen}, err
		})
		if err != nil {
			return nil, l.seen, err
		}
		files = append(files, l.files...)
		all.Folders += l.seen.Folders
		all.Found.add(l.seen.Found.Files, l.seen.Found.Bytes)
		all.Notes = append(all.Notes, l.seen.Notes...)
		tell(all)
	}
	return files, all, nil
}

func (p *parts) Hash(ctx context.Context, reads []Read, tell func(int64)) ([]Hashed, error) {
	hashed, err := guest.Background(ctx, func(ctx context.Context) ([]Hashed, error) {
		return NewReader().Hash(ctx, reads, func(n int64) {
			guest.RunOnMain(ctx, func() { p.told += n; tell(n) })
		})
	})
	slices.Reverse(hashed) // any order will do
	return hashed, err
}

func (*parts) Readers() int { return 3 }

func runOn(d Disk, roots ...string) (*Result, error) {
	return headless.Run(func(ctx context.Context) (*Result, error) { return RunOn(ctx, d, roots, nil) }, nil)
}

// same leaves out what depends on time.
func same(t *testing.T, want, got *Result) {
	t.Helper()
	require.Equal(t, want.Groups, got.Groups)
	require.Equal(t, want.Notes, got.Notes)
	for _, r := range []*Result{want, got} {
		r.Model = Model{Folders: r.Folders, Found: r.Found, Candidates: r.Candidates, Done: r.Done, Read: r.Read,
			Duplicates: r.Duplicates, Wasted: r.Wasted, Noted: r.Noted}
	}
	require.Equal(t, want.Model, got.Model)
}

func TestSearchElsewhereFindsWhatASearchHereFinds(t *testing.T) {
	one, two := t.TempDir(), t.TempDir()
	require.NoError(t, gentree.Random(one, randomSeed(t), 300))
	require.NoError(t, gentree.Random(two, randomSeed(t), 300))
	require.NoError(t, gentree.Sparse(two, 4, 20<<20)) // long enough to be told on the way
	require.NoError(t, os.Symlink("nowhere", filepath.Join(one, "link")))
	want, err := runSearch(t.Context(), nil, one, two)
	require.NoError(t, err)
	d := &parts{}
	got, err := runOn(d, one, two)
	require.NoError(t, err)
	require.NotZero(t, d.told)
	same(t, want, got)
}

func TestSearchElsewhereWithNowhereToStartFails(t *testing.T) {
	result, err := runOn(&parts{}, filepath.Join(t.TempDir(), "missing"))
	require.ErrorIs(t, err, ErrNoRoots)
	require.EqualValues(t, 1, result.Noted[Unusable])
}

// lost is a Disk whose readers say much and finish nothing.
type lost struct{ parts }

func (*lost) Hash(_ context.Context, reads []Read, tell func(int64)) ([]Hashed, error) {
	tell(1000)
	var hashed []Hashed
	for i := range reads {
		hashed = append(hashed, Hashed{Read: i, Note: &Note{Kind: Unreadable, Path: reads[i].File.Path, Why: "lost"}})
	}
	return hashed, nil
}

func TestBytesThatCameToNothingDoNotCount(t *testing.T) {
	dir := tree(t, "a", "b")
	result, err := runOn(&lost{}, dir)
	require.NoError(t, err)
	require.Zero(t, result.Read)
	require.Equal(t, result.Candidates, result.Done)
	require.EqualValues(t, 2, result.Noted[Unreadable])
	require.Equal(t, "lost", result.Notes[0].Why)
}

func TestFileOfAnotherMachineIsComparedBySizeAndTime(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(path, []byte("text"), 0o600))
	files, _, err := List(t.Context(), path, func(Seen) {})
	require.NoError(t, err)
	f := files[0]
	f.Device, f.Number = 0, 0
	hashed, err := NewReader().Hash(t.Context(), []Read{{File: f}}, nil)
	require.NoError(t, err)
	require.Nil(t, hashed[0].Note)
	require.NoError(t, os.Chtimes(path, time.Time{}, time.Unix(1, 0)))
	hashed, err = NewReader().Hash(t.Context(), []Read{{File: f}}, nil)
	require.NoError(t, err)
	require.Equal(t, Changed, hashed[0].Note.Kind)
}

func TestListAndHashHeedTheirContext(t *testing.T) {
	dir := tree(t, "a", "b")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(errors.New("enough"))
	_, _, err := List(ctx, dir, func(Seen) {})
	require.ErrorIs(t, err, context.Canceled)
	hashed, err := NewReader().Hash(ctx, []Read{{File: File{Path: dir}}}, nil)
	require.ErrorIs(t, err, context.Canceled)
	require.Empty(t, hashed)
}
