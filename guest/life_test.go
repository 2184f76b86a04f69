package guest

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestLifeGoesOnByTheTableOnly(t *testing.T) {
	for from := initial; from <= gone; from++ {
		for to := initial; to <= gone; to++ {
			var l life
			l.phase.Store(uint32(from))
			if slices.Contains(transitions[from], to) {
				require.Greater(t, to, from, "it only grows")
				l.enter(to)
				require.True(t, l.is(to))
				continue
			}
			require.Panics(t, func() { l.enter(to) }, "from %d to %d", from, to)
			require.Equal(t, uint32(from), l.phase.Load())
		}
		require.NotEmpty(t, states[from])
	}
}
