package guest_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/hosts/headless"
)

func TestCallOnMainRunsATaskAndWaits(t *testing.T) {
	s := &story{t: t}
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		err := inBackground(ctx, func(ctx context.Context) {
			s.step(1)
			v, err := guest.CallOnMain(ctx, func(ctx context.Context) (int, error) {
				s.step(2)
				guest.Go(ctx, func(ctx context.Context) error { // it has children like any task
					err := guest.Sleep(ctx, 2*time.Second)
					s.step(4)
					return err
				})
				err := guest.Sleep(ctx, time.Second)
				s.step(3)
				return 7, errors.Join(err, errBoom)
			})
			s.step(5)
			assert.Equal(t, 7, v)
			assert.ErrorIs(t, err, errBoom)
		})
		assert.NoError(t, ctx.Err(), "the error is the caller's alone")
		return err
	}))
}

func TestCallOnMainInATaskSimplyCalls(t *testing.T) {
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		v, err := guest.CallOnMain(ctx, func(inner context.Context) (int, error) {
			assert.Equal(t, ctx, inner)
			return 7, guest.Sleep(inner, time.Second)
		})
		assert.Equal(t, 7, v)
		return err
	}))
}

func TestCallOnMainInAHandlerWouldDeadlock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		loop := headless.New()
		_, err := guest.Run(loop, func(ctx context.Context) (int, error) {
			call := func() {
				_, err := guest.CallOnMain(ctx, func(context.Context) (int, error) { t.Error("it ran"); return 0, nil })
				assert.ErrorIs(t, err, guest.ErrWouldDeadlock)
			}
			loop.RunSyncSoonThreadsafe(call)
			_ = guestOf(ctx).Post(call)
			_ = guest.RunOnMain(ctx, call)
			return 0, errors.Join(guest.Modal(ctx, call), guest.Sleep(ctx, time.Second))
		}, nil)
		require.NoError(t, err)
	})
}

func TestCallOnMainThatHasNotBegunIsWithdrawn(t *testing.T) {
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		g, called := guestOf(ctx), make(chan struct{})
		go func() {
			defer close(called)
			short, cancel := context.WithTimeoutCause(context.Background(), time.Second, errBoom)
			defer cancel()
			_, err := guest.CallOnMain(short, func(context.Context) (int, error) { t.Error("it ran"); return 0, nil })
			assert.ErrorIs(t, err, context.DeadlineExceeded)
			assert.ErrorIs(t, err, errBoom)
		}()
		<-called // the UI thread is busy all the time
		_ = g
		return guest.Sleep(ctx, time.Second)
	}))
}

func TestCallOnMainThatHasBegunIsCancelledAndWaitedFor(t *testing.T) {
	s := &story{t: t}
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		return inBackground(ctx, func(ctx context.Context) {
			short, cancel := context.WithTimeoutCause(ctx, time.Second, errBoom)
			defer cancel()
			v, err := guest.CallOnMain(short, func(ctx context.Context) (int, error) {
				s.step(1)
				assert.ErrorIs(t, guest.Park(ctx), errBoom)
				s.step(2)
				assert.NoError(t, guest.Sleep(context.WithoutCancel(ctx), time.Hour))
				s.step(3)
				return 7, nil
			})
			s.step(4)
			assert.ErrorIs(t, err, context.DeadlineExceeded)
			assert.ErrorIs(t, err, errBoom)
			assert.Equal(t, 7, v)
		})
	}))
}

func TestPanicInCallOnMainIsTheCallers(t *testing.T) {
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		return inBackground(ctx, func(ctx context.Context) {
			_, err := guest.CallOnMain(ctx, func(context.Context) (int, error) { return 0, explode() })
			var p *guest.PanicError
			assert.ErrorAs(t, err, &p)
			assert.Contains(t, string(p.Stack), "guest_test.explode")
		})
	}))
}

func TestManyCallOnMainAtOnce(t *testing.T) {
	var n int
	var withdrawn atomic.Int64
	require.NoError(t, really(nil, func(ctx context.Context) error {
		return inBackground(ctx, func(ctx context.Context) {
			var wg sync.WaitGroup
			for range 8 {
				wg.Go(func() {
					for i := range 50 {
						call, cancel := context.WithCancel(ctx)
						if i%3 == 0 {
							go cancel()
						}
						_, err := guest.CallOnMain(call, func(ctx context.Context) (int, error) {
							n++
							_ = guest.Yield(ctx)
							return 0, nil
						})
						cancel()
						if err != nil {
							assert.ErrorIs(t, err, context.Canceled)
						}
						if errors.Is(err, guest.ErrNotBegun) {
							withdrawn.Add(1)
						}
					}
				})
			}
			wg.Wait()
		})
	}))
	require.Equal(t, 8*50, n+int(withdrawn.Load()), "either it ran or it was withdrawn")
}

