package guest_test

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/hosts/headless"
	"github.com/golodger/lodger/internal/looptest"
)

// TestLateStartIsLoggedOncePerPlace: on a scope that has ended, and on a guest that has.
func TestLateStartIsLoggedOncePerPlace(t *testing.T) {
	var log journal
	nothing := func(context.Context) (int, error) { return 0, nil }
	var g *guest.Guest
	require.NoError(t, virtually(t, &guest.Options{Logger: log.logger()}, func(ctx context.Context) error {
		g = guestOf(ctx)
		var ended context.Context
		assert.NoError(t, guest.Scope(ctx, func(ctx context.Context) error { ended = ctx; return nil }))
		for range 3 {
			assert.Equal(t, guest.ErrFinished, guest.Go(ended, park).Wait(ctx))
			_, err := guest.Async(ended, nothing).Wait(ctx)
			assert.Equal(t, guest.ErrFinished, err)
			_, err = guest.Submit(ended, nothing).Wait(ctx)
			assert.Equal(t, guest.ErrFinished, err)
			assert.Equal(t, guest.ErrFinished, guest.After(ended, time.Second, park).Wait(ctx))
		}
		assert.Equal(t, 4, strings.Count(log.String(), "a start was refused, since the scope has ended"))
		assert.Equal(t, 4, strings.Count(log.String(), " at=late_test.go:"))
		assert.Equal(t, 4, strings.Count(log.String(), "let that function wait with guest.Park"))
		assert.Contains(t, log.String(), "task.func=guest_test.park task.at=story_test.go:", "what does not run")
		return nil
	}))
	for range 3 { // a button of a window that has stayed
		assert.Equal(t, guest.ErrFinished, g.Go(park).Err())
	}
	require.Equal(t, 1, strings.Count(log.String(), "a start was refused, since the guest has ended"))
	require.Equal(t, 5, strings.Count(log.String(), " at=late_test.go:"))
}

// A toolkit calls all starts from one line of its own, as this loop does.
func TestLateStartNamesEachFunction(t *testing.T) {
	var log journal
	require.NoError(t, virtually(t, &guest.Options{Logger: log.logger()}, func(ctx context.Context) error {
		var ended context.Context
		assert.NoError(t, guest.Scope(ctx, func(ctx context.Context) error { ended = ctx; return nil }))
		for _, fn := range []func(context.Context) error{park, fails, park} {
			guest.Go(ended, fn)
		}
		return nil
	}))
	require.Equal(t, 2, strings.Count(log.String(), "a start was refused"))
	require.Contains(t, log.String(), "task.func=guest_test.park ")
	require.Contains(t, log.String(), "task.func=guest_test.fails ")
}

// TestLateStartWhileTheGuestEndsIsSilent: then it is to be expected.
func TestLateStartWhileTheGuestEndsIsSilent(t *testing.T) {
	var log journal
	require.ErrorIs(t, virtually(t, &guest.Options{Logger: log.logger()}, func(ctx context.Context) error {
		var ended context.Context
		assert.NoError(t, guest.Scope(ctx, func(ctx context.Context) error { ended = ctx; return nil }))
		guestOf(ctx).Cancel(nil)
		assert.Equal(t, guest.ErrFinished, guest.Go(ended, park).Err())
		return guest.Park(ctx)
	}), guest.ErrQuit)
	require.Empty(t, log.String())
}

// TestMainNeverBeginsIfTheLoopNeverRan: it is the one exception to the rule that an accepted
// function runs.
func TestMainNeverBeginsIfTheLoopNeverRan(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		defer looptest.Lock()()
		g, err := guest.Start(headless.New(), func(context.Context) error { t.Error("main began"); return nil }, quiet())
		require.NoError(t, err)
		posted := false
		require.NoError(t, g.Post(func() { posted = true }))
		report := g.Finish()
		require.ErrorIs(t, report.Err, guest.ErrHostGone)
		require.ErrorIs(t, report.Err, guest.ErrNotBegun)
		require.ErrorContains(t, report.Err, "the host's loop ended before main began")
		require.False(t, guest.IsQuit(report.Err), "a program that did nothing has not ended well")
		require.True(t, posted)
	})
}

