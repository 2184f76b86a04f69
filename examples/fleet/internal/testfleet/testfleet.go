// Package testfleet creates small fleets and folders to search, for tests and measurements.
package testfleet

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/examples/dupes/finder"
	"github.com/golodger/lodger/examples/fleet/agent"
	"github.com/golodger/lodger/examples/fleet/local"
	"github.com/golodger/lodger/examples/fleet/machines"
	"github.com/golodger/lodger/examples/fleet/wire"
	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/hosts/headless"
)

// Server starts a server for the test.
func Server(t testing.TB) *local.Server {
	t.Helper()
	s, err := local.StartServer(t.TempDir())
	require.NoError(t, err)
	t.Cleanup(s.Stop)
	return s
}

// Servers is a server or a cluster.
type Servers interface{ URL() string }

// Link connects to the servers until the end of the test.
func Link(t testing.TB, s Servers, ackWait time.Duration) *wire.Link {
	t.Helper()
	link, err := wire.Connect(t.Context(), s.URL(), "test", wire.Options{AckWait: ackWait})
	require.NoError(t, err)
	t.Cleanup(link.Close)
	return link
}

// Agent runs an agent in this process until stop is called, or the test ends.
func Agent(t testing.TB, s Servers, ackWait time.Duration, a *agent.Agent) (stop func()) {
	t.Helper()
	link := Link(t, s, ackWait)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_, _ = headless.Run(func(ctx context.Context) (struct{}, error) { return struct{}{}, a.Run(ctx, link) },
			&guest.Options{Context: ctx, Private: true})
	}()
	stop = func() { cancel(); <-ended }
	t.Cleanup(stop)
	return stop
}

// Search searches shares, and calls changed on the UI thread.
func Search(ctx context.Context, link *wire.Link, shares []string, changed func(*machines.Fleet, *finder.Model)) (*finder.Result, error) {
	return headless.Run(func(ctx context.Context) (*finder.Result, error) {
		fleet := machines.New(link)
		following := guest.Go(ctx, fleet.Follow)
		defer following.Cancel(nil)
		if _, err := fleet.Meet(ctx, shares); err != nil {
			return nil, err
		}
		return fleet.Search(ctx, shares, func(m *finder.Model) {
			if changed != nil {
				changed(fleet, m)
			}
		})
	}, &guest.Options{Context: ctx, Private: true})
}

// Here returns what dupes finds in all folders together.
func Here(t testing.TB, folders []string) *finder.Result {
	t.Helper()
	r, err := headless.Run(func(ctx context.Context) (*finder.Result, error) {
		return finder.Run(ctx, folders, nil)
	}, &guest.Options{Private: true})
	require.NoError(t, err)
	return r
}

// Same compares the results of two searches, except for the times and for data that was read
// twice.
func Same(t testing.TB, want, got *finder.Result) {
	t.Helper()
	require.Equal(t, want.Groups, got.Groups)
	require.Equal(t, want.Notes, got.Notes)
	require.Equal(t, want.Found, got.Found)
	require.Equal(t, want.Folders, got.Folders)
	require.Equal(t, want.Candidates, got.Candidates)
	require.Equal(t, want.Candidates, got.Done)
	require.Equal(t, want.Read, got.Read)
	require.False(t, got.Cancelled)
}

// Folders creates n folders with odd names, links and hard links. Their files are often equal to
// files in other folders.
func Folders(t testing.TB, n, files int) []string {
	t.Helper()
	folders := make([]string, n)
	sizes := []int{0, 1, 4096, 32 << 10, 32<<10 + 1, 300_000}
	names := []string{"f%d", "ü %d", "a\n%d", "\"%d", "\xff%d"}
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 0))
	for i := range folders {
		folders[i] = t.TempDir()
		require.NoError(t, os.MkdirAll(filepath.Join(folders[i], "sub", "sub"), 0o755))
		require.NoError(t, os.Symlink("nowhere", filepath.Join(folders[i], "link")))
		for k := range files {
			content := make([]byte, sizes[r.IntN(len(sizes))])
			for range r.IntN(3) {
				if len(content) > 0 {
					content[r.IntN(3)*(len(content)-1)/2] = byte(r.IntN(3))
				}
			}
			dir := filepath.Join(folders[i], []string{"", "sub", "sub/sub"}[r.IntN(3)])
			name := filepath.Join(dir, fmt.Sprintf(names[r.IntN(len(names))], k))
			require.NoError(t, os.WriteFile(name, content, 0o600))
			if k == 0 {
				require.NoError(t, os.Link(name, name+" too"))
			}
		}
	}
	return folders
}

// Large adds n files of size bytes to each folder. The files take no space on the disk. All but
// one are equal.
func Large(t testing.TB, folders []string, n int, size int64) {
	t.Helper()
	for i, dir := range folders {
		for k := range n {
			name := filepath.Join(dir, fmt.Sprint("large", k))
			require.NoError(t, os.WriteFile(name, nil, 0o600))
			require.NoError(t, os.Truncate(name, size))
			if i == 0 && k == 0 {
				f, err := os.OpenFile(name, os.O_WRONLY, 0)
				require.NoError(t, err)
				_, err = f.WriteAt([]byte{1}, size/2)
				require.NoError(t, err)
				require.NoError(t, f.Close())
			}
		}
	}
}

// Shares returns folders as the shares of an agent.
func Shares(folders ...string) []agent.Share {
	var all []agent.Share
	for _, f := range folders {
		all = append(all, agent.Share{Name: f, Dir: f})
	}
	return all
}
