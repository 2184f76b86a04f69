package guest_test

import (
	"context"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/hosts/headless"
)

func TestGuestSaysHowFarItHasCome(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newTestHost(t)
		var g *guest.Guest
		h.loopFor(func() []*guest.Guest {
			g, _ = guest.Start(h, func(ctx context.Context) error {
				assert.Equal(t, "running", g.State())
				assert.False(t, g.Ending())
				guestOf(ctx).Go(func(ctx context.Context) error {
					_ = guest.Park(ctx)
					assert.Equal(t, "ending", g.State(), "main has ended")
					assert.True(t, g.Ending())
					return g.Post(func() { assert.Equal(t, "closing", g.State()) })
				})
				return guest.Yield(ctx)
			}, nil)
			assert.Equal(t, "initial", g.State())
			return []*guest.Guest{g}
		})
		require.Equal(t, "ended", g.State())
	})
}

func TestCancelledGuestIsEnding(t *testing.T) {
	require.ErrorIs(t, virtually(t, nil, func(ctx context.Context) error {
		g := guestOf(ctx)
		g.Cancel(nil)
		err := guest.Park(ctx)
		assert.Equal(t, "ending", g.State())
		assert.True(t, g.Ending())
		return err
	}), guest.ErrQuit)
}

func TestStatsOnTheUIThreadAreOfThisMoment(t *testing.T) {
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		g := guestOf(ctx)
		for range 3 {
			guest.Go(ctx, func(ctx context.Context) error { return guest.Sleep(ctx, time.Minute) })
		}
		guest.Go(ctx, func(ctx context.Context) error {
			return inBackground(ctx, func(context.Context) { time.Sleep(time.Minute) })
		})
		assert.Equal(t, guest.Stats{Tasks: 1, Queued: 4}, timeless(g.Stats()))
		_ = guest.Yield(ctx)
		assert.Equal(t, guest.Stats{Tasks: 5, Sleeping: 3, Background: 1}, timeless(g.Stats()))
		err := guest.Join(ctx)
		assert.Equal(t, guest.Stats{Tasks: 1}, timeless(g.Stats()))
		return err
	}))
}

func TestStatsElsewhereAreOfTheLastTurn(t *testing.T) {
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		g := guestOf(ctx)
		guest.Go(ctx, func(ctx context.Context) error { return guest.Sleep(ctx, time.Hour) })
		return inBackground(ctx, func(context.Context) {
			time.Sleep(time.Minute)
			assert.Equal(t, guest.Stats{Tasks: 2, Sleeping: 1, Background: 1}, timeless(g.Stats()))
		})
	}))
}

func TestErrorsThatNobodyObservedAreCounted(t *testing.T) {
	for name, onError := range map[string]func(error){
		"logged": nil, "given to OnError": func(error) {}, "and to one that panics": func(error) { panic(errBoom) },
	} {
		opts := quiet()
		opts.OnError = onError
		var g *guest.Guest
		require.NoError(t, really(opts, func(ctx context.Context) error {
			g = guestOf(ctx)
			g.Go(fails)
			_ = g.Post(func() { panic(errBoom) })
			observed := g.Go(fails)
			assert.Equal(t, errBoom, observed.Wait(ctx))
			return nil
		}), name)
		want := 2
		if name == "and to one that panics" {
			want = 4
		}
		require.Equal(t, guest.Stats{Unobserved: want}, timeless(g.Stats()), name)
	}
}

func ExampleGuest_Stats() {
	_, _ = headless.Run(func(ctx context.Context) (any, error) {
		g, _ := guest.FromContext(ctx)
		guest.Go(ctx, func(ctx context.Context) error { return guest.Sleep(ctx, time.Millisecond) })
		_ = guest.Yield(ctx)
		s := g.Stats()
		fmt.Printf("%v: %d tasks, %d of them asleep, %d unobserved errors\n", g.State(), s.Tasks, s.Sleeping, s.Unobserved)
		return nil, nil
	}, nil)
	// Output: running: 2 tasks, 1 of them asleep, 0 unobserved errors
}

func TestWhatComesAfterTheEndIsCounted(t *testing.T) {
	var g *guest.Guest
	var ended context.Context
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		g, ended = guestOf(ctx), ctx
		assert.NoError(t, g.Post(func() {}))
		return g.Go(func(context.Context) error { return nil }).Wait(ctx)
	}))
	require.Zero(t, g.Stats().Refused)
	never := func() { t.Error("it ran") }
	require.Equal(t, guest.ErrFinished, g.Post(never))
	require.Equal(t, guest.ErrFinished, guest.RunOnMain(ended, never))
	g.Go(func(context.Context) error { never(); return nil })
	guest.Go(ended, func(context.Context) error { never(); return nil })
	require.Equal(t, guest.Stats{Refused: 4}, timeless(g.Stats()))
}

// timeless is s without what is measured.
func timeless(s guest.Stats) guest.Stats {
	s.TurnP50, s.TurnP99, s.TurnMax, s.DelayP50, s.DelayP99, s.DelayMax = 0, 0, 0, 0, 0, 0
	return s
}
