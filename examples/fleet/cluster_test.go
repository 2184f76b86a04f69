package main

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/examples/dupes/finder"
	"github.com/golodger/lodger/examples/fleet/internal/testfleet"
	"github.com/golodger/lodger/examples/fleet/local"
	"github.com/golodger/lodger/examples/fleet/machines"
)

// Three servers and three agents run in separate processes. The test kills one of each in the
// middle. It may be any server: the one that leads a stream, or one that a client is connected
// to.
func TestServerOfAClusterAndAnAgentKilledInTheMiddle(t *testing.T) {
	cluster := testfleet.StartCluster(t)
	folders := testfleet.Folders(t, 3, 60)
	testfleet.Large(t, folders, 2, 100<<20)
	want := testfleet.Here(t, folders)
	var agents []*local.AgentProcess
	for i, shares := range local.Spread(folders, 3) {
		p, err := local.StartAgent(cluster.URL(), []string{"a", "b", "c"}[i], shares, ackWait)
		require.NoError(t, err)
		t.Cleanup(p.Stop)
		agents = append(agents, p)
	}
	link := testfleet.Link(t, cluster, ackWait)
	require.Equal(t, 3, link.Replicas)
	killed := false
	got, err := testfleet.Search(t.Context(), link, folders, func(f *machines.Fleet, m *finder.Model) {
		for i, a := range f.Agents() {
			if !killed && len(a.Doing) > 0 && a.Doing[0].Bytes > 0 {
				cluster.Kill(int(time.Now().UnixNano() % 3))
				agents[i].Kill()
				killed = true
			}
		}
	})
	require.NoError(t, err)
	require.True(t, killed)
	testfleet.Same(t, want, got)
	// the fleet goes on with two servers
	got, err = testfleet.Search(t.Context(), link, folders, nil)
	require.NoError(t, err)
	testfleet.Same(t, want, got)
}
