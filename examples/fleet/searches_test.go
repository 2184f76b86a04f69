package main

import (
	"context"
	"errors"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/examples/dupes/finder"
	"github.com/golodger/lodger/examples/fleet/agent"
	"github.com/golodger/lodger/examples/fleet/internal/testfleet"
	"github.com/golodger/lodger/examples/fleet/local"
	"github.com/golodger/lodger/examples/fleet/machines"
	"github.com/golodger/lodger/examples/fleet/wire"
	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/hosts/headless"
)

// Two windows search one fleet at the same time. Each cancels only its own search.
func TestTwoSearchesAtATime(t *testing.T) {
	server := testfleet.Server(t)
	folders := testfleet.Folders(t, 3, 60)
	testfleet.Large(t, folders, 2, 50<<20)
	for i, shares := range local.Spread(folders, 3) {
		testfleet.Agent(t, server, ackWait, &agent.Agent{Name: []string{"a", "b", "c"}[i], Shares: shares})
	}
	want := testfleet.Here(t, folders)
	one, two := testfleet.Link(t, server, ackWait), testfleet.Link(t, server, ackWait)
	var both sync.WaitGroup
	var cancelled *finder.Result
	var err error
	both.Go(func() {
		ctx, cancel := context.WithCancel(t.Context())
		cancelled, err = testfleet.Search(ctx, one, folders, func(_ *machines.Fleet, m *finder.Model) {
			if m.Phase == finder.Comparing && m.Read > 0 {
				cancel()
			}
		})
	})
	got, err2 := testfleet.Search(t.Context(), two, folders, nil)
	both.Wait()
	require.NoError(t, err2)
	testfleet.Same(t, want, got)
	require.ErrorIs(t, err, context.Canceled)
	require.True(t, cancelled.Cancelled)
	require.Zero(t, left(t, one))
}

// left counts what the streams still hold of searches that are over: jobs, answers and
// consumers.
func left(t *testing.T, link *wire.Link) int {
	t.Helper()
	work, answers := stateOf(t, link, "FLEET_WORK"), stateOf(t, link, "FLEET_ANSWERS")
	return int(work.Msgs) + int(answers.Msgs) + answers.Consumers
}

func stateOf(t *testing.T, link *wire.Link, stream string) jetstream.StreamState {
	t.Helper()
	js, err := jetstream.New(link.Conn)
	require.NoError(t, err)
	s, err := js.Stream(t.Context(), stream)
	require.NoError(t, err)
	return s.CachedInfo().State
}

// A search may be cancelled at any moment. Its result is complete or says that it is not, and
// the search leaves nothing behind.
func TestCancelInEveryPhase(t *testing.T) {
	server := testfleet.Server(t)
	folders := testfleet.Folders(t, 2, 30)
	for i, folder := range folders {
		testfleet.Agent(t, server, ackWait, &agent.Agent{Name: []string{"a", "b"}[i], Shares: testfleet.Shares(folder)})
	}
	link := testfleet.Link(t, server, ackWait)
	want := testfleet.Here(t, folders)
	phases := map[finder.Phase]int{}
	_, err := headless.Run(func(ctx context.Context) (struct{}, error) {
		fleet := machines.New(link)
		defer guest.Go(ctx, fleet.Follow).Cancel(nil)
		begin := time.Now()
		for wait := time.Duration(0); ; wait += time.Millisecond + wait/8 {
			ctx, cancel := context.WithTimeout(ctx, wait)
			got, err := fleet.Search(ctx, folders, nil)
			cancel()
			if err == nil {
				testfleet.Same(t, want, got)
				break
			}
			require.ErrorIs(t, err, context.DeadlineExceeded)
			require.True(t, got.Cancelled)
			phases[got.Phase]++
			require.Less(t, time.Since(begin), time.Minute)
		}
		return struct{}{}, nil
	}, &guest.Options{Private: true})
	require.NoError(t, err)
	t.Log("cancelled: ", phases)
	// an agent may still answer a job that it took before the end
	require.Eventually(t, func() bool { return left(t, link) == 0 }, 10*time.Second, 10*time.Millisecond)
}

