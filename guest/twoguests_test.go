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

// A task that blocks its thread lets the scheduler of Go run another guest's loop, also where
// there is one thread for all. Each wait must park the task that calls it.
func TestWaitsOfGuestsOnTwoGoroutinesAreNotTakenForEachOther(t *testing.T) {
	run := func(main func(ctx context.Context) error) (wait func() error) {
		end := make(chan error, 1)
		go func() {
			_, err := headless.Run(func(ctx context.Context) (any, error) { return nil, main(ctx) }, &guest.Options{Private: true})
			end <- err
		}()
		return func() error { return <-end }
	}
	for name, wait := range map[string]func(ctx context.Context) error{
		"Yield":          guest.Yield,
		"Sleep":          func(ctx context.Context) error { return guest.Sleep(ctx, time.Millisecond) },
		"BackgroundFunc": func(ctx context.Context) error { return guest.BackgroundFunc(ctx, guest.Yield) },
		"Scope":          func(ctx context.Context) error { return guest.Scope(ctx, guest.Yield) },
	} {
		t.Run(name, func(t *testing.T) {
			begun, release, over := make(chan struct{}), make(chan struct{}), make(chan struct{})
			older := run(func(ctx context.Context) error {
				task, ok := guest.CurrentTask()
				assert.True(t, ok)
				close(begun)
				<-release // in its turn, while the younger guest begins one
				defer close(over)
				again, _ := guest.CurrentTask()
				assert.Same(t, task, again)
				assert.NoError(t, wait(ctx))
				again, _ = guest.CurrentTask()
				assert.Same(t, task, again)
				return nil
			})
			<-begun
			younger := run(func(ctx context.Context) error {
				task, ok := guest.CurrentTask()
				assert.True(t, ok)
				close(release)
				<-over // in its turn
				again, _ := guest.CurrentTask()
				assert.Same(t, task, again)
				return wait(ctx)
			})
			require.NoError(t, older())
			require.NoError(t, younger())
		})
	}
}
