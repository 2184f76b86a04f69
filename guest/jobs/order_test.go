package jobs_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/guesttest"
	"github.com/golodger/lodger/guest/jobs"
)

// The job's time comes in the same batch as the call, and the call was first.
func TestNothingBeginsAfterPauseOrRemove(t *testing.T) {
	for name, stop := range map[string]func(*jobs.Set, jobs.ID) bool{"Pause": (*jobs.Set).Pause, "Remove": (*jobs.Set).Remove} {
		guesttest.Run(t, func(ctx context.Context, t *testing.T) {
			s := jobs.New(ctx)
			var id jobs.ID
			stopped, after := false, 0
			guest.After(ctx, 5*time.Second, func(context.Context) error { stopped = stop(s, id); return nil })
			id = s.Add("x", func(ctx context.Context) error {
				if stopped {
					after++
				}
				return guest.Sleep(ctx, 100*time.Millisecond)
			}, &jobs.Options{Every: time.Second})
			require.NoError(t, guest.Sleep(ctx, 20*time.Second))
			require.True(t, stopped, name)
			require.Zero(t, after, name)
			s.Remove(id)
		}, nil)
	}
}

// The cancellation of the clock is only on its way then, and the run some batches.
func TestNothingBeginsAfterPauseOnAnotherGoroutine(t *testing.T) {
	for batches := range 5 {
		guesttest.Run(t, func(ctx context.Context, t *testing.T) {
			s := jobs.New(ctx)
			var id jobs.ID
			runs := 0
			guest.After(ctx, 5*time.Second, func(ctx context.Context) error {
				for range batches {
					require.NoError(t, guest.Yield(ctx))
				}
				before := runs
				paused := make(chan bool)
				go func() { paused <- s.Pause(id) }()
				<-paused // holds the UI thread
				require.NoError(t, guest.Sleep(ctx, time.Minute))
				require.Equal(t, before, runs)
				return nil
			})
			id = s.Add("x", func(context.Context) error { runs++; return nil }, &jobs.Options{Delay: 5 * time.Second})
			require.NoError(t, guest.Sleep(ctx, 2*time.Minute))
			s.Remove(id)
		}, nil)
	}
}

func TestSetEndsWithItsScope(t *testing.T) {
	guesttest.Run(t, func(ctx context.Context, t *testing.T) {
		var s *jobs.Set
		var id jobs.ID
		require.Error(t, guest.Scope(ctx, func(ctx context.Context) error {
			s = jobs.New(ctx)
			id = s.Add("x", func(ctx context.Context) error { return guest.Sleep(ctx, time.Hour) }, &jobs.Options{Every: time.Hour})
			require.NoError(t, guest.Sleep(ctx, time.Minute))
			return context.DeadlineExceeded
		}))
		require.NoError(t, guest.Sleep(ctx, time.Second))
		require.Empty(t, s.Jobs())
		require.ErrorIs(t, s.RunNow(id).Wait(ctx), jobs.ErrClosed)
	}, nil)
}

// All listeners hear all, event by event, in the order in which they came.
func TestSeveralListenersHearEachEventInTheOrderOfListening(t *testing.T) {
	guesttest.Run(t, func(ctx context.Context, t *testing.T) {
		s := jobs.New(ctx)
		var heard []string
		s.Listen(ctx, func(e jobs.Event) { heard = append(heard, "first "+string(e.Kind)) })
		s.Listen(ctx, func(e jobs.Event) { heard = append(heard, "second "+string(e.Kind)) })
		s.Add("x", func(context.Context) error { return nil }, nil)
		require.NoError(t, guest.Sleep(ctx, time.Second))
		require.Equal(t, []string{
			"first added", "second added", "first began", "second began",
			"first succeeded", "second succeeded", "first removed", "second removed",
		}, heard)
	}, nil)
}

// The failure of a listener is neither the job's nor the other listeners'.
func TestListenerThatPanicsHarmsNobodyElse(t *testing.T) {
	var heard []error
	guesttest.Run(t, func(ctx context.Context, t *testing.T) {
		s := jobs.New(ctx)
		events := 0
		s.Listen(ctx, func(e jobs.Event) {
			if e.Kind == jobs.Began {
				panic("kaboom")
			}
		})
		s.Listen(ctx, func(jobs.Event) { events++ })
		s.Add("x", func(context.Context) error { return nil }, nil)
		require.NoError(t, guest.Sleep(ctx, time.Second))
		require.Equal(t, 4, events)
	}, &guesttest.Options{Guest: &guest.Options{OnError: func(err error) { heard = append(heard, err) }}})
	require.Len(t, heard, 1)
	require.ErrorContains(t, heard[0], "kaboom")
}
