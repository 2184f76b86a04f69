//go:build cgo

package callback_test

import (
	"context"
	"fmt"
	"iter"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/host"
	"github.com/golodger/lodger/hosts/gtk/internal/callback"
	"github.com/golodger/lodger/hosts/headless"
)

func TestEachLevelIsOneCallback(t *testing.T) {
	s := callback.NewStairs()
	for levels := range 20 {
		ran := 0
		s.Down(levels, func() {
			ran++
			require.Equal(t, levels, host.CallbackDepth())
			s.Down(2, func() { require.Equal(t, levels+2, host.CallbackDepth()) })
		})
		require.Equal(t, 1, ran)
	}
}

func TestPanicComesUpTheStairs(t *testing.T) {
	s := callback.NewStairs()
	for range 100 {
		require.PanicsWithValue(t, "below", func() { s.Down(7, func() { panic("below") }) })
		require.Zero(t, host.CallbackDepth())
	}
}

func TestGoexitComesUpTheStairs(t *testing.T) {
	var wg sync.WaitGroup
	left := 0
	wg.Go(func() {
		defer func() { left++ }()
		callback.NewStairs().Down(7, runtime.Goexit)
		t.Error("it goes on")
	})
	wg.Wait()
	require.Equal(t, 1, left)
}

// A thread is started from C, on the stack whose C frames a panic has skipped. With the address
// sanitizer that fails if those frames have left redzones. Each round has more goroutines than
// there are threads, so new ones start.
func TestThreadsBeginWhereAPanicHasLeftC(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	for n := 2; n < 32; n++ {
		runtime.GOMAXPROCS(n)
		var wg sync.WaitGroup
		for range n {
			wg.Go(func() {
				s := callback.NewStairs()
				assert.Panics(t, func() { s.Down(9, func() { panic("below") }) })
			})
		}
		wg.Wait()
	}
}

// This is what the stairs are for: the runtime ends a process that resumes a coroutine at
// another depth.
func TestCoroutinesAreAtHomeAtOneDepth(t *testing.T) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	const home = 9
	s := callback.NewStairs()
	at := func(depth int, fn func()) {
		s.Down(depth, func() { s.Down(home-depth, fn) })
	}
	var next func() (int, bool)
	var stop func()
	at(0, func() {
		next, stop = iter.Pull(func(yield func(int) bool) {
			for n := 0; yield(n); n++ {
			}
		})
	})
	for depth := range home + 1 {
		at(depth, func() {
			n, ok := next()
			require.True(t, ok)
			require.Equal(t, depth, n)
		})
	}
	at(3, stop)
}

// A panic that leaves the loop through C has left those callbacks, though they are still on the
// stack: the guest knows, and unwinds.
func TestGuestUnwindsWhenAPanicHasComeThroughC(t *testing.T) {
	loop, deferred := headless.New(), 0
	require.PanicsWithValue(t, "below", func() {
		_, _ = guest.Run(loop, func(ctx context.Context) (int, error) {
			for range 10 {
				guest.Go(ctx, func(ctx context.Context) error {
					defer func() { deferred++ }()
					_ = guest.Park(ctx)
					return guest.Sleep(context.WithoutCancel(ctx), time.Millisecond)
				})
			}
			loop.RunSyncSoonThreadsafe(func() { callback.NewStairs().Down(3, func() { panic("below") }) })
			return 0, guest.Park(ctx)
		}, nil)
	})
	require.Equal(t, 10, deferred)
}

func BenchmarkDown(b *testing.B) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	s := callback.NewStairs()
	for _, levels := range []int{0, 1, 8} {
		b.Run(fmt.Sprintf("levels=%d", levels), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				s.Down(levels, func() {})
			}
		})
		b.Run(fmt.Sprintf("levels=%d,measured", levels), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				s.Down(levels, func() { host.CallbackDepth() })
			}
		})
	}
}
