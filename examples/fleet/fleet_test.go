package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
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
	"github.com/golodger/lodger/examples/fleet/local"
	"github.com/golodger/lodger/examples/fleet/machines"
)

// TestMain lets this program be an agent, too, because local.StartAgent starts the program
// again.
func TestMain(m *testing.M) {
	testfleet.FarmMain()
	testfleet.ServerMain()
	if len(os.Args) > 1 && os.Args[1] == "-child" {
		os.Exit(run(context.Background(), os.Args[1:], os.Stdout, os.Stderr))
	}
	os.Exit(m.Run())
}

// ackWait is long enough for slow machines, and short enough for a test to wait.
const ackWait = 2 * time.Second

func TestOneCommandFindsWhatDupesFinds(t *testing.T) {
	folders := testfleet.Folders(t, 3, 60)
	want := testfleet.Here(t, folders)
	var stdout, stderr bytes.Buffer
	code := run(t.Context(), append([]string{"-json"}, folders...), &stdout, &stderr)
	require.Equal(t, fine, code, stderr.String())
	var got, here struct{ Groups, Notes any }
	require.NoError(t, json.Unmarshal(stdout.Bytes(), &got))
	stdout.Reset()
	require.NoError(t, want.WriteJSON(&stdout))
	require.NoError(t, json.Unmarshal(stdout.Bytes(), &here))
	require.Equal(t, here, got)
}

// The story of the example: three agents run in separate processes, and one is killed while it
// reads.
func TestAgentKilledInTheMiddle(t *testing.T) {
	server := testfleet.Server(t)
	folders := testfleet.Folders(t, 3, 60)
	testfleet.Large(t, folders, 2, 100<<20)
	var agents []*local.AgentProcess
	for i, shares := range local.Spread(folders, 3) {
		p, err := local.StartAgent(server.URL(), []string{"a", "b", "c"}[i], shares, ackWait)
		require.NoError(t, err)
		t.Cleanup(p.Stop)
		agents = append(agents, p)
	}
	killed := ""
	link := testfleet.Link(t, server, ackWait)
	got, err := testfleet.Search(t.Context(), link, folders, func(f *machines.Fleet, m *finder.Model) {
		for i, a := range f.Agents() {
			if killed == "" && len(a.Doing) > 0 && a.Doing[0].Bytes > 0 {
				agents[i].Kill()
				killed = a.Agent
			}
		}
	})
	require.NoError(t, err)
	require.NotEmpty(t, killed)
	testfleet.Same(t, testfleet.Here(t, folders), got)
}

// hanging returns a Hash that hangs in the first job until release, and then does the job.
func hanging(release <-chan struct{}) (hash func(context.Context, []finder.Read, func(int64)) ([]finder.Hashed, error), hung *atomic.Int32) {
	hung = new(atomic.Int32)
	return func(ctx context.Context, reads []finder.Read, tell func(int64)) ([]finder.Hashed, error) {
		if hung.Add(1) == 1 {
			<-release
		}
		return finder.NewReader().Hash(ctx, reads, tell)
	}, hung
}

// A job that is done twice is answered twice, but counts once.
func TestSlowAgentIsHelpedAndItsLateAnswerChangesNothing(t *testing.T) {
	server := testfleet.Server(t)
	folders := testfleet.Folders(t, 2, 40)
	release := make(chan struct{})
	hash, hung := hanging(release)
	const short = 500 * time.Millisecond
	testfleet.Agent(t, server, short, &agent.Agent{Name: "slow", Shares: testfleet.Shares(folders...), Hash: hash})
	link := testfleet.Link(t, server, short)
	helped := false
	got, err := testfleet.Search(t.Context(), link, folders, func(f *machines.Fleet, m *finder.Model) {
		if hung.Load() > 0 && !helped {
			helped = true // not earlier, or it would take the job
			go testfleet.Agent(t, server, short, &agent.Agent{Name: "quick", Shares: testfleet.Shares(folders...)})
		}
	})
	require.NoError(t, err)
	require.True(t, helped)
	want := testfleet.Here(t, folders)
	testfleet.Same(t, want, got)

	close(release) // now the slow agent answers, without disturbing the next search
	got, err = testfleet.Search(t.Context(), link, folders, nil)
	require.NoError(t, err)
	testfleet.Same(t, want, got)
}

// endlessAgents starts an agent for each folder. Each reads until it is cancelled.
func endlessAgents(t *testing.T, server *local.Server, folders []string) (begun, stopped *atomic.Int32) {
	begun, stopped = new(atomic.Int32), new(atomic.Int32)
	hash := func(ctx context.Context, _ []finder.Read, _ func(int64)) ([]finder.Hashed, error) {
		begun.Add(1)
		<-ctx.Done()
		stopped.Add(1)
		return nil, ctx.Err()
	}
	for i, folder := range folders {
		testfleet.Agent(t, server, time.Minute, &agent.Agent{Name: string(rune('a' + i)), Shares: testfleet.Shares(folder), Hash: hash})
	}
	return begun, stopped
}

