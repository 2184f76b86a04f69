package guest

import (
	"context"
	"reflect"
	"runtime"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest/internal/place"
	"github.com/golodger/lodger/host"
)

// A task is one allocation, of a size class that ends at 224 bytes; the next one has 240. While it
// has begun, it has a coroutine's record, too: 128 bytes, the next class has 144.
func TestTaskStaysInItsSizeClass(t *testing.T) {
	if strconv.IntSize == 64 {
		require.LessOrEqual(t, reflect.TypeFor[Task]().Size(), uintptr(224))
		require.LessOrEqual(t, reflect.TypeFor[coro]().Size(), uintptr(128))
	}
}

func TestIdleGuestAsksForNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &scriptLoop{}
		g, err := Start(l, nil, nil)
		require.NoError(t, err)
		g.Go(park)
		g.Go(func(ctx context.Context) error { _, _, err := receive(ctx, make(chan int)); return err })
		g.Go(func(ctx context.Context) error { return NewFuture[int]().awaitError(ctx) })
		g.Go(func(ctx context.Context) error {
			_, err := Background(ctx, func(ctx context.Context) (int, error) { <-ctx.Done(); return 0, ctx.Err() })
			return err
		})
		go func() {
			synctest.Wait()
			asked := l.Asked.Load()
			time.Sleep(1000 * time.Hour)
			synctest.Wait()
			require.Equal(t, asked, l.Asked.Load())

			// A sleeping task costs one wake-up when it is due, and for a long one a look at
			// the clock each day.
			g.Go(func(ctx context.Context) error { return Sleep(ctx, time.Hour) })
			synctest.Wait()
			asked = l.Asked.Load()
			time.Sleep(2 * time.Hour)
			synctest.Wait()
			require.Equal(t, asked+1, l.Asked.Load())
			g.Go(func(ctx context.Context) error { return Sleep(ctx, 100*24*time.Hour) })
			synctest.Wait()
			asked = l.Asked.Load()
			time.Sleep(101 * 24 * time.Hour)
			synctest.Wait()
			require.Equal(t, asked+100, l.Asked.Load())
			g.Cancel(nil)
		}()
		require.NoError(t, embedded(l, g).Err)
	})
}

func TestHundredThousandParkedTasksAreCheapAndEndQuickly(t *testing.T) {
	tasks, most := 100_000, 320<<20
	if Raced {
		tasks = 10_000
	}
	if runtime.GOOS == "windows" {
		most = 1000 << 20 // there Go's stacks begin with 8 kB
	}
	var before, parked runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	l := &scriptLoop{}
	var g *Guest
	var cancelled time.Time
	unwound := 0
	g, err := Start(l, func(ctx context.Context) error {
		for range tasks {
			Go(ctx, func(ctx context.Context) error {
				defer func() { unwound++ }()
				return Park(ctx)
			})
		}
		for range 2 {
			if err := Yield(ctx); err != nil {
				return err
			}
		}
		runtime.GC()
		runtime.ReadMemStats(&parked)
		cancelled = time.Now()
		g.Cancel(nil)
		return Park(ctx)
	}, nil)
	require.NoError(t, err)
	report := embedded(l, g)
	took := time.Since(cancelled)
	require.ErrorIs(t, report.Err, ErrQuit)
	require.Equal(t, tasks, unwound)
	used := int64(parked.HeapInuse+parked.StackInuse) - int64(before.HeapInuse+before.StackInuse)
	t.Logf("%d parked tasks: %d MB, %d bytes each; ended in %v", tasks, used>>20, used/int64(tasks), took)
	require.LessOrEqual(t, used, int64(most))
	all := 0
	for _, n := range report.Cancelled {
		all += n
	}
	require.Equal(t, tasks+1, all)
}

