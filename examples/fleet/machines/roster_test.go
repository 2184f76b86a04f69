package machines

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/examples/fleet/wire"
	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/guesttest"
)

func TestNewestStatusWinsWhateverTheOrder(t *testing.T) {
	guesttest.Run(t, func(ctx context.Context, t *testing.T) {
		r := NewRoster()
		following := guest.Go(ctx, r.Follow)
		defer following.Cancel(nil)
		started := time.Now()
		for _, n := range []int64{1, 3, 2} {
			r.Put(wire.Status{Agent: "a", Started: started, Number: n, Jobs: n})
			require.NoError(t, guest.Sleep(ctx, time.Second))
		}
		require.Len(t, r.Agents(), 1)
		require.EqualValues(t, 3, r.Agents()[0].Jobs)
	}, nil)
}

// Goroutines put values as fast as they can. The loop sees the last value of each key, and does
// not run too often.
func TestLatestLosesNoLastValue(t *testing.T) {
	guesttest.Run(t, func(ctx context.Context, t *testing.T) {
		const keys, rounds = 50, 200
		l := NewLatest[string, int](frame)
		seen, batches := map[string]int{}, 0
		loop := guest.Go(ctx, func(ctx context.Context) error {
			for news, err := range l.All(ctx) {
				if err != nil {
					return err
				}
				batches++
				for k, v := range news {
					require.Greater(t, v, seen[k])
					seen[k] = v
				}
			}
			return nil
		})
		begin := time.Now()
		require.NoError(t, guest.BackgroundFunc(ctx, func(context.Context) error {
			var wg sync.WaitGroup
			for k := range keys {
				wg.Go(func() {
					for n := range rounds {
						l.Put(fmt.Sprint(k), n+1)
						time.Sleep(time.Millisecond)
					}
				})
			}
			wg.Wait()
			return nil
		}))
		require.NoError(t, guest.Sleep(ctx, frame))
		loop.Cancel(nil)
		_ = loop.Wait(ctx)
		require.Len(t, seen, keys)
		for k, v := range seen {
			require.Equal(t, rounds, v, k)
		}
		require.LessOrEqual(t, batches, int(time.Since(begin)/frame)+2)
	}, nil)
}

// A window that opens late shows the agents that have reported before, even if they never
// report again.
func TestOnChangeTellsWhatIsThereAlready(t *testing.T) {
	guesttest.Run(t, func(ctx context.Context, t *testing.T) {
		r := NewRoster()
		following := guest.Go(ctx, r.Follow)
		defer following.Cancel(nil)
		r.Put(wire.Status{Agent: "a"})
		require.NoError(t, guest.Sleep(ctx, time.Second))
		seen := -1
		r.OnChange(func() { seen = len(r.Agents()) })
		require.Equal(t, 1, seen)
	}, nil)
}

func TestSilentAgentIsLost(t *testing.T) {
	guesttest.Run(t, func(ctx context.Context, t *testing.T) {
		r := NewRoster()
		following := guest.Go(ctx, r.Follow)
		defer following.Cancel(nil)
		r.Put(wire.Status{Agent: "a", Shares: []string{"x"}})
		require.NoError(t, guest.Sleep(ctx, time.Second))
		require.Equal(t, []string{"x"}, r.Shares())
		require.NoError(t, guest.Sleep(ctx, 2*silence))
		require.Equal(t, "lost", r.Agents()[0].Line())
		require.Zero(t, r.Alive())
		require.Empty(t, r.Shares())
		require.Equal(t, "no agent has x, y", r.Missing([]string{"x", "y"}))
		r.Put(wire.Status{Agent: "b", Shares: []string{"z", "y"}})
		require.NoError(t, guest.Sleep(ctx, time.Second))
		require.Equal(t, "no agent has x", r.Missing([]string{"x", "y"}))
		require.Empty(t, r.Missing([]string{"y"}))
	}, nil)
}
