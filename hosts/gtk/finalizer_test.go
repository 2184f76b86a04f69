//go:build cgo

package gtkhost_test

import (
	"context"
	"runtime"
	"testing"
	"time"

	"github.com/gotk3/gotk3/glib"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/host"
	gtkhost "github.com/golodger/lodger/hosts/gtk"
)

// drop makes n objects as gotk3 does, and drop them: letting go is what the hook is given. gone
// is called in it.
func drop(n int, gone func()) {
	for range n {
		o := new([16]byte)
		runtime.SetFinalizer(o, func(*[16]byte) { glib.FinalizerStrategy(gone) })
	}
}

func TestObjectsAreLetGoOnTheUIThread(t *testing.T) {
	const objects = 100_000
	gone, wrong, longest := 0, 0, time.Duration(0)
	locked(t)
	thread := host.CurrentThread()
	err := gtkhost.Run(func(ctx context.Context) error {
		guest.Go(ctx, func(ctx context.Context) error {
			last := time.Now()
			for gone < objects {
				if err := guest.Sleep(ctx, time.Millisecond); err != nil {
					return err
				}
				longest = max(longest, time.Since(last))
				last = time.Now()
			}
			return nil
		})
		for range 100 {
			drop(objects/100, func() {
				gone++ // on one thread, or the race detector speaks
				if host.CurrentThread() != thread {
					wrong++
				}
			})
			if _, err := guest.Background(ctx, func(context.Context) (int, error) { runtime.GC(); return 0, nil }); err != nil {
				return err
			}
		}
		return nil
	}, nil)
	require.NoError(t, err)
	require.Equal(t, []int{objects, 0}, []int{gone, wrong})
	t.Logf("the longest pause was %v", longest)
}

// After the loop nobody lets go, rather than somebody on a wrong thread; a later loop does.
func TestWhatIsDroppedAfterTheLoopWaitsForAnother(t *testing.T) {
	locked(t)
	require.NoError(t, gtkhost.Run(func(context.Context) error { return nil }, nil))
	gone := 0
	glib.FinalizerStrategy(func() { gone++ })
	glib.FinalizerStrategy(func() { panic("a bad one") })
	glib.FinalizerStrategy(func() { gone++ })
	require.Zero(t, gone)
	log := quietly(t)
	require.NoError(t, gtkhost.Run(func(ctx context.Context) error {
		for gone < 2 {
			if err := guest.Sleep(ctx, time.Millisecond); err != nil {
				return err
			}
		}
		return nil
	}, nil))
	require.Contains(t, log.Text(), "a bad one")
}

func TestProgramsOwnFinalizerStrategyIsLeftAlone(t *testing.T) {
	ours, own := glib.FinalizerStrategy, 0
	glib.FinalizerStrategy = func(glib.Finalizer) { own++ }
	defer func() { glib.FinalizerStrategy = ours }()
	inTask(t, func(context.Context) {})
	glib.FinalizerStrategy(func() {})
	require.Equal(t, 1, own)
}