func TestCancelReachesAllAgents(t *testing.T) {
	server := testfleet.Server(t)
	folders := testfleet.Folders(t, 3, 40)
	begun, stopped := endlessAgents(t, server, folders)
	link := testfleet.Link(t, server, time.Minute)
	ctx, cancel := context.WithCancel(t.Context())
	got, err := testfleet.Search(ctx, link, folders, func(_ *machines.Fleet, m *finder.Model) {
		if begun.Load() == 3 {
			cancel()
		}
	})
	require.ErrorIs(t, err, context.Canceled)
	require.True(t, got.Cancelled)
	require.Equal(t, int64(0), got.Duplicates)
	require.Eventually(t, func() bool { return stopped.Load() == begun.Load() }, 10*time.Second, time.Millisecond)
	require.EqualValues(t, 3, begun.Load(), "and nothing is left to begin")
}

// The servers stop in the middle of a search, and come back with their data.
func TestServersThatComeBack(t *testing.T) {
	server := testfleet.Server(t)
	folders := testfleet.Folders(t, 3, 200)
	for i, shares := range local.Spread(folders, 3) {
		testfleet.Agent(t, server, ackWait, &agent.Agent{Name: []string{"a", "b", "c"}[i], Shares: shares})
	}
	link := testfleet.Link(t, server, ackWait)
	restarted := make(chan error, 1)
	began := false
	got, err := testfleet.Search(t.Context(), link, folders, func(_ *machines.Fleet, m *finder.Model) {
		if !began && m.Phase == finder.Comparing {
			began = true
			go func() { restarted <- server.Restart(300 * time.Millisecond) }()
		}
	})
	require.NoError(t, err)
	require.True(t, began)
	require.NoError(t, <-restarted)
	testfleet.Same(t, testfleet.Here(t, folders), got)
}

func TestJobThatNoAgentSurvivesIsGivenUp(t *testing.T) {
	server := testfleet.Server(t)
	dir := t.TempDir()
	for _, name := range []string{"one", "two"} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte("same"), 0o600))
	}
	var tries atomic.Int32
	const short = 100 * time.Millisecond
	testfleet.Agent(t, server, short, &agent.Agent{Name: "a", Shares: testfleet.Shares(dir),
		Hash: func(context.Context, []finder.Read, func(int64)) ([]finder.Hashed, error) {
			tries.Add(1)
			return nil, errors.New("out of memory")
		}})
	got, err := testfleet.Search(t.Context(), testfleet.Link(t, server, short), []string{dir}, nil)
	require.NoError(t, err)
	require.EqualValues(t, 5, tries.Load())
	require.EqualValues(t, 2, got.Noted[finder.Unreadable])
	require.Contains(t, got.Notes[0].Why, "given up")
}

func TestShareThatIsNotThereIsANote(t *testing.T) {
	server := testfleet.Server(t)
	folders := append(testfleet.Folders(t, 1, 20), filepath.Join(t.TempDir(), "missing"))
	testfleet.Agent(t, server, ackWait, &agent.Agent{Name: "a", Shares: testfleet.Shares(folders...)})
	link := testfleet.Link(t, server, ackWait)
	got, err := testfleet.Search(t.Context(), link, folders, nil)
	require.NoError(t, err)
	testfleet.Same(t, testfleet.Here(t, folders), got)
	got, err = testfleet.Search(t.Context(), link, folders[1:], nil)
	require.ErrorIs(t, err, finder.ErrNoRoots)
	require.EqualValues(t, 1, got.Noted[finder.Unusable])
}

// Two machines have the same share under one name, in different places.
func TestShareHasOneNameForAllMachines(t *testing.T) {
	server := testfleet.Server(t)
	dir := t.TempDir()
	for _, name := range []string{"one", "two"} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte("same"), 0o600))
	}
	testfleet.Agent(t, server, ackWait, &agent.Agent{Name: "a", Shares: []agent.Share{{Name: "photos", Dir: dir}}})
	got, err := testfleet.Search(t.Context(), testfleet.Link(t, server, ackWait), []string{"photos"}, nil)
	require.NoError(t, err)
	require.Len(t, got.Groups, 1)
	require.Equal(t, []string{"photos/one", "photos/two"}, got.Groups[0].Paths)
}

func TestCtrlCStopsTheAgents(t *testing.T) {
	folders := testfleet.Folders(t, 3, 10)
	testfleet.Large(t, folders, 2, 8<<30) // this takes some minutes to read
	ctx, cancel := context.WithCancel(t.Context())
	var stdout bytes.Buffer
	stderr := &ear{word: "reading", heard: cancel}
	require.Equal(t, interrupted, run(ctx, folders, &stdout, stderr), stdout.String())
	require.Contains(t, stdout.String(), "Interrupted")
}

// An ear calls heard when the word has been written to it.
type ear struct {
	word  string
	heard func()
}

func (e *ear) Write(text []byte) (int, error) {
	if strings.Contains(string(text), e.word) {
		e.heard()
	}
	return len(text), nil
}

func TestMisuseSaysHowToUseIt(t *testing.T) {
	for _, args := range [][]string{{}, {"-unknown"}, {"-agents", "0", "x"}, {"-agent", "a", "x=y"}, {"-nats", "u", "-agent", "a"},
		{"-nats", "u", "-agent", "a", "x"}, {"-standby", "x", "y"}} {
		var out, errs bytes.Buffer
		require.Equal(t, misused, run(t.Context(), args, &out, &errs), args)
		require.Contains(t, errs.String(), "usage: fleet")
	}
}