func TestCallOnMainOfAGuestInATaskOfAnother(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		handed, over := make(chan context.Context, 1), make(chan struct{})
		go func() {
			defer close(over)
			assert.NoError(t, really(nil, func(ctx context.Context) error {
				handed <- ctx
				return guest.Sleep(ctx, time.Hour)
			}))
		}()
		theirs := <-handed
		require.NoError(t, really(nil, func(ctx context.Context) error {
			ticks := 0
			guest.Go(ctx, func(ctx context.Context) error { // our thread is not held
				for range 10 {
					_ = guest.Sleep(ctx, time.Second)
					ticks++
				}
				return nil
			})
			v, err := guest.CallOnMain(theirs, func(ctx context.Context) (int, error) { return 7, guest.Sleep(ctx, time.Minute) })
			assert.Equal(t, 7, v)
			assert.Equal(t, 10, ticks)

			short, cancel := context.WithTimeout(theirs, time.Second)
			defer cancel()
			_, cerr := guest.CallOnMain(short, func(ctx context.Context) (int, error) { return 0, guest.Park(ctx) })
			assert.ErrorIs(t, cerr, context.DeadlineExceeded)
			return err
		}))
		<-over
	})
}

func TestCallOnMainInATaskHasAGuestWhateverItsContext(t *testing.T) {
	type key struct{}
	ctx, cancel := context.WithCancel(context.WithValue(context.Background(), key{}, "theirs"))
	require.NoError(t, really(nil, func(context.Context) error {
		_, err := guest.CallOnMain(context.Background(), func(ctx context.Context) (int, error) {
			return 0, guest.Go(ctx, guest.Yield).Wait(ctx)
		})
		require.NoError(t, err)
		_, err = guest.CallOnMain(ctx, func(ctx context.Context) (int, error) {
			require.Equal(t, "theirs", ctx.Value(key{}))
			child := guest.Go(ctx, guest.Park)
			cancel()
			require.ErrorIs(t, guest.Park(ctx), context.Canceled)
			require.ErrorIs(t, child.Wait(context.Background()), context.Canceled)
			return 0, nil
		})
		require.ErrorIs(t, err, context.Canceled)
		return nil
	}))
}

// A worker asks the UI thread for something that takes its time, and waits for the answer.
func ExampleCallOnMain() {
	ask := func(context.Context) (string, error) { return "yes", nil } // a dialog, say
	_, _ = headless.Run(func(ctx context.Context) (any, error) {
		return guest.Background(ctx, func(ctx context.Context) (any, error) {
			answer, err := guest.CallOnMain(ctx, ask)
			fmt.Println("overwrite?", answer)
			return nil, err
		})
	}, nil)
	// Output: overwrite? yes
}

// TestCallOnMainIsRefusedOnTheUIThreadOfAnotherGuest, which it would hold up.
func TestCallOnMainIsRefusedOnTheUIThreadOfAnotherGuest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		handed, over := make(chan context.Context, 1), make(chan struct{})
		go func() {
			defer close(over)
			_ = really(quiet(), func(ctx context.Context) error { handed <- ctx; return guest.Park(ctx) })
		}()
		theirs := <-handed
		require.NoError(t, really(quiet(), func(ctx context.Context) error {
			_ = guestOf(ctx).Post(func() {
				_, err := guest.CallOnMain(theirs, func(ctx context.Context) (int, error) { return 0, guest.Sleep(ctx, time.Minute) })
				assert.ErrorIs(t, err, guest.ErrWouldDeadlock)
			})
			return guest.Sleep(ctx, time.Second)
		}))
		guestOf(theirs).Cancel(nil)
		<-over
	})
}

// TestCallOnMainInAHandlerIsLogged once for each place, as all waits are.
func TestCallOnMainInAHandlerIsLogged(t *testing.T) {
	var log journal
	require.NoError(t, virtually(t, &guest.Options{Logger: log.logger()}, func(ctx context.Context) error {
		for range 3 {
			_ = guestOf(ctx).Post(func() {
				_, err := guest.CallOnMain(ctx, func(context.Context) (int, error) { return 0, nil })
				assert.ErrorIs(t, err, guest.ErrWouldDeadlock)
			})
		}
		return guest.Sleep(ctx, time.Second)
	}))
	require.Equal(t, 1, strings.Count(log.String(), "guest: a wait was refused"))
}
