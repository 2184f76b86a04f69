package guesttest_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/guesttest"
	"github.com/golodger/lodger/host"
	"github.com/golodger/lodger/hosts/headless"
)

var errBoom = errors.New("boom")

func guestOf(ctx context.Context) *guest.Guest {
	g, _ := guest.FromContext(ctx)
	return g
}

func TestBodyIsATaskInVirtualTime(t *testing.T) {
	began, ran := time.Now(), false
	guesttest.Run(t, func(ctx context.Context, t *testing.T) {
		virtually := time.Now()
		child := guest.Go(ctx, func(ctx context.Context) error { return guest.Sleep(ctx, 20*time.Hour) })
		require.NoError(t, child.Wait(ctx))
		require.Equal(t, 20*time.Hour, time.Since(virtually))
		ran = true
	}, nil)
	require.True(t, ran)
	require.Less(t, time.Since(began), time.Minute)
}

func TestBodyRunsOnTheTestsOwnGoroutine(t *testing.T) {
	guesttest.Run(t, func(_ context.Context, inner *testing.T) {
		require.Same(t, t, inner, "without a bubble it is the same")
	}, &guesttest.Options{RealTime: true})
	guesttest.Run(t, func(_ context.Context, inner *testing.T) {
		require.NotSame(t, t, inner, "and in one it is the bubble's")
		require.Equal(t, t.Name(), inner.Name())
	}, nil)
}

func TestTimeIsRealWhenAsked(t *testing.T) {
	began := time.Now()
	guesttest.Run(t, func(ctx context.Context, t *testing.T) {
		require.NoError(t, guest.Sleep(ctx, time.Millisecond))
	}, &guesttest.Options{RealTime: true})
	require.GreaterOrEqual(t, time.Since(began), time.Millisecond)
}

func TestHostIsMadeWhereItsLoopRuns(t *testing.T) {
	for _, real := range []bool{false, true} {
		var thread host.Thread
		ended := false
		guesttest.Run(t, func(ctx context.Context, inner *testing.T) {
			require.Equal(t, thread, host.CurrentThread())
			require.Equal(t, real, t == inner)
			began := time.Now()
			require.NoError(t, guest.Sleep(ctx, 10*time.Millisecond))
			require.Equal(t, !real, time.Since(began) == 10*time.Millisecond, "exact is virtual")
			_, err := guest.Background(ctx, func(context.Context) (int, error) {
				return 0, guest.RunOnMain(context.Background(), func() {})
			})
			require.NoError(t, err, "the guest is not private")
		}, &guesttest.Options{RealTime: real, Host: func(run func(host.Mainloop)) {
			runtime.LockOSThread()
			defer runtime.UnlockOSThread()
			thread = host.CurrentThread()
			run(headless.New())
			ended = true
		}})
		require.True(t, ended)
	}
}

func TestGuestIsNeverTheProcesss(t *testing.T) {
	guesttest.Run(t, func(ctx context.Context, t *testing.T) {
		nobody := context.Background()
		require.NoError(t, guest.RunOnMain(nobody, func() {}), "on its own thread it is found")
		_, err := guest.Background(ctx, func(context.Context) (int, error) {
			return guest.CallOnMain(nobody, func(context.Context) (int, error) { return 0, nil })
		})
		require.Equal(t, guest.ErrNoGuest, err)
	}, nil)
}

func TestTasksOfTheGuestItselfAreCancelledAtTheEnd(t *testing.T) {
	unwound := false
	guesttest.Run(t, func(ctx context.Context, t *testing.T) {
		guestOf(ctx).Go(func(ctx context.Context) error {
			defer func() { unwound = true }()
			return guest.Park(ctx)
		})
	}, nil)
	require.True(t, unwound)
}

func TestOptionsReachTheGuest(t *testing.T) {
	var log bytes.Buffer
	var heard []error
	used := 0
	guesttest.Run(t, func(ctx context.Context, t *testing.T) {
		guestOf(ctx).Go(func(context.Context) error { return errBoom })
		_, err := guest.Background(ctx, func(context.Context) (int, error) { return 0, nil })
		require.NoError(t, err)
	}, &guesttest.Options{Guest: &guest.Options{
		Logger:   slog.New(slog.NewTextHandler(&log, nil)),
		OnError:  func(err error) { heard = append(heard, err) },
		Executor: counting{&used},
	}})
	require.Len(t, heard, 1)
	require.Equal(t, errBoom, errors.Unwrap(heard[0]), "who has an OnError looks after its errors")
	require.Empty(t, log.String())
	require.Equal(t, 1, used)
}

func TestErrorThatSomebodyMayYetLookAtFailsNoTest(t *testing.T) {
	var held *guest.Future[int]
	guesttest.Run(t, func(ctx context.Context, t *testing.T) {
		held = guest.NewFuture[int]()
		held.Reject(errBoom)
		observed := guest.NewFuture[int]()
		observed.Reject(errBoom)
		_, err := observed.Wait(ctx)
		require.Equal(t, errBoom, err)
	}, nil)
	_, err := held.Wait(t.Context())
	require.Equal(t, errBoom, err)
}

// A counting executor counts what it executes.
type counting struct{ used *int }

func (e counting) Execute(ctx context.Context, fn func(ctx context.Context)) {
	*e.used++
	go fn(ctx)
}

func TestCleanupsOfTheBodysTRunInTheBubble(t *testing.T) {
	ran := false
	guesttest.Run(t, func(_ context.Context, t *testing.T) {
		here := make(chan int, 1) // a bubble's channel may not be touched from outside
		t.Cleanup(func() { here <- 1; ran = true })
	}, nil)
	require.True(t, ran)
}

func TestParallelTestsDoNotMixUp(t *testing.T) {
	for range 8 {
		t.Run("", func(t *testing.T) {
			t.Parallel()
			guesttest.Run(t, func(ctx context.Context, t *testing.T) {
				g := guestOf(ctx)
				for range 20 {
					require.NoError(t, guest.Sleep(ctx, time.Second))
					assert.NoError(t, guest.RunOnMain(context.Background(), func() {
						h, ok := guest.FromContext(ctx)
						assert.True(t, ok)
						assert.Same(t, g, h)
					}))
				}
			}, nil)
		})
	}
}

// They are no batches of tasks, which are limited.
func TestAnyNumberOfPostsIsAllowed(t *testing.T) {
	guesttest.Run(t, func(ctx context.Context, t *testing.T) {
		g, _ := guest.FromContext(ctx)
		ran := 0
		for range 200_000 {
			require.NoError(t, g.Post(func() { ran++ }))
		}
		require.NoError(t, guest.Yield(ctx))
		require.Equal(t, 200_000, ran)
	}, nil)
}

func TestNilBodyIsRefused(t *testing.T) {
	require.PanicsWithValue(t, "guesttest: Run called with a nil body; pass the test's function",
		func() { guesttest.Run(t, nil, nil) })
}
