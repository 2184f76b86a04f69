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
		task := guest.After(ctx, time.Minute, func(context.Context) error { t.Error("too late"); return nil })
		_ = guest.Sleep(ctx, time.Second)
		task.Cancel(nil)
		assert.ErrorIs(t, task.Wait(ctx), context.Canceled)
		assert.Contains(t, panicOf(func() { guest.After(ctx, 1, nil) }), "After called with a nil function")
		assert.Contains(t, panicOf(func() { guest.After(context.Background(), 1, park) }), "guest: After called with a context that no guest made")
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
