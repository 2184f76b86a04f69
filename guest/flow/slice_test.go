package flow_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/flow"
)

// count ranges over the numbers from 0 to n-1.
func count(n int) func(yield func(int) bool) {
	return func(yield func(int) bool) {
		for i := range n {
			if !yield(i) {
				return
			}
		}
	}
}

func TestSliceGivesWayWhenTheBudgetIsSpent(t *testing.T) {
	inBubble(t, func(w *world) {
		const slow = 500 * time.Microsecond // of 4 ms
		var longest time.Duration
		last := time.Now()
		watch := w.g.Go(func(ctx context.Context) error {
			for {
				if err := guest.Sleep(ctx, time.Microsecond); err != nil {
					return err
				}
				longest = max(longest, time.Since(last))
				last = time.Now()
			}
		})
		turns := w.loop.asked.Load()
		sum := 0
		require.NoError(t, w.g.Go(func(ctx context.Context) error {
			for i, err := range flow.Slice(ctx, count(1000)) {
				if err != nil {
					return err
				}
				time.Sleep(slow) // it computes
				sum += i
			}
			return nil
		}).Wait(context.Background()))
		watch.Cancel(nil)
		require.ErrorIs(t, watch.Wait(context.Background()), context.Canceled)
		require.Equal(t, 999*1000/2, sum)
		require.LessOrEqual(t, longest, 9*time.Millisecond, "two turns and a value")
		require.Greater(t, w.loop.asked.Load()-turns, int64(50), "and gave the thread back")
	})
}

func TestSliceEndsWithItsContextAndLosesNoValue(t *testing.T) {
	inBubble(t, func(w *world) {
		for caller := range callers {
			var seen []int
			var last error
			ended := make(chan struct{})
			cancel := func() {}
			started := make(chan struct{})
			cancel = w.start(caller, func(ctx context.Context) {
				defer close(ended)
				<-started
				for i, err := range flow.Slice(ctx, count(100)) {
					if seen, last = append(seen, i), err; i == 10 {
						cancel()
						for ctx.Err() == nil {
							_ = guest.Yield(ctx)
						}
					}
				}
			})
			close(started)
			<-ended
			require.ErrorIs(t, last, context.Canceled)
			require.Equal(t, slices.Collect(count(12)), seen, "the last one comes with the error")
		}
	})
}

func TestSliceMayBeBrokenOff(t *testing.T) {
	inBubble(t, func(w *world) {
		require.NoError(t, w.g.Go(func(ctx context.Context) error {
			for i := range flow.Slice(ctx, count(100)) {
				if i == 5 {
					break
				}
			}
			return guest.Yield(ctx)
		}).Wait(context.Background()))
	})
}

func ExampleSlice() {
	_ = really(func(ctx context.Context) error {
		var sum int64
		for i, err := range flow.Slice(ctx, count(1_000_000)) { // the window stays alive
			if err != nil {
				return err
			}
			sum += int64(i)
		}
		fmt.Println(sum)
		return nil
	})
	// Output: 499999500000
}

func BenchmarkSlice(b *testing.B) {
	inTask(b, func(ctx context.Context) {
		for range flow.Slice(ctx, count(b.N)) {
		}
	})
}
