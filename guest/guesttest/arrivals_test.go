package guesttest

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest/internal/hooks"
)

// post and task are arrivals by their source and name, as in "7a 8b".
func arrived(text string, post bool) (list []hooks.Arrival) {
	for _, word := range strings.Fields(text) {
		list = append(list, hooks.Arrival{Source: uint64(word[0]), Name: word[1:], Post: post})
	}
	return list
}

// taken returns list in the order that a says.
func taken(t *testing.T, a *arrivals, list []hooks.Arrival) (text string, ok bool) {
	t.Helper()
	order, ok := a.arrange(list)
	require.Len(t, order, len(list))
	words := make([]string, len(list))
	for i, n := range order {
		words[i] = string(rune(list[n].Source)) + list[n].Name
	}
	return strings.Join(words, " "), ok
}

func TestArrivalsComeInTheRecordedOrder(t *testing.T) {
	first := new(arrivals)
	for _, text := range []string{"7a 8b 7c 9d", "1a 1b", "2a 1b"} {
		seen, ok := taken(t, first, arrived(text, true))
		require.Equal(t, text, seen, "as they came")
		require.True(t, ok)
	}
	require.Equal(t, "0102-01", first.line())

	again := new(arrivals)
	again.repeat(first.line())
	seen, ok := taken(t, again, arrived("4d 5b 6a 6c", true)) // others, which do the same
	require.Equal(t, "6a 5b 6c 4d", seen)
	require.True(t, ok)
	seen, _ = taken(t, again, arrived("9a 9b", true))
	require.Equal(t, "9a 9b", seen)
	seen, _ = taken(t, again, arrived("9b 3a", true))
	require.Equal(t, "3a 9b", seen)
	require.Equal(t, first.line(), again.line())
	seen, ok = taken(t, again, arrived("9b 3a", true))
	require.Equal(t, "9b 3a", seen)
	require.False(t, ok, "nothing more was recorded")
}

func TestArrivalsOfOthersThanRecordedAreTold(t *testing.T) {
	for _, text := range []string{"7a 8b 9c", "7a 7b 8c", "8c 9d 8e 8f"} {
		a := new(arrivals)
		a.repeat("010z2")
		seen, ok := taken(t, a, arrived(text, true))
		require.Equal(t, text, seen)
		require.False(t, ok)
	}
}

func TestArrivalsWithoutPostsAreSorted(t *testing.T) {
	a := new(arrivals)
	seen, ok := taken(t, a, arrived("7b 8c 9a", false))
	require.Equal(t, "9a 7b 8c", seen)
	require.True(t, ok)
	require.Empty(t, a.line())
	require.Empty(t, a.alike)
	_, _ = taken(t, a, arrived("7b 8b", false))
	require.Equal(t, "b", a.alike)
}

func TestArrivalsOfManySources(t *testing.T) {
	var text strings.Builder
	for i := range 80 {
		text.WriteString(" " + string(rune('!'+i)) + string(rune('!'+(i*37)%80)))
	}
	a, again := new(arrivals), new(arrivals)
	seen, _ := taken(t, a, arrived(text.String(), true))
	words := strings.Fields(text.String())
	for i, j := 0, len(words)-1; i < j; i, j = i+1, j-1 {
		words[i], words[j] = words[j], words[i]
	}
	again.repeat(a.line())
	repeated, ok := taken(t, again, arrived(strings.Join(words, " "), true))
	require.Equal(t, seen, repeated)
	require.True(t, ok)
}
