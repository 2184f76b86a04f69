package guest_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/hosts/headless"
)

// TestClosedWindowIsNoFailure: main returns that its window was closed, in whatever form.
func TestClosedWindowIsNoFailure(t *testing.T) {
	errFull := errors.New("no space left on device")
	for name, c := range map[string]struct {
		main func(ctx context.Context) error
		want error
	}{
		"itself":  {main: func(context.Context) error { return guest.ErrWindowClosed }},
		"wrapped": {main: func(context.Context) error { return fmt.Errorf("asking: %w", guest.ErrWindowClosed) }},
		"the answer of a task": {main: func(ctx context.Context) error {
			return closeWindowOf(ctx, guest.Park)
		}},
		"the answer of a task, wrapped": {main: func(ctx context.Context) error {
			return fmt.Errorf("asking: %w", closeWindowOf(ctx, guest.Park))
		}},
		"while the guest quits": {main: func(ctx context.Context) error {
			guestOf(ctx).Cancel(guest.ErrQuit)
			return fmt.Errorf("asking: %w", guest.ErrWindowClosed)
		}},
		"with a failure": {main: func(context.Context) error { return errors.Join(guest.ErrWindowClosed, errFull) }, want: errFull},
		"with a failure, while the guest quits": {main: func(ctx context.Context) error {
			guestOf(ctx).Cancel(guest.ErrQuit)
			return errors.Join(guest.ErrWindowClosed, errFull)
		}, want: errFull},
		"a failure after it": {main: func(ctx context.Context) error {
			return closeWindowOf(ctx, func(ctx context.Context) error {
				_ = guest.Park(ctx)
				return errFull
			})
		}, want: errFull},
		"a panic with it": {main: func(context.Context) error { panic(guest.ErrWindowClosed) }, want: guest.ErrWindowClosed},
	} {
		t.Run(name, func(t *testing.T) {
			err := guest.RunTask(headless.New(), c.main, quiet())
			if c.want == nil {
				require.NoError(t, err)
				return
			}
			require.ErrorIs(t, err, c.want)
			require.False(t, guest.IsQuit(err))
		})
	}
}

// closeWindowOf is what a toolkit does for a task whose window is closed.
func closeWindowOf(ctx context.Context, fn func(ctx context.Context) error) error {
	task := guest.Go(context.WithoutCancel(ctx), fn)
	_ = guest.Yield(ctx)
	task.Cancel(guest.ErrWindowClosed)
	return task.Wait(ctx)
}
