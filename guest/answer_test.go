package guest_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/internal/looptest"
)

// TestFailureAfterTheCancellationStaysOneOnItsWay up through functions that wrap it, and is
// logged once.
func TestFailureAfterTheCancellationStaysOneOnItsWay(t *testing.T) {
	disk := errors.New("disk full")
	saves := func(ctx context.Context) (int, error) { <-ctx.Done(); return 0, disk }
	for name, save := range map[string]func(ctx context.Context) error{
		"Background": func(ctx context.Context) error { _, err := guest.Background(ctx, saves); return err },
		"wrapped": func(ctx context.Context) error {
			_, err := guest.Background(ctx, saves)
			return fmt.Errorf("saving: %w", err)
		},
		"in a goroutine": func(ctx context.Context) error {
			_, err := guest.Background(ctx, func(ctx context.Context) (int, error) { return guest.Background(ctx, saves) })
			return err
		},
		"in a goroutine, wrapped": func(ctx context.Context) error {
			_, err := guest.Background(ctx, func(ctx context.Context) (int, error) {
				_, err := guest.Background(ctx, saves)
				return 0, fmt.Errorf("saving: %w", err)
			})
			return err
		},
		"CallOnMain": func(ctx context.Context) error {
			_, err := guest.Background(ctx, func(ctx context.Context) (int, error) {
				return guest.CallOnMain(ctx, func(ctx context.Context) (int, error) { _ = guest.Park(ctx); return 0, disk })
			})
			return err
		},
		"Submit": func(ctx context.Context) error {
			_, err := guest.Submit(ctx, saves).Wait(context.WithoutCancel(ctx))
			return err
		},
		"Submit of Background": func(ctx context.Context) error {
			_, err := guest.Submit(ctx, func(ctx context.Context) (int, error) { return guest.Background(ctx, saves) }).Wait(context.WithoutCancel(ctx))
			return err
		},
		"Scope": func(ctx context.Context) error {
			return guest.Scope(ctx, func(ctx context.Context) error {
				_, err := guest.Background(ctx, saves)
				return fmt.Errorf("saving: %w", err)
			})
		},
		"a task": func(ctx context.Context) error {
			return guest.Go(ctx, func(ctx context.Context) error {
				_, err := guest.Background(ctx, saves)
				return fmt.Errorf("saving: %w", err)
			}).Wait(context.WithoutCancel(ctx))
		},
	} {
		t.Run(name, func(t *testing.T) {
			var log journal
			err := virtually(t, &guest.Options{Logger: log.logger()}, func(ctx context.Context) error {
				g := guestOf(ctx)
				guest.After(ctx, time.Second, func(context.Context) error { g.Cancel(nil); return nil })
				return save(ctx)
			})
			assert.ErrorIs(t, err, disk)
			assert.ErrorIs(t, err, guest.ErrQuit)
			assert.False(t, guest.IsQuit(err), "%v", err)
			assert.Equal(t, 1, strings.Count(log.String(), "failed after its cancellation"), "%s", log.String())
		})
	}
}

// TestAnswerToACancellationMatchesBothItsHalves, also when the function answers with another
// cancellation for the same cause.
func TestAnswerToACancellationMatchesBothItsHalves(t *testing.T) {
	require.NoError(t, virtually(t, quiet(), func(ctx context.Context) error {
		short, cancel := context.WithTimeoutCause(ctx, time.Second, errBoom)
		defer cancel()
		_, err := guest.CallOnMain(short, func(context.Context) (int, error) {
			task := guest.Go(ctx, guest.Park)
			task.Cancel(errBoom)
			_ = guest.Park(short)
			return 0, task.Wait(ctx)
		})
		assert.ErrorIs(t, err, context.DeadlineExceeded)
		assert.ErrorIs(t, err, errBoom)
		return nil
	}))
}

// TestFailureAfterTheCancellationIsLoggedWithoutAGuest, and when the guest has ended.
func TestFailureAfterTheCancellationIsLoggedWithoutAGuest(t *testing.T) {
	fail := func(ctx context.Context, cancel context.CancelFunc) {
		_, err := guest.Background(ctx, func(context.Context) (int, error) { cancel(); return 0, errBoom })
		require.ErrorIs(t, err, context.Canceled)
	}
	var log journal
	looptest.DefaultLog(t, log.logger())
	fail(context.WithCancel(context.Background()))
	require.Equal(t, 1, strings.Count(log.String(), "failed after its cancellation"))

	var ours journal
	var late context.Context
	require.NoError(t, really(&guest.Options{Logger: ours.logger()}, func(ctx context.Context) error {
		return inBackground(ctx, func(ctx context.Context) { late = ctx })
	}))
	fail(context.WithCancel(context.WithoutCancel(late)))
	require.Equal(t, 1, strings.Count(ours.String(), "failed after its cancellation"))
}
