package guest_test

import (
	"context"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
)

// waitForTheUI waits for a post from the UI thread itself, as a toolkit's DoAndWait does there.
func waitForTheUI(g *guest.Guest, maxRefused time.Duration) {
	done := make(chan struct{})
	_ = g.Post(func() { close(done) })
	select {
	case <-done:
	case <-time.After(maxRefused):
	}
}

func TestStalledUIThreadIsReportedWithItsStack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var j journal
		_, err := guest.Run(newTestHost(t), func(ctx context.Context) (int, error) {
			for range 3 {
				guest.Go(ctx, func(ctx context.Context) error { return guest.Sleep(ctx, time.Hour) })
			}
			for range 2 {
				if err := guest.Sleep(ctx, time.Minute); err != nil {
					return 0, err
				}
				waitForTheUI(guestOf(ctx), 4*time.Second) // long, but no stall
				require.Empty(t, j.String())
			}
			waitForTheUI(guestOf(ctx), time.Minute)
			return 0, nil
		}, &guest.Options{Logger: j.logger(), SlowTurn: -1})
		require.NoError(t, err)
		require.Equal(t, 1, strings.Count(j.String(), "the UI thread has been held for 5s"), j.String())
		require.Contains(t, j.String(), "waitForTheUI")
		require.Contains(t, j.String(), "Background")
		require.NotContains(t, j.String(), "guest.Sleep (", "the parked tasks are not shown")
	})
}

func TestEveryStallIsReportedAndHarmsNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var j journal
		var ran atomic.Int32
		_, err := guest.Run(newTestHost(t), func(ctx context.Context) (int, error) {
			g := guestOf(ctx)
			for range 3 {
				_ = g.Post(func() { time.Sleep(10 * time.Second); ran.Add(1) })
				if err := guest.Sleep(ctx, time.Minute); err != nil {
					return 0, err
				}
			}
			return 0, nil
		}, &guest.Options{Logger: j.logger()})
		require.NoError(t, err)
		require.EqualValues(t, 3, ran.Load())
		require.Equal(t, 3, strings.Count(j.String(), "the UI thread has been held"))
	})
}
