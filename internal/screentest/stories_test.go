package screentest

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// Two stories of one name would be played in each other's place.
func TestStoriesHaveDifferentNames(t *testing.T) {
	stories := Stories{"a": func() int { return 1 }}
	stories.AddAll(Stories{"b": func() int { return 2 }})
	require.Equal(t, 2, stories["b"]())
	require.PanicsWithValue(t, "screentest: two stories are named a", func() { stories.Add("a", func() int { return 3 }) })
	require.PanicsWithValue(t, "screentest: two stories are named b", func() { stories.AddAll(Stories{"b": func() int { return 4 }}) })
}
