package guest_test

import (
	"context"
	"errors"
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/internal/bridge"
)

// asyncIn starts fn in g, whatever guest ctx is of.
func asyncIn[T any](ctx context.Context, g *guest.Guest, fn func(ctx context.Context) (T, error)) *guest.Future[T] {
	return guest.Async(bridge.In(ctx, g), fn)
}

func TestAsyncInRunsATaskOfAnotherGuest(t *testing.T) {
	type key struct{}
	synctest.Test(t, func(t *testing.T) {
		handed, over := make(chan *guest.Guest, 1), make(chan struct{})
		go func() {
			defer close(over)
			assert.NoError(t, really(nil, func(ctx context.Context) error {
				handed <- guestOf(ctx)
				return guest.Sleep(ctx, time.Hour)
			}))
		}()
		theirs := <-handed
		require.NoError(t, really(nil, func(ctx context.Context) error {
			answer, err := asyncIn(context.WithValue(ctx, key{}, 7), theirs, func(inner context.Context) (int, error) {
				assert.Same(t, theirs, guestOf(inner))
				err := guest.Sleep(inner, time.Minute)
				return inner.Value(key{}).(int), err
			}).Wait(ctx)
			assert.Equal(t, 7, answer)
			assert.NoError(t, err)

			// The caller's cancellation reaches it.
			short, cancel := context.WithTimeout(ctx, time.Second)
			defer cancel()
			_, err = asyncIn(short, theirs, func(ctx context.Context) (int, error) { return 0, guest.Park(ctx) }).
				Wait(context.WithoutCancel(ctx))
			assert.ErrorIs(t, err, context.DeadlineExceeded)

			// And so does the end of its own guest.
			parked := asyncIn(context.Background(), theirs, func(ctx context.Context) (int, error) { return 0, guest.Park(ctx) })
			_, err = parked.Wait(ctx)
			assert.ErrorIs(t, err, context.Canceled)
			return nil
		}))
		<-over
		_, err := asyncIn(t.Context(), theirs, func(context.Context) (int, error) { t.Error("it ran"); return 0, nil }).Wait(t.Context())
		require.Equal(t, guest.ErrFinished, err)
	})
}

func TestAsyncInWithTheGuestsOwnContextIsAsync(t *testing.T) {
	require.ErrorIs(t, virtually(t, nil, func(ctx context.Context) error {
		asyncIn(ctx, guestOf(ctx), func(context.Context) (int, error) { return 0, errBoom })
		return nil
	}), errBoom)
}

func TestAsyncInErrorThatNobodyObservesIsReportedAtTheEnd(t *testing.T) {
	var heard []error
	opts := quiet()
	opts.OnError = func(err error) { heard = append(heard, err) }
	require.NoError(t, virtually(t, opts, func(ctx context.Context) error {
		fail := func(context.Context) (int, error) { return 0, errBoom }
		_, err := asyncIn(context.Background(), guestOf(ctx), fail).Wait(ctx)
		assert.Equal(t, errBoom, err, "observed")
		held := asyncIn(context.Background(), guestOf(ctx), fail)
		too := asyncIn(context.Background(), guestOf(ctx), func(context.Context) (int, error) { panic(errBoom) })
		err = guest.Sleep(ctx, time.Hour)
		collect()
		assert.NoError(t, guest.Sleep(ctx, time.Hour))
		assert.Equal(t, 2, guestOf(ctx).Stats().Failed)
		assert.Empty(t, heard, "somebody may still look")
		runtime.KeepAlive(held)
		runtime.KeepAlive(too)
		return err
	}))
	require.Len(t, heard, 2)
	require.ErrorIs(t, errors.Join(heard...), errBoom)
}

// The context may be anybody's. Its end is seen in that very line, also further down in the tree.
func TestEndOfTheContextGivenToAsyncInIsPrompt(t *testing.T) {
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		foreign, cancel := context.WithCancelCause(context.Background())
		defer cancel(nil)
		_, err := asyncIn(foreign, guestOf(ctx), func(ctx context.Context) (int, error) {
			guest.Go(ctx, func(ctx context.Context) error {
				return guest.Scope(ctx, func(ctx context.Context) error {
					assert.NoError(t, ctx.Err())
					cancel(errBoom)
					assert.ErrorIs(t, ctx.Err(), context.Canceled)
					assert.ErrorIs(t, guest.Yield(ctx), errBoom)
					return nil
				})
			})
			return 0, nil
		}).Wait(ctx)
		assert.ErrorIs(t, err, errBoom)
		return nil
	}))
}