// An answer that is stored after its search has deleted them all is deleted by its agent.
func TestLateAnswersAreDeleted(t *testing.T) {
	server := testfleet.Server(t)
	folders := testfleet.Folders(t, 1, 3)
	testfleet.Agent(t, server, ackWait, &agent.Agent{Name: "a", Shares: testfleet.Shares(folders...)})
	link := testfleet.Link(t, server, ackWait)
	require.NoError(t, link.StartRun(t.Context(), "run"))
	require.NoError(t, link.Ask(t.Context(), wire.Job{Run: "run", ID: "1", Share: folders[0]}))
	require.Eventually(t, func() bool { return stateOf(t, link, "FLEET_WORK").Msgs == 0 }, 10*time.Second, 10*time.Millisecond)
	require.NotZero(t, stateOf(t, link, "FLEET_ANSWERS").Msgs)
	js, err := jetstream.New(link.Conn)
	require.NoError(t, err)
	runs, err := js.KeyValue(t.Context(), "fleet_runs")
	require.NoError(t, err)
	_, err = runs.PutString(t.Context(), "run", wire.RunOff) // as if all was deleted before
	require.NoError(t, err)
	require.Eventually(t, func() bool { return left(t, link) == 0 }, 10*time.Second, 10*time.Millisecond)
}

// The servers lose all their data. The search fails, because its jobs are gone. The agents go
// on.
func TestServersThatComeBackEmpty(t *testing.T) {
	dir := t.TempDir()
	server, err := local.StartServer(dir)
	require.NoError(t, err)
	t.Cleanup(server.Stop)
	folders := testfleet.Folders(t, 2, 30)
	var hang atomic.Bool
	hang.Store(true)
	hash := func(ctx context.Context, reads []finder.Read, tell func(int64)) ([]finder.Hashed, error) {
		for hang.Load() {
			if err := guest.Sleep(ctx, time.Millisecond); err != nil {
				return nil, err
			}
		}
		return finder.NewReader().Hash(ctx, reads, tell)
	}
	for i, folder := range folders {
		testfleet.Agent(t, server, ackWait, &agent.Agent{Name: []string{"a", "b"}[i], Shares: testfleet.Shares(folder), Hash: hash})
	}
	link := testfleet.Link(t, server, ackWait)
	restarted := make(chan error, 1)
	began := false
	got, err := testfleet.Search(t.Context(), link, folders, func(_ *machines.Fleet, m *finder.Model) {
		if !began && m.Phase == finder.Comparing {
			began = true
			go func() {
				server.Stop()
				restarted <- errors.Join(os.RemoveAll(dir), server.Restart(0))
				hang.Store(false)
			}()
		}
	})
	require.ErrorIs(t, err, machines.ErrLost)
	require.True(t, got.Cancelled)
	require.NoError(t, <-restarted)
	got, err = testfleet.Search(t.Context(), link, folders, nil)
	require.NoError(t, err)
	testfleet.Same(t, testfleet.Here(t, folders), got)
}

// The servers are away when the user cancels. The search ends anyway, and the agents learn it
// when the servers are back.
func TestCancelWhileTheServersAreAway(t *testing.T) {
	server := testfleet.Server(t)
	folders := testfleet.Folders(t, 2, 30)
	begun, stopped := endlessAgents(t, server, folders)
	link := testfleet.Link(t, server, time.Minute)
	ctx, cancel := context.WithCancel(t.Context())
	away := false
	got, err := testfleet.Search(ctx, link, folders, func(*machines.Fleet, *finder.Model) {
		if begun.Load() == 2 && !away {
			away = true
			go func() { server.Stop(); cancel() }()
		}
	})
	require.ErrorIs(t, err, context.Canceled)
	require.True(t, got.Cancelled)
	require.Zero(t, stopped.Load())
	require.NoError(t, server.Restart(0))
	require.Eventually(t, func() bool { return stopped.Load() == 2 }, 30*time.Second, 10*time.Millisecond)
	require.Eventually(t, func() bool { return left(t, link) == 0 }, 30*time.Second, 10*time.Millisecond)
}
