package guest_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/guesttest"
)

func TestAwaitReturnsTheFirstAnswer(t *testing.T) {
	guesttest.Run(t, func(ctx context.Context, t *testing.T) {
		v, err := guest.Await(ctx, func(answer func(int)) (cancel func()) {
			go func() {
				time.Sleep(time.Second)
				answer(1)
				answer(2)
			}()
			return func() { t.Error("taken back in spite of the answer") }
		})
		require.NoError(t, err)
		require.Equal(t, 1, v)
	}, nil)
}

func TestAwaitTakesTheQuestionBack(t *testing.T) {
	guesttest.Run(t, func(ctx context.Context, t *testing.T) {
		back := false
		short, stop := context.WithTimeout(ctx, time.Second)
		defer stop()
		_, err := guest.Await(short, func(func(int)) (cancel func()) { return func() { back = true } })
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.True(t, back)

		_, err = guest.Await(stopped(ctx), func(func(int)) (cancel func()) { t.Error("asked under a context that is done"); return nil })
		require.ErrorIs(t, err, errStop)

		_, err = guest.Await(short, func(func(int)) (cancel func()) { return nil })
		require.ErrorIs(t, err, context.DeadlineExceeded, "without a way to take it back")
	}, nil)
}

var errStop = errors.New("stop")

func stopped(ctx context.Context) context.Context {
	ctx, cancel := context.WithCancelCause(ctx)
	cancel(errStop)
	return ctx
}

// An answer and a cancellation in the same moment: both come back, and nothing is taken back.
func TestAwaitHandsOverWhatCameBesideTheCancellation(t *testing.T) {
	guesttest.Run(t, func(ctx context.Context, t *testing.T) {
		own, cancel := context.WithCancelCause(ctx)
		v, err := guest.Await(own, func(answer func(int)) func() {
			guest.Go(ctx, func(context.Context) error {
				answer(1)
				cancel(errStop)
				return nil
			})
			return func() { t.Error("taken back in spite of the answer") }
		})
		require.ErrorIs(t, err, errStop)
		require.Equal(t, 1, v)
	}, nil)
}

func TestAwaitHasNoColour(t *testing.T) {
	guesttest.Run(t, func(ctx context.Context, t *testing.T) {
		g, _ := guest.FromContext(ctx)
		v, err := guest.Background(ctx, func(ctx context.Context) (int, error) {
			return guest.Await(ctx, func(answer func(int)) func() { go answer(1); return nil })
		})
		require.NoError(t, err)
		require.Equal(t, 1, v)

		refused := guest.NewFuture[error]()
		require.NoError(t, g.Post(func() {
			_, err := guest.Await(ctx, func(func(int)) func() { t.Error("asked in a handler"); return nil })
			refused.Resolve(err)
		}))
		why, err := refused.Wait(ctx)
		require.NoError(t, err)
		require.ErrorIs(t, why, guest.ErrWouldDeadlock)
	}, nil)
}