func TestThousandGuestsLeaveNothingBehind(t *testing.T) {
	cycle := func() {
		l := &scriptLoop{}
		g, err := Start(l, func(ctx context.Context) error {
			Go(ctx, func(ctx context.Context) error { return Sleep(ctx, time.Microsecond) })
			Go(ctx, func(ctx context.Context) error {
				_, err := Background(ctx, func(ctx context.Context) (int, error) { return 0, RunOnMain(ctx, func() {}) })
				return err
			})
			return Scope(ctx, func(ctx context.Context) error { Go(ctx, park).Cancel(nil); return nil })
		}, nil)
		require.NoError(t, err)
		g.Go(park)
		require.NoError(t, embedded(l, g).Err)
	}
	size := func() (goroutines int, heap int64) {
		for range 3 {
			runtime.GC()
		}
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return runtime.NumGoroutine(), int64(m.HeapInuse + m.StackInuse)
	}
	for range 100 { // so that the table of hosts that have ended is full
		cycle()
	}
	goroutines, heap := size()
	for range 1000 {
		cycle()
	}
	require.Empty(t, place.Live())
	require.False(t, place.Sole())
	_, is := host.Current()
	require.False(t, is)
	for range 100 { // a background function's goroutine may still be on its way out
		if n, _ := size(); n <= goroutines {
			break
		}
		runtime.Gosched()
	}
	n, after := size()
	require.LessOrEqual(t, n, goroutines)
	t.Logf("%d goroutines before, %d after; %d bytes more", goroutines, n, after-heap)
	require.LessOrEqual(t, after-heap, int64(2<<20))
}

func TestGuestThatEndedLeavesItsMarkNowhere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		elsewhere(func() {
			l := &scriptLoop{}
			_, _ = Run(l, func(context.Context) (int, error) { return 0, nil }, nil)
			if place.Marked() {
				t.Error("the goroutine still counts as a guest's")
			}
			l = &scriptLoop{}
			g, _ := Start(l, park, nil)
			g.Cancel(nil)
			embedded(l, g)
			if place.Marked() {
				t.Error("the goroutine still counts as a guest's")
			}
			place.Mark() // the program's own
			_, _ = Run(&scriptLoop{}, func(context.Context) (int, error) { return 0, nil }, nil)
			if !place.Marked() {
				t.Error("the program's own setting is gone")
			}
		})
	})
}

// TestTaskThatHasEndedIsGarbage: what its function held does not live as long as the guest, or
// as the pooled coroutine.
func TestTaskThatHasEndedIsGarbage(t *testing.T) {
	freed := make(chan struct{})
	_, err := Run(&scriptLoop{}, func(ctx context.Context) (bool, error) {
		func() {
			big := new([1 << 16]byte)
			runtime.AddCleanup(big, func(c chan struct{}) { close(c) }, freed)
			Go(ctx, func(context.Context) error { runtime.KeepAlive(big); return nil })
		}()
		if err := Join(ctx); err != nil {
			return false, err
		}
		return Background(ctx, func(context.Context) (bool, error) {
			for range 1000 {
				runtime.GC()
				select {
				case <-freed:
					return true, nil
				case <-time.After(time.Millisecond): // cleanups run on a goroutine of their own
				}
			}
			t.Error("still held")
			return false, nil
		})
	}, nil)
	require.NoError(t, err)
}

func TestPostsTasksAndTimersOfAnEndedGuestAreGarbage(t *testing.T) {
	freed := make(chan struct{})
	func() {
		l := &scriptLoop{}
		g, err := Start(l, func(ctx context.Context) error { return Sleep(ctx, time.Millisecond) }, nil)
		require.NoError(t, err)
		require.NoError(t, embedded(l, g).Err)
		runtime.AddCleanup(g, func(c chan struct{}) { close(c) }, freed)
	}()
	for range 1000 {
		runtime.GC()
		select {
		case <-freed:
			return
		case <-time.After(time.Millisecond):
		}
	}
	t.Error("the guest is still held, by a table or a timer")
}
