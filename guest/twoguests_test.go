package guest_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/hosts/headless"
)

// A task that blocks its thread lets the scheduler of Go run another guest's loop, also where there
// is one thread for all. Each wait must park the task that calls it.
func TestWaitsOfGuestsOnTwoGoroutinesAreNotTakenForEachOther(t *testing.T) {
	inside, release := make(chan struct{}), make(chan struct{})
	run := func(main func(ctx context.Context) error) func() error {
		end := make(chan error, 1)
		go func() {
			_, err := headless.Run(func(ctx context.Context) (any, error) { return nil, main(ctx) }, &guest.Options{Private: true})
			end <- err
		}()
		return func() error { return <-end }
	}
	one := run(func(ctx context.Context) error {
		close(inside)
		<-release // blocks the loop, in a turn
		task, ok := guest.CurrentTask()
		assert.True(t, ok)
		assert.NoError(t, guest.Sleep(ctx, time.Millisecond))
		again, _ := guest.CurrentTask()
		assert.Same(t, task, again)
		return guest.BackgroundFunc(ctx, func(context.Context) error { return nil })
	})
	<-inside
	two := run(func(ctx context.Context) error {
		task, ok := guest.CurrentTask()
		assert.True(t, ok)
		assert.Contains(t, task.String(), "TwoGoroutines")
		for range 3 {
			assert.NoError(t, guest.Yield(ctx))
			assert.NoError(t, guest.Sleep(ctx, time.Millisecond))
			v, err := guest.CallOnMain(ctx, func(context.Context) (int, error) { return 7, nil })
			assert.NoError(t, err)
			assert.Equal(t, 7, v)
			assert.NoError(t, guest.BackgroundFunc(ctx, func(context.Context) error { return nil }))
		}
		again, _ := guest.CurrentTask()
		assert.Same(t, task, again)
		return nil
	})
	require.NoError(t, two())
	close(release)
	require.NoError(t, one())
}
