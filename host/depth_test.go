package host

import (
	"iter"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// Depths other than 0 need C, which test files may not have: the kit's cases show them on hosts
// that call through C.

func TestPlainGoHasDepthZero(t *testing.T) {
	require.Zero(t, CallbackDepth())
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			if depth := CallbackDepth(); depth != 0 {
				t.Errorf("depth %d in a goroutine", depth)
			}
		})
	}
	wg.Wait()
	next, stop := iter.Pull(func(yield func(int) bool) { yield(CallbackDepth()) })
	defer stop()
	depth, ok := next()
	require.True(t, ok)
	require.Zero(t, depth, "in a coroutine")
}

// deep calls fn below n frames.
func deep(n int, fn func()) {
	if n == 0 {
		fn()
		return
	}
	deep(n-1, fn)
}

func TestStacksLongerThanOneReadingHaveADepthToo(t *testing.T) {
	for _, frames := range []int{1, 50, 63, 64, 65, 128, 1000} {
		deep(frames, func() { require.Zero(t, CallbackDepth()) })
	}
}

func BenchmarkCallbackDepth(b *testing.B) {
	b.Run("shallow", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			CallbackDepth()
		}
	})
	b.Run("40 frames", func(b *testing.B) {
		b.ReportAllocs()
		deep(40, func() {
			for b.Loop() {
				CallbackDepth()
			}
		})
	})
}
