package guest_test

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
)

// compute holds the thread.
//
//go:noinline
func compute(d time.Duration) { time.Sleep(d) }

// logOf runs main with a log.
func logOf(t *testing.T, limit time.Duration, main func(ctx context.Context, h *testHost) error) string {
	t.Helper()
	var j journal
	synctest.Test(t, func(t *testing.T) {
		h := newTestHost(t)
		err := guest.RunTask(h, func(ctx context.Context) error { return main(ctx, h) },
			&guest.Options{Logger: j.logger(), SlowTurn: limit})
		require.NoError(t, err)
	})
	return j.String()
}

func TestSlowTurnIsLoggedOnceForEachLine(t *testing.T) {
	log := logOf(t, 0, func(ctx context.Context, _ *testHost) error {
		for range 3 {
			compute(time.Second)
			if err := guest.Sleep(ctx, time.Minute); err != nil {
				return err
			}
		}
		return guestOf(ctx).Post(func() { compute(200 * time.Millisecond) })
	})
	require.Equal(t, 1, strings.Count(log, "has held the UI thread for too long; the window can't be drawn"), log)
	require.Regexp(t, `over=100ms in=guest_test\.compute at=slow_test\.go:\d+ `, log)
	require.Contains(t, log, "TestSlowTurnIsLoggedOnceForEachLine")
}

// A program whose start was slow, and that freezes soon after.
func TestSlowTurnsInQuickSuccessionAreLogged(t *testing.T) {
	log := logOf(t, 0, func(ctx context.Context, _ *testHost) error {
		compute(200 * time.Millisecond)
		if err := guest.Sleep(ctx, 5*time.Second); err != nil {
			return err
		}
		time.Sleep(200 * time.Millisecond)
		return nil
	})
	require.Equal(t, 2, strings.Count(log, "has held the UI thread for too long"), log)
}

func TestTurnsThatAreShortEnoughAreNotLogged(t *testing.T) {
	busy := func(ctx context.Context, _ *testHost) error {
		for range 100 {
			compute(90 * time.Millisecond)
			if err := guest.Yield(ctx); err != nil {
				return err
			}
		}
		return nil
	}
	require.Empty(t, logOf(t, 0, busy))
	require.Empty(t, logOf(t, -1, func(ctx context.Context, h *testHost) error {
		compute(time.Second)
		return busy(ctx, h)
	}), "switched off")
	require.NotEmpty(t, logOf(t, 20*time.Millisecond, busy))
}

// The commonest freeze: a handler that blocks, while tasks are ready.
func TestHandlerThatHoldsTheThreadIsLogged(t *testing.T) {
	needThreads(t, "a goroutine that holds the thread may be any")
	log := logOf(t, 0, func(ctx context.Context, h *testHost) error {
		h.Post(func() { // as a toolkit calls a handler
			guestOf(ctx).Go(guest.Yield)
			compute(time.Second)
		})
		return guest.Sleep(ctx, time.Minute)
	})
	require.Equal(t, 1, strings.Count(log, "has been held for too long outside the guest"), log)
	require.Regexp(t, `over=500ms in=guest_test\.compute at=slow_test\.go:\d+ `, log)
}

// A guest that has nothing to do takes no part in a handler's call, and sees nothing of it. With a
// task that runs now and then it does.
func TestHandlerIsSeenOnlyWhileTheGuestHasSomethingToDo(t *testing.T) {
	needThreads(t, "a goroutine that holds the thread may be any")
	handler := func(ctx context.Context, h *testHost) error {
		time.AfterFunc(time.Minute, func() { h.Post(func() { compute(2 * time.Second) }) })
		return guest.Sleep(ctx, 2*time.Minute)
	}
	require.Empty(t, logOf(t, 0, handler))
	log := logOf(t, 0, func(ctx context.Context, h *testHost) error {
		guest.Every(ctx, 100*time.Millisecond, func(context.Context) error { return nil }, nil)
		defer guestOf(ctx).Cancel(nil)
		return handler(ctx, h)
	})
	require.Equal(t, 1, strings.Count(log, "has been held for too long outside the guest"), log)
}

func TestStallSaysWhomItHoldsUp(t *testing.T) {
	var m sync.Mutex
	log := logOf(t, -1, func(ctx context.Context, _ *testHost) error {
		work := guest.Submit(ctx, func(ctx context.Context) (int, error) {
			time.Sleep(time.Second)
			m.Lock()
			defer m.Unlock()
			return guest.CallOnMain(ctx, func(context.Context) (int, error) { return 1, nil })
		})
		compute(10 * time.Second)
		_, err := work.Wait(ctx)
		return err
	})
	require.Contains(t, log, "the UI thread has been held for 5s")
	require.Regexp(t, `in=guest_test\.compute at=slow_test\.go:\d+ `, log)
	require.Regexp(t, `"held up"="guest_test\.TestStallSays.* \(slow_test\.go:\d+\)"`, log)
}

// The standard library's calls are the program's own time; those of another module get longer.
func TestSlowTurnNamesTheProgramsLine(t *testing.T) {
	log := logOf(t, 0, func(ctx context.Context, _ *testHost) error {
		slices.SortFunc([]int{1, 2}, func(int, int) int { compute(200 * time.Millisecond); return 0 })
		if err := guest.Sleep(ctx, time.Minute); err != nil {
			return err
		}
		assert.Eventually(inModule{t}, func() bool { return false }, 300*time.Millisecond, time.Second)
		require.Never(inModule{t}, func() bool { return false }, 800*time.Millisecond, 10*time.Second)
		return nil
	})
	require.Equal(t, 2, strings.Count(log, "has held the UI thread for too long"), log)
	require.Contains(t, log, "over=100ms in=guest_test.compute")
	require.Contains(t, log, "over=500ms in=guest_test.TestSlowTurnNamesTheProgramsLine")
}

// inModule lets testify, which is another module, hold the thread without a failure.
type inModule struct{ *testing.T }

func (inModule) Errorf(string, ...any) {}
