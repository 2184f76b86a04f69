package guest_test

import (
	"context"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
)

// Deadlines at random, many of them equal, in every shape of the heap; some are cancelled on
// the way, so that it is swept.
func TestHundredThousandTimersWakeInOrderAndNoneEarly(t *testing.T) {
	n := 100_000
	if testing.Short() || guest.Raced {
		n /= 10
	}
	random := guest.Seeded(t)
	type alarm struct{ when, nth int }
	last, woken, cancelled := alarm{-1, 0}, 0, 0
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		start := time.Now()
		return guest.Scope(ctx, func(ctx context.Context) error {
			var victims []*guest.Task
			for nth := range n {
				when := random.IntN(n / 4)
				d := time.Duration(when) * time.Millisecond
				task := guest.Go(ctx, func(ctx context.Context) error {
					if err := guest.Sleep(ctx, d); err != nil {
						return err
					}
					if now := time.Since(start); now != d {
						t.Errorf("woken at %v instead of %v", now, d)
					}
					this := alarm{when, nth}
					if when > 0 { // a sleep of nothing never was in the heap
						if this.when < last.when || this.when == last.when && this.nth < last.nth {
							t.Errorf("%v came after %v", this, last)
						}
						last = this
					}
					woken++
					return nil
				})
				if when > n/16 && nth%4 != 0 {
					victims = append(victims, task)
				}
			}
			_ = guest.Sleep(ctx, time.Duration(n/16)*time.Millisecond)
			for _, v := range victims {
				v.Cancel(nil)
				cancelled++
			}
			// New ones among the leftovers of the old.
			for range 1000 {
				guest.Go(ctx, func(ctx context.Context) error { return guest.Sleep(ctx, time.Second) })
			}
			return nil
		})
	}))
	require.Equal(t, n, woken+cancelled)
}

func TestCancelledSleepLeavesNothingThatWakes(t *testing.T) {
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		short, cancel := context.WithTimeout(ctx, time.Second)
		defer cancel()
		assert.Error(t, guest.Sleep(short, 2*time.Second))
		start := time.Now()
		// The old deadline comes during this wait, and must not end it.
		err := guest.Sleep(ctx, time.Minute)
		assert.Equal(t, time.Minute, time.Since(start))
		f := guest.NewFuture[int]()
		short, cancel = context.WithTimeout(ctx, time.Hour)
		defer cancel()
		assert.Error(t, guest.Sleep(short, 2*time.Hour))
		late, cancel := context.WithTimeout(ctx, 5*time.Hour)
		defer cancel()
		start = time.Now()
		_, ferr := f.Wait(late)
		assert.ErrorIs(t, ferr, context.DeadlineExceeded)
		assert.Equal(t, 5*time.Hour, time.Since(start))
		return err
	}))
}

func TestSleepersSurviveTheSweepOfThoseThatWereCancelled(t *testing.T) {
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		start, woken := time.Now(), 0
		for i := range 10 {
			guest.Go(ctx, func(ctx context.Context) error {
				long := time.Hour + time.Duration(i)*time.Minute
				err := guest.Sleep(ctx, long)
				assert.Equal(t, long, time.Since(start))
				woken++
				return err
			})
		}
		for range 1000 {
			short, cancel := context.WithTimeout(ctx, time.Millisecond)
			assert.Error(t, guest.Sleep(short, never))
			cancel()
		}
		err := guest.Join(ctx)
		assert.Equal(t, 10, woken)
		return err
	}))
}

// TestLongestTimeIsLong and does not turn around.
func TestLongestTimeIsLong(t *testing.T) {
	for name, wait := range map[string]func(ctx context.Context) error{
		"Sleep": func(ctx context.Context) error { return guest.Sleep(ctx, math.MaxInt64) },
		"After": func(ctx context.Context) error { return guest.After(ctx, math.MaxInt64, fails).Wait(ctx) },
		"Every": func(ctx context.Context) error { return guest.Every(ctx, math.MaxInt64, fails, nil).Wait(ctx) },
		"Every 2": func(ctx context.Context) error {
			return guest.Every(ctx, math.MaxInt64, fails, &guest.EveryOptions{AfterEnd: true, Jitter: time.Second}).Wait(ctx)
		},
		"Every 3": func(ctx context.Context) error {
			return guest.Every(ctx, math.MaxInt64, func(context.Context) error {
				return nil
			}, &guest.EveryOptions{Now: true}).Wait(ctx)
		},
	} {
		t.Run(name, func(t *testing.T) {
			err := virtually(t, quiet(), func(ctx context.Context) error {
				g := guestOf(ctx)
				guest.After(ctx, time.Hour, func(context.Context) error { g.Cancel(nil); return nil })
				return wait(ctx)
			})
			assert.True(t, guest.IsQuit(err), "%v", err)
		})
	}
}
