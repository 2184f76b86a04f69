package finder

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestModelAddsUpTheWalk(t *testing.T) {
	var m Model
	notes := []Note{{Kind: Symlink, Path: "a"}, {Kind: Symlink, Path: "b"}, {Kind: Special, Path: "c"}}
	m.walked(sight{folders: 1, found: Tally{2, 20}, notes: notes[:1]})
	m.walked(sight{folders: 3, found: Tally{5, 50}, notes: notes})
	require.EqualValues(t, 3, m.Folders)
	require.Equal(t, Tally{5, 50}, m.Found)
	require.EqualValues(t, 2, m.Noted[Symlink])
	require.EqualValues(t, 1, m.Noted[Special])
	require.Len(t, m.Notes, 3)
	require.Zero(t, m.Fraction())
	_, ok := m.Left()
	require.False(t, ok, "nobody knows before the walk is over")
}

func TestModelKnowsItsRateAndTheTimeLeft(t *testing.T) {
	var m Model
	now := time.Now()
	m.tick(now)
	m.Phase, m.Candidates = Comparing, Tally{100, 100_000_000}
	for range 20 { // a second, in which a fifth of the files is read
		now = now.Add(50 * time.Millisecond)
		m.Read += 1_000_000
		m.opened++
		m.Done.add(1, 1_000_000)
		m.tick(now)
	}
	require.Equal(t, time.Second, m.Elapsed)
	require.InDelta(t, 0.2, m.Fraction(), 0.001)
	require.InDelta(t, 20_000_000, m.Rate, 1)
	left, ok := m.Left()
	require.True(t, ok)
	require.InDelta(t, 4, left.Seconds(), 0.01)
}
