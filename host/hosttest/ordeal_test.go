package hosttest

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/host"
)

func TestPlaysAreSpreadEvenly(t *testing.T) {
	require.Equal(t, 15, len(plays(150, true, false)))
	require.Equal(t, "ordeal-quit-at-1", plays(150, true, false)[0])
	require.Equal(t, []string{"ordeal-hostile-0", "ordeal-hostile-1", "ordeal-hostile-2"}, plays(150, false, false))
	require.Len(t, plays(150, true, true), 250)
	require.Len(t, plays(3, true, false), 6)
}

func TestOrdealOfHosts(t *testing.T) {
	t.Parallel()
	if why := cantRun(); why != "" {
		t.Skip(why)
	}
	for name, fails := range map[string]string{
		"complete":                         "",
		"tiny":                             "",
		"bare":                             "",
		"bare, and quits only in its loop": "",
		"blocks once its toolkit has quit": "hung",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := calm(name)
			end := s.spawn("ordeal-quit-at-0")
			state, saw := end.judge()
			require.Equal(t, passed, state, saw)
			require.Greater(t, end.verdict.Steps, 50, "there are more, if goroutines have the time to post")
			if fails != "" {
				s = hurried(name)
				s.limit = 4 * time.Second
			}
			list := plays(end.verdict.Steps, name != "tiny", false)
			if fails == "" {
				require.Empty(t, s.plays(list))
				return
			}
			// A play finds the fault only if a goroutine happens to post after the quit. So the
			// plays are repeated until one finds it.
			for range 20 {
				if slices.ContainsFunc(s.plays(list), func(saw string) bool { return strings.Contains(saw, fails) }) {
					return
				}
			}
			t.Error("no play finds the fault")
		})
	}
}

// A host that can do more than a Loop is played with all of it, also when the kit had to
// complete it.
func TestForGuestKeepsWhatAHostCanDo(t *testing.T) {
	h, _ := completed(func(*complete) {})()
	require.Same(t, h, forGuest(h, h))

	plain := forGuest(bare{h}, h)
	require.False(t, plain.OnThread())
	_, enters := plain.(host.Enterer)
	require.False(t, enters)

	only := struct {
		bare
		host.Enterer
	}{bare{h}, h.(host.Enterer)}
	_, enters = forGuest(only, h).(host.Enterer)
	require.True(t, enters)
}
