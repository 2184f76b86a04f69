package comingfrom_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/guesttest"
	"github.com/golodger/lodger/hosts/headless"
)

var errDown = errors.New("the network is down")

func down(context.Context) (int, error) { return 0, errDown }

func panics(context.Context) (int, error) { panic(errDown) }

func TestFailureOfAFutureIsItsHolders(t *testing.T) {
	guesttest.Run(t, func(ctx context.Context, t *testing.T) {
		require.NoError(t, guest.Scope(ctx, func(ctx context.Context) error {
			_, err := guest.Async(ctx, down).Wait(ctx)
			require.ErrorIs(t, err, errDown)
			return guest.Yield(ctx) // and the dialog could be shown
		}))
		require.ErrorIs(t, guest.Scope(ctx, func(ctx context.Context) error {
			guest.Async(ctx, down)
			return nil
		}), errDown, "no code has looked")
	}, nil)
}

func TestFailedTaskOfGoFailsItsScopeAlthoughItIsWaitedFor(t *testing.T) {
	guesttest.Run(t, func(ctx context.Context, t *testing.T) {
		task := func(ctx context.Context) error { _, err := down(ctx); return err }
		require.ErrorIs(t, guest.Scope(ctx, func(ctx context.Context) error {
			require.ErrorIs(t, guest.Go(ctx, task).Wait(context.WithoutCancel(ctx)), errDown)
			require.Error(t, guest.Yield(ctx), "the scope is cancelled")
			return nil
		}), errDown)
		require.NoError(t, guest.Supervise(ctx, func(ctx context.Context) error {
			require.ErrorIs(t, guest.Go(ctx, task).Wait(ctx), errDown)
			return guest.Yield(ctx)
		}))
	}, nil)
}

func TestPanicFailsItsScopeAlthoughItIsWaitedFor(t *testing.T) {
	guesttest.Run(t, func(ctx context.Context, t *testing.T) {
		for _, start := range []func(ctx context.Context) *guest.Future[int]{
			func(ctx context.Context) *guest.Future[int] { return guest.Async(ctx, panics) },
			func(ctx context.Context) *guest.Future[int] { return guest.Submit(ctx, panics) },
		} {
			require.ErrorIs(t, guest.Scope(ctx, func(ctx context.Context) error {
				_, err := start(ctx).Wait(context.WithoutCancel(ctx))
				require.ErrorIs(t, err, errDown)
				return nil
			}), errDown)
		}
	}, nil)
}

func TestPanicThatNoCodeAsksForEndsTheGuestUnlessThereIsAnOnError(t *testing.T) {
	main := func(ctx context.Context) error {
		app, _ := guest.FromContext(ctx)
		app.Go(func(ctx context.Context) error { _, err := panics(ctx); return err })
		return guest.Sleep(ctx, time.Millisecond)
	}
	require.ErrorIs(t, guest.RunTask(headless.New(), main, nil), errDown)

	var heard *guest.UnobservedError
	require.NoError(t, guest.RunTask(headless.New(), main, &guest.Options{OnError: func(err error) {
		require.ErrorAs(t, err, &heard)
	}}))
	require.ErrorIs(t, heard, errDown)
	require.Contains(t, heard.Task, "TestPanicThatNoCodeAsksFor")
}