// TestModalAfterTheLoopIsWithdrawnAtOnce, also a shielded one: it can never run, and nothing
// waits for the grace.
func TestModalAfterTheLoopIsWithdrawnAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		loop := headless.New()
		_, err := guest.Run(loop, func(ctx context.Context) (int, error) {
			defer func() {
				err := guest.Modal(context.WithoutCancel(ctx), func() { t.Error("it ran") })
				assert.ErrorIs(t, err, guest.ErrHostGone)
				assert.ErrorIs(t, err, guest.ErrNotBegun)
			}()
			guest.Go(ctx, func(ctx context.Context) error {
				err := guest.Modal(context.WithoutCancel(ctx), func() { t.Error("it ran") })
				assert.ErrorIs(t, err, guest.ErrHostGone)
				return nil
			})
			assert.NoError(t, guest.Yield(ctx))
			loop.Quit()
			return 0, guest.Park(ctx)
		}, quiet())
		require.ErrorIs(t, err, guest.ErrHostGone)
		require.Zero(t, time.Since(began))
	})
}

// TestCancelledTaskThatWaitsForManyChildrenIsNotSlowedDown: each of its waits is refused, and
// nothing is wrong with it.
func TestCancelledTaskThatWaitsForManyChildrenIsNotSlowedDown(t *testing.T) {
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		task := guest.Go(ctx, func(ctx context.Context) error {
			var children []*guest.Task
			for range 1000 {
				children = append(children, guest.Go(ctx, guest.Park))
			}
			for _, c := range children {
				_ = c.Wait(ctx)
			}
			return nil
		})
		assert.NoError(t, guest.Yield(ctx))
		began := time.Now()
		task.Cancel(nil)
		assert.True(t, guest.Cancelled(task.Wait(ctx)))
		assert.Zero(t, time.Since(began))
		return nil
	}))
}

// TestTaskThatIgnoresItsCancellationIsSlowedDownAndNamed: a loop that drops the errors of its
// waits keeps no processor busy.
func TestTaskThatIgnoresItsCancellationIsSlowedDownAndNamed(t *testing.T) {
	var log journal
	rounds := 0
	require.NoError(t, virtually(t, &guest.Options{Logger: log.logger()}, func(ctx context.Context) error {
		stop := false
		task := guest.Go(ctx, func(ctx context.Context) error {
			for !stop {
				rounds++
				_ = guest.Sleep(ctx, time.Second)
			}
			return nil
		})
		assert.NoError(t, guest.Sleep(ctx, time.Minute))
		assert.LessOrEqual(t, rounds, 61)
		task.Cancel(nil)
		began := time.Now()
		assert.NoError(t, guest.Sleep(ctx, time.Hour))
		assert.LessOrEqual(t, rounds, 60+10_000+12+3600, "10 000 at once, then slower and slower, then one a second")
		assert.GreaterOrEqual(t, rounds, 3600)
		stop = true
		assert.NoError(t, task.Wait(ctx))
		assert.Less(t, time.Since(began), time.Hour+2*time.Second)
		return nil
	}))
	require.Equal(t, 1, strings.Count(log.String(), "a task keeps waiting after its cancellation"))
	require.Contains(t, log.String(), "TestTaskThatIgnoresItsCancellation")
}

// TestCancelledTaskThatAlsoWaitsIsNotSlowedDown: refused waits count only one after another. A
// task that cleans up has waits of both kinds.
func TestCancelledTaskThatAlsoWaitsIsNotSlowedDown(t *testing.T) {
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		const rounds = 11_000
		task := guest.Go(ctx, func(ctx context.Context) error {
			for range rounds {
				_ = guest.Sleep(ctx, time.Second)
				if err := guest.Sleep(context.WithoutCancel(ctx), time.Millisecond); err != nil {
					return err
				}
			}
			return nil
		})
		task.Cancel(nil)
		began := time.Now()
		assert.NoError(t, task.Wait(ctx))
		assert.Equal(t, rounds*time.Millisecond, time.Since(began))
		return nil
	}))
}

// TestTaskThatJoinsForEverIsEndedWithItsGuest: Join after a cancellation is a refused wait, like
// any other.
func TestTaskThatJoinsForEverIsEndedWithItsGuest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		loop := headless.New()
		_, err := guest.Run(loop, func(ctx context.Context) (int, error) {
			guest.Go(ctx, func(ctx context.Context) error {
				_ = guest.Park(ctx)
				for n := 0; guest.Join(ctx) != nil; n++ {
					if n > 1_000_000 {
						t.Error("it goes on joining")
						return nil
					}
				}
				return nil
			})
			guest.Go(ctx, func(ctx context.Context) error {
				_ = guest.Park(ctx)
				for n := 0; ; n++ {
					_ = guest.Modal(context.WithoutCancel(ctx), func() {})
					if n > 1_000_000 {
						t.Error("it goes on waiting")
						return nil
					}
				}
			})
			loop.Quit()
			return 0, guest.Park(ctx)
		}, quiet())
		require.ErrorIs(t, err, guest.ErrHostGone)
	})
}
