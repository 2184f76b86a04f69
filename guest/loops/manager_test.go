package loops_test

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/guesttest"
	"github.com/golodger/lodger/guest/loops"
	"github.com/golodger/lodger/host"
)

var errBoom = errors.New("boom")

// virtually runs a test in a bubble with a new scope. In a bubble a goroutine that is left
// behind is a failure.
func virtually(t *testing.T, body func(ctx context.Context, t *testing.T)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) { body(loops.Scoped(context.Background()), t) })
}

// quiet are options without a log.
var quiet = &loops.Options{Guest: &guest.Options{Logger: slog.New(slog.DiscardHandler)}}

// seven is a task that takes its time.
func seven(ctx context.Context) (int, error) { return 7, guest.Sleep(ctx, time.Hour) }

func parked(ctx context.Context) (int, error) { return 0, guest.Park(ctx) }

func TestLoopRunsTasksOnAThreadOfItsOwn(t *testing.T) {
	virtually(t, func(ctx context.Context, t *testing.T) {
		m, err := loops.Create(ctx, "worker", nil)
		require.NoError(t, err)
		on := func(context.Context) (host.Thread, error) { return host.CurrentThread(), nil }
		one, err := loops.Submit(ctx, m.Loop(), on).Wait(ctx)
		require.NoError(t, err)
		two, err := loops.Submit(ctx, m.Loop(), on).Wait(ctx)
		require.NoError(t, err)
		require.Equal(t, one, two)
		if one != 0 {
			require.NotEqual(t, host.CurrentThread(), one)
		}
		require.NoError(t, m.Stop(ctx))
	})
}

func TestStartTwiceIsAnError(t *testing.T) {
	virtually(t, func(ctx context.Context, t *testing.T) {
		m := loops.New("worker", nil)
		require.Equal(t, loops.ErrNotStarted, m.Stop(ctx))
		_, err := loops.Submit(ctx, m.Loop(), seven).Wait(ctx)
		require.Equal(t, loops.ErrNotStarted, err)
		require.NoError(t, m.Start(ctx))
		require.Equal(t, loops.ErrStarted, m.Start(ctx))
		require.NoError(t, m.Stop(ctx))
		require.Equal(t, loops.ErrStarted, m.Start(ctx), "nor again after its end")
		require.NoError(t, m.Stop(ctx), "but it may be stopped twice")
	})
}

func TestRefusedOptionIsStartsError(t *testing.T) {
	virtually(t, func(ctx context.Context, t *testing.T) {
		_, err := loops.Create(ctx, "worker", &loops.Options{Guest: &guest.Options{Grace: -1}})
		require.ErrorContains(t, err, "Options.Grace is -1ns")
		require.Empty(t, loops.All())
	})
}

func TestStopCancelsWhatRunsAndWaitsUntilItHasUnwound(t *testing.T) {
	virtually(t, func(ctx context.Context, t *testing.T) {
		m, err := loops.Create(ctx, "worker", quiet)
		require.NoError(t, err)
		unwound := false
		running := loops.Submit(ctx, m.Loop(), func(ctx context.Context) (int, error) {
			defer func() { unwound = true }()
			err := guest.Park(ctx)
			// clean-up takes its time
			return 1, errors.Join(err, guest.Sleep(context.WithoutCancel(ctx), time.Minute))
		})
		time.Sleep(time.Second)
		begin := time.Now()
		require.NoError(t, m.Stop(ctx))
		require.True(t, unwound)
		require.Equal(t, time.Minute, time.Since(begin))
		_, err = running.Wait(ctx)
		require.ErrorIs(t, err, guest.ErrQuit)
		require.Len(t, m.Report().Cancelled, 1)
		_, err = loops.Submit(ctx, m.Loop(), seven).Wait(ctx)
		require.Equal(t, guest.ErrFinished, err)
	})
}

func TestStopGivesUpWaitingWithItsContext(t *testing.T) {
	virtually(t, func(ctx context.Context, t *testing.T) {
		m, err := loops.Create(ctx, "worker", quiet)
		require.NoError(t, err)
		stubborn := loops.Submit(ctx, m.Loop(), func(ctx context.Context) (int, error) {
			return 7, guest.Sleep(context.WithoutCancel(ctx), time.Hour)
		})
		short, cancel := context.WithTimeout(ctx, time.Second)
		defer cancel()
		require.ErrorIs(t, m.Stop(short), context.DeadlineExceeded)
		require.Zero(t, m.Report())
		v, err := stubborn.Wait(ctx)
		require.NoError(t, err)
		require.Equal(t, 7, v)
		require.NoError(t, m.Stop(ctx), "it was asked")
	})
}

