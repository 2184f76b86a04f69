package place

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestMarkIsOfOneGoroutine(t *testing.T) {
	onThread(func() {
		require.False(t, Marked())
		require.False(t, Marked(), "to look changes nothing")
		require.False(t, Mark())
		require.True(t, Marked())
		require.True(t, Marked())
		require.True(t, Mark(), "it was")
		onThread(func() { require.False(t, Marked()) })
		unmark()
		require.False(t, Marked())
	})
}
