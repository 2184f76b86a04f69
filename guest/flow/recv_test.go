package flow_test

import (
	"context"
	"iter"
	"runtime"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/flow"
)

func TestRecvReceives(t *testing.T) {
	require.NoError(t, virtually(t, func(ctx context.Context) error {
		ch := make(chan int)
		go func() {
			defer close(ch)
			for i := range 3 {
				time.Sleep(time.Second)
				ch <- i
			}
		}()
		for i := range 3 {
			v, ok, err := flow.Recv(ctx, ch)
			assert.NoError(t, err)
			assert.True(t, ok)
			assert.Equal(t, i, v)
		}
		_, ok, err := flow.Recv(ctx, ch)
		assert.False(t, ok)
		return err
	}))
}

func TestRecvFromATask(t *testing.T) {
	require.NoError(t, virtually(t, func(ctx context.Context) error {
		ch := make(chan int, 1)
		guest.Go(ctx, func(ctx context.Context) error { ch <- 1; return nil })
		v, ok, err := flow.Recv(ctx, ch)
		assert.True(t, ok)
		assert.Equal(t, 1, v)
		return err
	}))
}

func TestRecvFromANilChannelWaitsForItsContext(t *testing.T) {
	require.NoError(t, virtually(t, func(ctx context.Context) error {
		short, cancel := context.WithTimeout(ctx, time.Second)
		defer cancel()
		_, _, err := flow.Recv[int](short, nil)
		assert.ErrorIs(t, err, context.DeadlineExceeded)
		return nil
	}))
}

func TestRecvKeepsValueTakenBesideCancellation(t *testing.T) {
	t.Run("cancelled before", func(t *testing.T) {
		require.NoError(t, virtually(t, func(ctx context.Context) error {
			cancelled, cancel := context.WithCancel(ctx)
			cancel()
			ch := make(chan int, 1)
			ch <- 7
			_, _, err := flow.Recv(cancelled, ch)
			assert.ErrorIs(t, err, context.Canceled)
			assert.Len(t, ch, 1)
			return nil
		}))
	})
	t.Run("taken between the cancellation and the end of the wait", func(t *testing.T) {
		require.NoError(t, virtually(t, func(ctx context.Context) error {
			for range 100 {
				ch := make(chan int)
				task := guest.Go(ctx, func(ctx context.Context) error {
					v, ok, err := flow.Recv(ctx, ch)
					assert.Equal(t, 7, v)
					assert.True(t, ok)
					assert.ErrorIs(t, err, errBoom)
					return nil
				})
				assert.NoError(t, guest.Sleep(ctx, time.Millisecond)) // so that it waits
				task.Cancel(errBoom)
				ch <- 7
				assert.NoError(t, task.Wait(ctx))
			}
			return nil
		}))
	})
	t.Run("both at once", func(t *testing.T) {
		// A thousand values, and a receiver that is given up at any moment: none is lost, none
		// comes twice, and in order.
		require.NoError(t, really(func(ctx context.Context) error {
			const n = 1000
			ch := make(chan int)
			go func() {
				defer close(ch)
				for i := range n {
					ch <- i
				}
			}()
			next := 0
			for {
				derived, cancel := context.WithCancel(ctx)
				go cancel()
				v, ok, err := flow.Recv(derived, ch)
				cancel()
				if !ok && err == nil {
					break
				}
				if !ok {
					continue
				}
				if v != next {
					t.Errorf("received %d instead of %d", v, next)
				}
				next = v + 1
			}
			assert.Equal(t, n, next)
			return nil
		}))
	})
}

func TestRecvLeavesNoGoroutine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // which fails if one is left
		require.NoError(t, really(func(ctx context.Context) error {
			short, cancel := context.WithTimeout(ctx, time.Second)
			defer cancel()
			_, _, err := flow.Recv(short, make(chan int))
			assert.ErrorIs(t, err, context.DeadlineExceeded)
			synctest.Wait()
			stacks := make([]byte, 1<<20)
			stacks = stacks[:runtime.Stack(stacks, true)]
			assert.NotContains(t, string(stacks), "flow.(*receiver")
			return nil
		}))
	})
}

