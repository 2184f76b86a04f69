package guest_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/flow"
	"github.com/golodger/lodger/hosts/headless"
)

// TestGuestInATaskOfAnotherWaitsUnderItsContext and hears of its cancellation.
func TestGuestInATaskOfAnotherWaitsUnderItsContext(t *testing.T) {
	for name, wait := range waits(nil) {
		if name == "Task.Wait" {
			continue
		}
		t.Run(name, func(t *testing.T) {
			require.NoError(t, virtually(t, quiet(), func(outer context.Context) error {
				task := guestOf(outer).Go(func(outer context.Context) error {
					self, _ := guest.CurrentTask()
					return really(quiet(), func(ctx context.Context) error {
						guest.After(ctx, time.Second/2, func(context.Context) error {
							self.Cancel(errBoom)
							assert.ErrorIs(t, outer.Err(), context.Canceled, "at once: it is that guest's thread, too")
							return nil
						})
						for outer.Err() == nil {
							if err := wait(outer); err != nil {
								assert.ErrorIs(t, err, errBoom)
							} else {
								assert.NoError(t, outer.Err())
								assert.NoError(t, guest.Sleep(ctx, time.Millisecond))
							}
						}
						assert.ErrorIs(t, wait(outer), errBoom)
						assert.NoError(t, ctx.Err())
						assert.NoError(t, guest.Sleep(ctx, time.Second))
						return nil
					})
				})
				_ = task.Wait(outer)
				return nil
			}))
		})
	}
}

// TestTwoThreadsCancelEachOthersWaits while both wait for the other's tasks and futures.
func TestTwoThreadsCancelEachOthersWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, b := make(chan context.Context, 1), make(chan context.Context, 1)
		over := make(chan error, 2)
		run := func(mine chan<- context.Context, theirs <-chan context.Context) {
			over <- really(quiet(), func(ctx context.Context) error {
				mine <- ctx
				other, _, _ := flow.Recv(ctx, theirs)
				for i := range 50 {
					f := asyncIn(ctx, guestOf(other), func(ctx context.Context) (int, error) {
						_, err := guest.CallOnMain(other, func(ctx context.Context) (int, error) { return 1, guest.Sleep(ctx, time.Millisecond) })
						return 7, errors.Join(err, guest.Sleep(ctx, time.Duration(i)*time.Millisecond))
					})
					short, cancel := context.WithTimeout(ctx, 20*time.Millisecond+time.Microsecond)
					v, err := f.Wait(short)
					switch {
					case short.Err() != nil:
						assert.ErrorIs(t, err, context.DeadlineExceeded)
					default:
						assert.NoError(t, err)
						assert.Equal(t, 7, v)
					}
					f.Cancel(errBoom)
					if _, err = f.Wait(ctx); v == 0 {
						assert.ErrorIs(t, err, errBoom)
					}
					_, err = guest.CallOnMain(short, func(ctx context.Context) (int, error) { return 0, ctx.Err() })
					assert.Equal(t, short.Err() == nil, err == nil)
					cancel()
				}
				return guest.Sleep(ctx, time.Hour)
			})
		}
		go run(a, b)
		go run(b, a)
		require.NoError(t, <-over)
		require.NoError(t, <-over)
	})
}

// TestWaitOnAnyGuestsThreadIsRefused: in a handler of its own window it would freeze that, and
// two guests each other. In a task it parks.
func TestWaitOnAnyGuestsThreadIsRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		bg := context.Background()
		handed := make(chan *guest.Guest, 1)
		go func() {
			assert.ErrorIs(t, really(quiet(), func(ctx context.Context) error {
				handed <- guestOf(ctx)
				return guest.Park(ctx)
			}), guest.ErrQuit)
		}()
		other := <-handed
		task := other.Go(func(ctx context.Context) error { return guest.Sleep(ctx, time.Minute) })
		loop := headless.New()
		_, err := guest.Run(loop, func(ctx context.Context) (int, error) {
			loop.RunSyncSoonThreadsafe(func() {
				assert.ErrorIs(t, task.Wait(bg), guest.ErrWouldDeadlock)
				assert.ErrorIs(t, other.Wait(bg), guest.ErrWouldDeadlock)
			})
			began := time.Now()
			assert.NoError(t, task.Wait(ctx))
			assert.Equal(t, time.Minute, time.Since(began))
			other.Cancel(nil)
			assert.ErrorIs(t, other.Wait(ctx), guest.ErrQuit)
			return 0, nil
		}, quiet())
		require.NoError(t, err)
	})
}

// TestTwoGuestsDoNotFreezeEachOther: a window's handler waits for a loop whose function calls
// the window.
func TestTwoGuestsDoNotFreezeEachOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		loop := headless.New()
		_, err := guest.Run(loop, func(window context.Context) (int, error) {
			handed, over := make(chan *guest.Guest, 1), make(chan struct{})
			go func() {
				defer close(over)
				_ = really(quiet(), func(ctx context.Context) error { handed <- guestOf(ctx); return guest.Park(ctx) })
			}()
			other := <-handed
			f := asyncIn(context.Background(), other, func(context.Context) (int, error) {
				return guest.CallOnMain(window, func(context.Context) (int, error) { return 7, nil })
			})
			loop.RunSyncSoonThreadsafe(func() {
				_, err := f.Wait(context.Background())
				assert.ErrorIs(t, err, guest.ErrWouldDeadlock)
			})
			v, err := f.Wait(window)
			assert.Equal(t, 7, v)
			other.Cancel(nil)
			_, _, _ = flow.Recv(window, over)
			return 0, err
		}, quiet())
		require.NoError(t, err)
	})
}
