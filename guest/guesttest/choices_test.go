package guesttest

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
)

// chosen are n choices, of which the one numbered other, if there is one, is another.
func chosen(t *testing.T, line string, n, other int) *choices {
	t.Helper()
	c := new(choices)
	if line != "" {
		require.True(t, c.repeat(line))
	}
	for i := range n {
		name := fmt.Sprint("task ", (i+1)%7)
		if i+1 == other {
			name = "another"
		}
		c.add(name)
	}
	return c
}

func TestChoicesSayWhichIsTheFirstToDiffer(t *testing.T) {
	for _, n := range []int{1, 7, maxMarks - 1, maxMarks, maxMarks + 1, 2 * maxMarks, 2*maxMarks + 1, 1000, 5000} {
		line := chosen(t, "", n, 0).line()
		require.LessOrEqual(t, len(line), maxMarks+len("5000x"))
		require.Empty(t, chosen(t, line, n, 0).end(), n)
		require.Regexp(t, fmt.Sprintf("goes on after choice %d, .* with task", n), chosen(t, line, n+1, 0).end())
		require.Equal(t, fmt.Sprintf("it ends after %d of %d choices", n-1, n), chosen(t, line, n-1, 0).end())
		every := 1
		for n/every > maxMarks {
			every *= 2
		}
		for _, other := range []int{1, n / 2, n - n%every} {
			if other == 0 {
				continue
			}
			says := chosen(t, line, n, other).end()
			if every == 1 {
				require.Contains(t, says, fmt.Sprintf("the first choice that differs is %d of %d, here the another", other, n))
				continue
			}
			from := (other-1)/every*every + 1
			require.Contains(t, says, fmt.Sprintf("the first choice that differs is one of %d to %d of %d, here the ", from, from+every-1, n))
			if other-from < maxNames {
				require.Contains(t, says, "the another")
			}
		}
	}
}

func TestChoicesWithAMistypedLineAreRefused(t *testing.T) {
	for _, line := range []string{"", "x", "3", "3x", "3xab", "3xabcd", "-1x", "ax"} {
		require.False(t, new(choices).repeat(line), line)
	}
	require.True(t, new(choices).repeat("3xabc"))
}
