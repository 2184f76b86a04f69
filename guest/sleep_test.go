package guest_test

import (
	"context"
	"math"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/hosts/headless"
)

func TestSleepsWakeInDeadlineOrder(t *testing.T) {
	s := &story{t: t}
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		for _, n := range []int32{5, 3, 9, 1, 7, 2, 8, 4, 6} {
			guest.Go(ctx, func(ctx context.Context) error {
				start := time.Now()
				err := guest.Sleep(ctx, time.Duration(n)*time.Second)
				s.step(n)
				assert.Equal(t, time.Duration(n)*time.Second, time.Since(start), "not early")
				return err
			})
		}
		return nil
	}))
}

func TestEqualDeadlinesWakeInTheOrderOfAsking(t *testing.T) {
	s := &story{t: t}
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		start := time.Now()
		for n := range int32(100) {
			guest.Go(ctx, func(ctx context.Context) error {
				_ = guest.Sleep(ctx, time.Duration(n%7)*time.Millisecond) // ask at different times
				_ = guest.Sleep(ctx, time.Second-time.Since(start))       // for the same moment
				s.step(1 + n/7 + before(n%7))
				return nil
			})
		}
		return nil
	}))
}

// before counts the numbers below 100 whose remainder by 7 is smaller than r.
func before(r int32) (n int32) {
	for i := range int32(100) {
		if i%7 < r {
			n++
		}
	}
	return n
}

func TestDurationOfZeroOrLessGivesWayOnce(t *testing.T) {
	for _, d := range []time.Duration{0, -1, -time.Hour, math.MinInt64} {
		s := &story{t: t}
		require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
			start := time.Now()
			guest.Go(ctx, func(context.Context) error { s.step(2); return nil })
			s.step(1)
			err := guest.Sleep(ctx, d)
			s.step(3)
			assert.Zero(t, time.Since(start))
			return err
		}))
	}
}

func TestLongestDurationsDoNotOverflow(t *testing.T) {
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		for _, d := range []time.Duration{math.MaxInt64, math.MaxInt64 - 1, never} {
			short, cancel := context.WithTimeout(ctx, time.Hour)
			start := time.Now()
			assert.ErrorIs(t, guest.Sleep(short, d), context.DeadlineExceeded)
			assert.Equal(t, time.Hour, time.Since(start))
			cancel()
		}
		return nil
	}))
}

// The Go timer is set for a day at most: a longer sleep is looked at daily.
func TestSleepOfManyDays(t *testing.T) {
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		start := time.Now()
		err := guest.Sleep(ctx, 100*24*time.Hour+time.Second)
		assert.Equal(t, 100*24*time.Hour+time.Second, time.Since(start))
		return err
	}))
}

func TestOverdueSleepWakesOnce(t *testing.T) {
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		ticks, start := 0, time.Now()
		ticker := guest.Go(ctx, func(ctx context.Context) error {
			for {
				if err := guest.Sleep(ctx, time.Second); err != nil {
					return err
				}
				ticks++
			}
		})
		_ = guest.Sleep(ctx, 1500*time.Millisecond)
		time.Sleep(10 * time.Second) // the thread is blocked, as by a suspend
		_ = guest.Sleep(ctx, 600*time.Millisecond)
		assert.Equal(t, 2, ticks, "one on time, one lostAfter, and no burst; after %v", time.Since(start))
		ticker.Cancel(nil)
		return nil
	}))
}

func TestShorterSleepComesBeforeALongerOne(t *testing.T) {
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		start := time.Now()
		guest.Go(ctx, func(ctx context.Context) error { return guest.Sleep(ctx, time.Hour) })
		_ = guest.Sleep(ctx, time.Minute)
		guest.Go(ctx, func(ctx context.Context) error {
			err := guest.Sleep(ctx, time.Second)
			assert.Equal(t, time.Minute+time.Second, time.Since(start))
			return err
		})
		return nil
	}))
}

func TestYieldLetsAllOthersThatAreReadyRunFirst(t *testing.T) {
	s := &story{t: t}
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		for i := range int32(3) {
			guest.Go(ctx, func(context.Context) error { s.step(2 + i); return nil })
		}
		_ = guestOf(ctx).Post(func() { s.step(5) })
		s.step(1)
		err := guest.Yield(ctx)
		s.step(6)
		return err
	}))
}

// A task that is alone with the host still gives way to it, and to what a goroutine posts.
func TestYieldHearsOfAPost(t *testing.T) {
	heard := false
	loop := headless.New()
	_, err := guest.Run(loop, func(ctx context.Context) (int, error) {
		g := guestOf(ctx)
		go func() { _ = g.Post(func() { heard = true }) }()
		for !heard {
			if err := guest.Yield(ctx); err != nil {
				return 0, err
			}
		}
		return 0, nil
	}, nil)
	require.NoError(t, err)
}

func TestYieldHearsOfADeadline(t *testing.T) {
	woken := false
	require.NoError(t, really(nil, func(ctx context.Context) error {
		guest.Go(ctx, func(ctx context.Context) error {
			err := guest.Sleep(ctx, 2*time.Millisecond)
			woken = true
			return err
		})
		for !woken {
			if err := guest.Yield(ctx); err != nil {
				return err
			}
		}
		return nil
	}))
}

func TestYieldHearsOfACancel(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		loop := headless.New()
		_, err := guest.Run(loop, func(ctx context.Context) (int, error) {
			g, n := guestOf(ctx), 0
			for ctx.Err() == nil {
				if n++; n == 100 {
					g.Cancel(nil)
				}
				if n > 101 {
					t.Error("the next batch came, and the cancellation did not")
					return 0, nil
				}
				_ = guest.Yield(ctx)
			}
			return 0, ctx.Err()
		}, nil)
		require.ErrorIs(t, err, context.Canceled)
	})
}

func TestParkWaitsUntilItsContextIsDone(t *testing.T) {
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		short, cancel := context.WithTimeoutCause(ctx, time.Hour, errBoom)
		defer cancel()
		start := time.Now()
		assert.ErrorIs(t, guest.Park(short), errBoom)
		assert.Equal(t, time.Hour, time.Since(start))
		return nil
	}))
}
