package serving

import (
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// none stands for a host; its field makes different values different pointers.
type none struct{ _ byte }

// fresh removes the hosts of other tests.
func fresh(t *testing.T) {
	hosts.Lock()
	live, ended := hosts.live, hosts.ended
	hosts.live, hosts.ended = nil, nil
	hosts.Unlock()
	t.Cleanup(func() { hosts.live, hosts.ended = live, ended })
}

func TestHostServesOneGuestInItsLife(t *testing.T) {
	fresh(t)
	h := new(none)
	detach, ok := Attach(h)
	require.True(t, ok)
	_, ok = Attach(h)
	require.False(t, ok, "it has one")
	_, ok = Attach(new(none))
	require.True(t, ok, "others are free")
	detach()
	detach() // harmless
	_, ok = Attach(h)
	require.False(t, ok, "it had one")
}

func TestEndedHostsAreNotKeptForEver(t *testing.T) {
	fresh(t)
	first := new(none)
	detach, _ := Attach(first)
	detach()
	for range remembered {
		detach, ok := Attach(new(none))
		require.True(t, ok)
		detach()
	}
	require.Empty(t, hosts.live)
	require.Len(t, hosts.ended, remembered)
	require.False(t, slices.Contains(hosts.ended, any(first)), "the oldest goes first")
}

func TestLiveHostsAreListedOldestFirst(t *testing.T) {
	fresh(t)
	require.Empty(t, Live())
	older, newer := new(none), new(none)
	detach, _ := Attach(older)
	Attach(newer)
	list := Live()
	require.Len(t, list, 2)
	require.Same(t, older, list[0])
	require.Same(t, newer, list[1])
	detach()
	require.Len(t, list, 2, "a list that was handed out does not change")
	require.Equal(t, []any{newer}, Live())
}

func TestHostsAreAttachedFromManyGoroutines(t *testing.T) {
	fresh(t)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 50 {
				h := new(none)
				detach, ok := Attach(h)
				if !ok {
					t.Error("a new host was refused")
				}
				if !slices.Contains(Live(), any(h)) {
					t.Error("a live host is not listed")
				}
				detach()
			}
		})
	}
	wg.Wait()
	require.Empty(t, Live())
}
