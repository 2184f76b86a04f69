package loops_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"runtime"
	"runtime/pprof"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/loops"
)

// quitFromInside ends a loop that has no manager, as only what runs inside it can.
func quitFromInside(l *loops.Loop) {
	loops.Submit(context.Background(), l.For(l.Kind()), func(ctx context.Context) (int, error) {
		g, _ := guest.FromContext(ctx)
		g.Cancel(nil)
		return 0, nil
	})
}

func TestAllListsTheLiving(t *testing.T) {
	virtually(t, func(ctx context.Context, t *testing.T) {
		require.Empty(t, loops.All())
		var managers []*loops.Manager
		for _, id := range []string{"b", "a", "", ""} {
			m, err := loops.Create(loops.Scoped(ctx), id, nil)
			require.NoError(t, err)
			managers = append(managers, m)
		}
		require.Equal(t, "[b a  ]", fmt.Sprint(loops.All()))
		for i, m := range managers {
			require.NoError(t, m.Stop(ctx))
			require.Len(t, loops.All(), 3-i)
		}
	})
}

func TestThousandLoopsFromAHundredGoroutinesLeaveNothingBehind(t *testing.T) {
	goroutines, each := 100, 10
	if runtime.GOOS == "js" { // one thread, on which a goroutine's own is looked up
		goroutines = 20
	}
	ctx := loops.Scoped(context.Background())
	all := func() {
		var wg sync.WaitGroup
		for i := range goroutines {
			wg.Go(func() {
				for j := range each {
					id := fmt.Sprint(i, "/", j)
					m, err := loops.Create(ctx, id, nil)
					if !assert.NoError(t, err) {
						return
					}
					l, err := loops.Lookup(ctx, id)
					assert.NoError(t, err)
					f := loops.Submit(ctx, l, func(context.Context) (int, error) { return j, nil })
					loops.Submit(ctx, l, parked)
					if v, err := f.Wait(ctx); assert.NoError(t, err) {
						assert.Equal(t, j, v)
					}
					assert.NoError(t, m.Stop(ctx))
				}
			})
		}
		wg.Wait()
	}
	all() // whatever is made once
	memory, threads := heap(), threadsNow()
	all()
	require.Empty(t, loops.All())
	require.Eventually(t, func() bool { return ours() == "" }, 10*time.Second, time.Millisecond, "goroutines left:\n%s", ours())
	require.Less(t, heap(), memory+1<<20, "bytes left of a thousand loops")
	require.Eventually(t, func() bool { return threadsNow() <= threads+20 }, 10*time.Second, time.Millisecond)
}

// heap returns the bytes that are in use.
func heap() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// ours returns the stacks of goroutines that a loop has left.
func ours() string {
	var all, left bytes.Buffer
	_ = pprof.Lookup("goroutine").WriteTo(&all, 2)
	for stack := range bytes.SplitSeq(all.Bytes(), []byte("\n\n")) {
		for _, mark := range []string{"loops.(*Manager).run", "guest.(*coro).body", "headless.(*Loop)"} {
			if bytes.Contains(stack, []byte(mark)) {
				left.Write(stack)
			}
		}
	}
	return left.String()
}

// threadsNow counts the process's threads, where the system tells.
func threadsNow() int {
	tasks, _ := os.ReadDir("/proc/self/task")
	return len(tasks)
}
