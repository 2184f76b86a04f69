package fynehost_test

import (
	"context"
	"errors"
	"testing"

	"fyne.io/fyne/v2"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	fynehost "github.com/golodger/lodger/hosts/fyne"
	"github.com/golodger/lodger/hosts/fyne/fynetest"
)

func TestTasksEndWithTheirWindow(t *testing.T) {
	fynetest.Run(t, func(ctx context.Context, app fyne.App) {
		app.NewWindow("main")
		w := app.NewWindow("second")
		var causes []error
		bound := func() *guest.Task {
			return guest.Go(ctx, func(ctx context.Context) error {
				return fynehost.WithWindow(ctx, w, func(ctx context.Context) error {
					guest.Go(ctx, func(ctx context.Context) error {
						err := guest.Park(ctx)
						causes = append(causes, context.Cause(ctx))
						return err
					})
					return guest.Park(ctx)
				})
			})
		}
		one, two := bound(), bound()
		require.NoError(t, guest.Yield(ctx))
		require.NoError(t, guest.Yield(ctx))
		w.Close()
		require.NoError(t, one.Wait(ctx), "a closed window is no failure")
		require.NoError(t, two.Wait(ctx))
		require.Equal(t, []error{fynehost.ErrWindowClosed, fynehost.ErrWindowClosed}, causes)
	}, nil)
}

func TestWithWindowReturnsWhatFnReturns(t *testing.T) {
	fynetest.Run(t, func(ctx context.Context, app fyne.App) {
		w, wrong := app.NewWindow("main"), errors.New("wrong")
		require.NoError(t, fynehost.WithWindow(ctx, w, func(context.Context) error { return nil }))
		require.ErrorIs(t, fynehost.WithWindow(ctx, w, func(context.Context) error { return wrong }), wrong)
		err := fynehost.WithWindow(ctx, w, func(ctx context.Context) error {
			w.Close()
			_ = guest.Park(ctx)
			return wrong
		})
		require.ErrorIs(t, err, wrong, "a failure while the window closes is a failure")
	}, nil)
}

func TestWithWindowEndsWithItsTask(t *testing.T) {
	fynetest.Run(t, func(ctx context.Context, app fyne.App) {
		w, why := app.NewWindow("main"), errors.New("why")
		task := guest.Go(context.WithoutCancel(ctx), func(ctx context.Context) error {
			err := fynehost.WithWindow(ctx, w, guest.Park)
			require.ErrorIs(t, err, why)
			return nil
		})
		require.NoError(t, guest.Yield(ctx))
		task.Cancel(why)
		require.NoError(t, task.Wait(ctx))
	}, nil)
}