func TestEachEndsWhenTheChannelIsClosed(t *testing.T) {
	require.NoError(t, virtually(t, func(ctx context.Context) error {
		ch, sum := make(chan int), 0
		go func() {
			defer close(ch)
			for i := range 10 {
				ch <- i
			}
		}()
		for v := range flow.Each(ctx, ch) {
			sum += v
		}
		assert.Equal(t, 45, sum)
		return ctx.Err()
	}))
}

func TestEachLosesNothingOnBreak(t *testing.T) {
	require.NoError(t, virtually(t, func(ctx context.Context) error {
		ch := make(chan int)
		taken := atomic.Int32{}
		go func() {
			defer close(ch)
			for i := range 10 {
				ch <- i
				taken.Add(1)
			}
		}()
		want := 0
		for want < 10 {
			for v := range flow.Each(ctx, ch) {
				assert.Equal(t, want, v)
				want++
				break
			}
			_ = guest.Sleep(ctx, time.Second)
			assert.EqualValues(t, want, taken.Load(), "on demand only")
		}
		return nil
	}))
}

func TestEachEndsEarlyOnlyWhenItsContextIsDone(t *testing.T) {
	require.NoError(t, virtually(t, func(ctx context.Context) error {
		short, cancel := context.WithTimeout(ctx, 3*time.Second+time.Millisecond)
		defer cancel()
		ch, n := make(chan int), 0
		guest.Go(ctx, func(ctx context.Context) error {
			for i := range 3 {
				_ = guest.Sleep(ctx, time.Second)
				_ = guest.BackgroundFunc(ctx, func(context.Context) error { ch <- i; return nil })
			}
			return nil
		})
		var last error
		for _, err := range flow.Each(short, ch) {
			if last = err; err == nil {
				n++
			}
		}
		assert.Equal(t, 3, n)
		assert.ErrorIs(t, last, context.DeadlineExceeded)
		return nil
	}))
}

// The loop's body runs in the task, and so does the iterator: also when iter.Pull runs it on a
// coroutine of its own.
func TestEachMayBePulled(t *testing.T) {
	if runtime.GOOS == "js" {
		t.Skip("an iterator has a goroutine of its own, which is not the task's where threads have no names")
	}
	require.NoError(t, virtually(t, func(ctx context.Context) error {
		ch := make(chan int)
		go func() {
			defer close(ch)
			for i := range 5 {
				time.Sleep(time.Second)
				ch <- i
			}
		}()
		ticks := 0
		guest.Go(ctx, func(ctx context.Context) error { // another task goes on meanwhile
			for range 5 {
				if err := guest.Sleep(ctx, time.Second); err != nil {
					return err
				}
				ticks++
			}
			return nil
		})
		next, stop := iter.Pull2(flow.Each(ctx, ch))
		defer stop()
		for i := range 5 {
			v, err, ok := next()
			assert.True(t, ok)
			assert.NoError(t, err)
			assert.Equal(t, i, v)
			assert.NoError(t, guest.Yield(ctx))
		}
		_, _, ok := next()
		assert.False(t, ok)
		assert.Equal(t, 5, ticks)
		return nil
	}))
}

func TestPulledIteratorMayYieldAndAwait(t *testing.T) {
	if runtime.GOOS == "js" {
		t.Skip("an iterator has a goroutine of its own, which is not the task's where threads have no names")
	}
	require.NoError(t, virtually(t, func(ctx context.Context) error {
		numbers := func(yield func(int) bool) {
			for i := range 3 {
				_ = guest.Yield(ctx)
				f := guest.Async(ctx, func(ctx context.Context) (int, error) { return i, guest.Sleep(ctx, time.Second) })
				v, err := f.Wait(ctx)
				if err != nil || !yield(v) {
					return
				}
			}
		}
		next, stop := iter.Pull(numbers)
		defer stop()
		sum := 0
		for v, ok := next(); ok; v, ok = next() {
			sum += v
			_ = guest.Sleep(ctx, time.Second)
		}
		assert.Equal(t, 3, sum)
		return nil
	}))
}
