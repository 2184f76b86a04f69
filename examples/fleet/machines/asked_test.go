package machines

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/examples/fleet/wire"
)

func part(try string, n int, last bool) wire.Answer {
	return wire.Answer{Try: try, Part: n, Last: last}
}

func whole(t *testing.T, k *asked) (tries []string) {
	t.Helper()
	parts, ok, err := k.whole.Result()
	require.NoError(t, err)
	if !ok {
		return nil
	}
	for i, p := range parts {
		require.Equal(t, i, p.Part)
		tries = append(tries, p.Try)
	}
	return tries
}

func TestAnswerIsWholeWhateverComesTwiceOrLate(t *testing.T) {
	k := newAsked(nil)
	k.hear(part("a", 0, false))
	k.hear(part("a", 0, false)) // the same part again
	k.hear(part("b", 1, false)) // another agent, and out of order
	k.hear(part("a", 2, true))
	require.Nil(t, whole(t, k), "part 1 of a is missing")
	k.hear(part("b", 2, true))
	k.hear(part("b", 0, false))
	require.Equal(t, []string{"b", "b", "b"}, whole(t, k))
	k.hear(part("a", 1, false)) // too late
	require.Equal(t, []string{"b", "b", "b"}, whole(t, k))
}

func TestPathIsInTheLongestShare(t *testing.T) {
	s := newSearch(nil, "run", []string{"/", "/a", "/a/b", "photos", `C:`})
	for path, share := range map[string]string{"/x": "/", "/a/x": "/a", "/ab": "/", "/a/b/x": "/a/b", "/a/b": "/a/b", "photos/x": "photos", `C:\x`: `C:`} {
		i, ok := s.share(path)
		require.True(t, ok, path)
		require.Equal(t, share, s.shares[i], path)
	}
	_, ok := s.share("photosx/y")
	require.False(t, ok)
}
