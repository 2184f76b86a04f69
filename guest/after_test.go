package guest_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/hosts/headless"
)

func TestAfterRunsOnceWhenTheTimeHasCome(t *testing.T) {
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		began, runs := time.Now(), 0
		task := guest.After(ctx, time.Minute, func(ctx context.Context) error {
			runs++
			assert.Equal(t, time.Minute, time.Since(began))
			return guest.Sleep(ctx, time.Second) // it is a task
		})
		assert.Contains(t, task.String(), "TestAfterRunsOnce")
		err := task.Wait(ctx)
		assert.Equal(t, 1, runs)
		assert.Equal(t, 61*time.Second, time.Since(began))
		return err
	}))
	require.Equal(t, errBoom, virtually(t, nil, func(ctx context.Context) error {
		return guest.After(ctx, -time.Hour, fails).Wait(ctx)
	}))
}

func TestAfterIsCancelledBeforeItsTime(t *testing.T) {
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		began := time.Now()
		task := guest.After(ctx, time.Minute, func(context.Context) error { t.Error("too late"); return nil })
		_ = guest.Sleep(ctx, time.Second)
		task.Cancel(nil)
		assert.ErrorIs(t, task.Wait(ctx), context.Canceled)
		assert.Equal(t, time.Second, time.Since(began), "it ends at once")
		assert.Contains(t, panicOf(func() { guest.After(ctx, 1, nil) }), "After called with a nil function")
		assert.Contains(t, panicOf(func() { guest.After(context.Background(), 1, park) }), "guest: After called with a context without a guest")
		return nil
	}))
}

// TestCancelledAfterLeavesNothingBehind, also when the time comes that it waited for.
func TestCancelledAfterLeavesNothingBehind(t *testing.T) {
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		g := guestOf(ctx)
		before := g.Stats()
		runs := 0
		for i := range 200 { // some of their deadlines are swept, others come
			run := func(context.Context) error { runs++; return nil }
			start := func() *guest.Task { return guest.After(ctx, time.Hour, run) }
			if i%2 == 0 {
				start = func() *guest.Task { return guest.Every(ctx, time.Hour, run, nil) }
			}
			task := start()
			assert.NoError(t, guest.Sleep(ctx, time.Second))
			assert.Equal(t, before.Tasks+1, g.Stats().Tasks)
			assert.Equal(t, before.Sleeping+1, g.Stats().Sleeping)
			task.Cancel(errBoom)
			assert.ErrorIs(t, task.Wait(ctx), errBoom)
			assert.Equal(t, before.Sleeping, g.Stats().Sleeping)
		}
		assert.NoError(t, guest.Sleep(ctx, 3*time.Hour))
		assert.Zero(t, runs)
		assert.Equal(t, before.Tasks, g.Stats().Tasks)
		assert.Equal(t, before.Sleeping, g.Stats().Sleeping)
		return nil
	}))
}

// A reminder that is not needed any more when the answer comes first.
func ExampleAfter() {
	_, _ = headless.Run(func(ctx context.Context) (any, error) {
		remind := guest.After(ctx, time.Millisecond, func(context.Context) error {
			fmt.Println("still there?")
			return nil
		})
		return nil, remind.Wait(ctx)
	}, nil)
	// Output: still there?
}