func TestStopFromAnywhereIsNeverADeadlock(t *testing.T) {
	for name, stop := range map[string]func(ctx context.Context, t *testing.T, m *loops.Manager){
		"its own task": func(ctx context.Context, t *testing.T, m *loops.Manager) {
			_, err := loops.Submit(ctx, m.Loop(), func(ctx context.Context) (int, error) {
				assert.NoError(t, m.Stop(ctx))
				assert.NoError(t, m.Stop(context.Background()))
				return 0, guest.Park(ctx)
			}).Wait(ctx)
			assert.ErrorIs(t, err, guest.ErrQuit)
		},
		"a function posted to it": func(ctx context.Context, t *testing.T, m *loops.Manager) {
			_, _ = loops.Submit(ctx, m.Loop(), func(ctx context.Context) (int, error) {
				assert.NoError(t, guest.RunOnMain(ctx, func() { assert.NoError(t, m.Stop(ctx)) }))
				return 0, guest.Park(ctx)
			}).Wait(ctx)
		},
		"a background function of its own": func(ctx context.Context, t *testing.T, m *loops.Manager) {
			_, _ = loops.Submit(ctx, m.Loop(), func(ctx context.Context) (int, error) {
				return guest.Background(ctx, func(ctx context.Context) (int, error) { return 0, m.Stop(ctx) })
			}).Wait(ctx)
		},
		"a task of another guest": func(ctx context.Context, t *testing.T, m *loops.Manager) {
			other := loops.New("", nil)
			assert.NoError(t, other.Start(ctx))
			// or it may have ended before the wait
			loops.Submit(ctx, m.Loop(), func(ctx context.Context) (int, error) {
				return 0, errors.Join(guest.Park(ctx), guest.Sleep(context.WithoutCancel(ctx), time.Second))
			})
			_, err := loops.Submit(ctx, other.Loop(), func(ctx context.Context) (int, error) {
				assert.NoError(t, m.Stop(ctx), "the task parks")
				assert.NoError(t, m.Stop(ctx), "it has ended")
				return 0, nil
			}).Wait(ctx)
			assert.NoError(t, err)
			assert.NoError(t, other.Stop(ctx))
		},
		"many goroutines": func(ctx context.Context, t *testing.T, m *loops.Manager) {
			for range 10 {
				go func() { assert.NoError(t, m.Stop(ctx)) }()
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			virtually(t, func(ctx context.Context, t *testing.T) {
				m, err := loops.Create(ctx, "worker", nil)
				require.NoError(t, err)
				stop(ctx, t, m)
				begin := time.Now()
				<-m.Loop().Done()
				require.Zero(t, time.Since(begin))
				require.Empty(t, loops.All())
			})
		})
	}
}

func TestLoopEndsWithItsScope(t *testing.T) {
	virtually(t, func(ctx context.Context, t *testing.T) {
		program, cancel := context.WithCancel(ctx)
		scope := loops.Scoped(program)
		m, err := loops.Create(scope, "worker", nil)
		require.NoError(t, err)
		running := loops.Submit(ctx, m.Loop(), parked)
		cancel()
		<-m.Loop().Done()
		_, err = running.Wait(ctx)
		require.ErrorIs(t, err, context.Canceled)
		require.NoError(t, m.Stop(ctx), "as it should")
	})
}

func TestBackgroundLoopIsNeverTheProcesssGuest(t *testing.T) {
	guesttest.Run(t, func(ctx context.Context, t *testing.T) {
		scope := loops.Scoped(context.WithoutCancel(ctx))
		m, err := loops.Create(scope, "worker", nil)
		require.NoError(t, err)
		_, err = guest.Background(ctx, func(context.Context) (int, error) {
			assert.Equal(t, guest.ErrNoGuest, guest.RunOnMain(context.Background(), func() { t.Error("it ran") }))
			return 0, m.Stop(context.Background())
		})
		require.NoError(t, err)
	}, nil)
}

func TestReportIsThereForAHandler(t *testing.T) {
	guesttest.Run(t, func(ctx context.Context, t *testing.T) {
		m, err := loops.Create(loops.Scoped(ctx), "loop", quiet)
		require.NoError(t, err)
		require.Empty(t, m.Report().Cancelled)
		guest.Go(ctx, func(ctx context.Context) error {
			_, _ = loops.Submit(ctx, m.Loop(), parked).Wait(ctx)
			return nil
		})
		require.NoError(t, guest.Sleep(ctx, time.Second))
		_ = m.Stop(ctx)
		require.Len(t, m.Report().Cancelled, 1)
		handler := -1
		g, _ := guest.FromContext(ctx)
		require.NoError(t, g.Post(func() { handler = len(m.Report().Cancelled) }))
		require.NoError(t, guest.Sleep(ctx, time.Second))
		require.Equal(t, 1, handler)
	}, nil)
}
