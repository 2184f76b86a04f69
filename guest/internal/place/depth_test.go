package place

import (
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"
)

// Depths other than 0 need C, which test files may not have: so the depth of the turns is set
// here. The kit's cases show real callbacks, on hosts that call through C.

// called says that C was called since the depth was last found to be right.
func (p *Place) called() { p.depth.cCalls = runtime.NumCgoCall() - 1 }

// deep is a place whose turns run so many callbacks deep.
func deep(at int) *Place {
	p := newPlace(nil)
	p.depth.at, p.depth.known = at, true
	p.called()
	return p
}

func TestAnotherDepthIsRefused(t *testing.T) {
	p := newPlace(nil)
	require.False(t, p.AtAnotherDepth(), "none is known")
	require.True(t, p.AtDepth(), "the first call sets it")
	require.Equal(t, 0, p.depth.at)
	require.True(t, p.depth.known)
	require.True(t, p.AtDepth())
	p.called()
	require.True(t, p.AtDepth(), "seen once more")
	require.Equal(t, runtime.NumCgoCall(), p.depth.cCalls)
	require.False(t, p.AtAnotherDepth())

	p = deep(1)
	for range 2 {
		require.False(t, p.AtDepth())
		require.True(t, p.AtAnotherDepth())
	}
	p.depth.cCalls = runtime.NumCgoCall()
	require.False(t, p.AtDepth(), "a callback may have ended without a call to C")
	require.Equal(t, 1, p.depth.at, "the first depth stays")
}

func TestDepthOfCallbacksThatAPanicHasLeftIsDiscounted(t *testing.T) {
	p := deep(1)
	p.Discount(-1) // as if there were one more than before
	require.Equal(t, 1, p.depth.dead)
	require.False(t, p.AtDepth())
	require.True(t, p.AtAnotherDepth())
	p.Discount(1) // as if there were one less
	require.True(t, p.AtDepth())
	require.False(t, p.AtAnotherDepth())
	p.called()
	p.Discount(0)
	require.False(t, p.AtDepth())
}

// A host that leads to one depth itself is trusted with it.
func TestDepthIsNotLookedAtWhereTheHostLeadsThere(t *testing.T) {
	p := deep(1)
	p.depth.throughC = true
	require.False(t, p.AtAnotherDepth())
	require.True(t, p.AtDepth())
	require.Equal(t, runtime.NumCgoCall(), p.depth.cCalls)
}

func TestInsideCIsSeenOnlyOnceForACall(t *testing.T) {
	onThread(func() {
		p := newPlace(nil)
		require.True(t, p.AtDepth())
		require.False(t, p.InsideC())
		p.called()
		require.False(t, p.InsideC(), "an iterator's goroutine, on which no callback is seen")
		require.NotEqual(t, runtime.NumCgoCall(), p.depth.cCalls, "and no proof for others")
		Mark()
		require.False(t, p.InsideC())
		require.Equal(t, runtime.NumCgoCall(), p.depth.cCalls)
		require.False(t, p.MayBeInsideC())
	})
}
