package guest_test

import (
	"context"
	"fmt"
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/flow"
	"github.com/golodger/lodger/hosts/headless"
)

// slowly is a function that takes an hour and heeds its context.
func slowly(ctx context.Context) (int, error) {
	select {
	case <-time.After(time.Hour):
		return 7, nil
	case <-ctx.Done():
		return 0, context.Cause(ctx)
	}
}

func TestSubmitNeverWaitsAndIsAwaitedLater(t *testing.T) {
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		began := time.Now()
		a, b := guest.Submit(ctx, slowly), guest.Submit(ctx, slowly)
		assert.Zero(t, time.Since(began))
		v, err := a.Wait(ctx)
		assert.Equal(t, 7, v)
		assert.NoError(t, err)
		_, err = b.Wait(ctx)
		assert.Equal(t, time.Hour, time.Since(began), "side by side")
		return err
	}))
}

func TestSubmitBelongsToTheScope(t *testing.T) {
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		began := time.Now()
		assert.NoError(t, guest.Scope(ctx, func(ctx context.Context) error { guest.Submit(ctx, slowly); return nil }))
		assert.Equal(t, time.Hour, time.Since(began), "a scope waits for it")

		assert.ErrorIs(t, guest.Scope(ctx, func(ctx context.Context) error {
			guest.Submit(ctx, func(context.Context) (int, error) { return 0, errBoom })
			return nil
		}), errBoom, "and takes an error that nobody has observed")

		assert.NoError(t, guest.Scope(ctx, func(ctx context.Context) error {
			_, err := guest.Submit(ctx, func(context.Context) (int, error) { return 0, errBoom }).Wait(ctx)
			assert.Equal(t, errBoom, err)
			return nil
		}))

		var f *guest.Future[int]
		began = time.Now()
		assert.ErrorIs(t, guest.Scope(ctx, func(ctx context.Context) error {
			f = guest.Submit(ctx, slowly)
			return errBoom
		}), errBoom)
		assert.Zero(t, time.Since(began), "and its cancellation is the function's")
		_, err := f.Wait(ctx)
		assert.ErrorIs(t, err, errBoom)

		var ended context.Context
		assert.NoError(t, guest.Scope(ctx, func(ctx context.Context) error { ended = ctx; return nil }))
		_, err = guest.Submit(ended, func(context.Context) (int, error) { t.Error("it ran"); return 0, nil }).Wait(ctx)
		assert.Equal(t, guest.ErrFinished, err)
		return nil
	}))
}

func TestWhatASubmittedFunctionPostedHasRunWhenItIsSettled(t *testing.T) {
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		seen := 0
		progress := flow.NewProgress(ctx, func(n int) { seen = n })
		posted := false
		_, err := guest.Submit(ctx, func(ctx context.Context) (int, error) {
			for i := range 1000 {
				progress.Report(i + 1)
			}
			return 0, guest.RunOnMain(ctx, func() { posted = true })
		}).Wait(ctx)
		assert.True(t, posted)
		assert.NoError(t, guest.Yield(ctx))
		assert.Equal(t, 1000, seen)
		return err
	}))
}

func TestSubmittedFunctionsOwnProgressComesBeforeItsResult(t *testing.T) {
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		for range 50 {
			seen := 0
			_, err := guest.Submit(ctx, func(ctx context.Context) (int, error) {
				progress := flow.NewProgress(ctx, func(n int) { seen = n })
				for i := range 100 {
					progress.Report(i + 1)
				}
				return 0, nil
			}).Wait(ctx)
			assert.NoError(t, err)
			assert.Equal(t, 100, seen)
		}
		return nil
	}))
}

func TestSubmitFromAHandlerAndFromAGoroutine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		loop := headless.New()
		_, err := guest.Run(loop, func(ctx context.Context) (int, error) {
			handled := guest.NewFuture[*guest.Future[int]]()
			loop.RunSyncSoonThreadsafe(func() { handled.Resolve(guest.Submit(ctx, slowly)) })
			f, err := handled.Wait(ctx)
			assert.NoError(t, err)
			v, err := f.Wait(ctx)
			assert.Equal(t, 7, v)
			assert.NoError(t, err)
			return 0, inBackground(ctx, func(ctx context.Context) {
				v, err := guest.Submit(ctx, slowly).Wait(ctx)
				assert.Equal(t, 7, v)
				assert.NoError(t, err)
			})
		}, nil)
		require.NoError(t, err)
	})
}

func TestSubmitKeepsValuesAndTheCancellationByChoice(t *testing.T) {
	type key struct{}
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		for name, base := range map[string]context.Context{"of a guest": ctx, "of nobody": context.Background()} {
			short, cancel := context.WithTimeoutCause(context.WithValue(base, key{}, 7), time.Minute, errBoom)
			work := func(ctx context.Context) (int, error) {
				_, err := slowly(ctx)
				return ctx.Value(key{}).(int), err
			}
			with, without := guest.Submit(short, work), guest.Submit(context.WithoutCancel(short), work)
			_, err := with.Wait(ctx)
			assert.ErrorIs(t, err, errBoom, name)
			v, err := without.Wait(ctx)
			assert.NoError(t, err, name)
			assert.Equal(t, 7, v, name)
			cancel()
			_, err = guest.Submit(short, func(context.Context) (int, error) { t.Error("it ran"); return 0, nil }).Wait(ctx)
			assert.ErrorIs(t, err, context.DeadlineExceeded, name)
		}
		return nil
	}))
}

func TestSubmitNeedsNoGuest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v, err := guest.Submit(t.Context(), slowly).Wait(t.Context())
		require.NoError(t, err)
		require.Equal(t, 7, v)
		_, err = guest.Submit(t.Context(), func(context.Context) (int, error) { return 0, explode() }).Wait(t.Context())
		var p *guest.PanicError
		require.ErrorAs(t, err, &p)
		require.Contains(t, string(p.Stack), "guest_test.explode")
		_, err = guest.Submit(t.Context(), func(context.Context) (int, error) { runtime.Goexit(); return 0, nil }).Wait(t.Context())
		require.Equal(t, guest.ErrGoexit, err)
	})
}

func TestExecutorOfSubmitIsResolved(t *testing.T) {
	var used []string
	opts := quiet()
	opts.Executor = named{"guest", &used}
	nothing := func(context.Context) (int, error) { return 0, nil }
	require.NoError(t, virtually(t, opts, func(ctx context.Context) error {
		argument := func(ctx context.Context) context.Context { return flow.WithExecutor(ctx, named{"argument", &used}) }
		for _, ctx := range []context.Context{ctx, argument(ctx), context.Background(), argument(context.Background())} {
			_, _ = guest.Submit(ctx, nothing).Wait(context.WithoutCancel(ctx))
		}
		return nil
	}))
	require.Equal(t, []string{"guest", "argument", "guest", "argument"}, used)
}

func TestFutureOfSubmitIsCancelled(t *testing.T) {
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		for name, base := range map[string]context.Context{"of a guest": ctx, "of nobody": context.Background()} {
			pooled := flow.WithExecutor(base, flow.NewPool(1))
			runs := guest.Submit(pooled, slowly)
			waits := guest.Submit(pooled, func(context.Context) (int, error) { t.Error("it ran"); return 0, nil })
			assert.NoError(t, guest.Sleep(ctx, time.Minute))
			began := time.Now()
			waits.Cancel(errBoom)
			_, err := waits.Wait(ctx)
			assert.ErrorIs(t, err, errBoom, name)
			assert.ErrorIs(t, err, context.Canceled, name)
			runs.Cancel(errBoom)
			_, err = runs.Wait(ctx)
			assert.ErrorIs(t, err, errBoom, name)
			assert.Zero(t, time.Since(began), name)
		}
		return nil
	}))
}

func TestFreeFunctionsErrorThatNobodyObservesIsLogged(t *testing.T) {
	var j journal
	opts := &guest.Options{Logger: j.logger()}
	require.NoError(t, really(opts, func(ctx context.Context) error {
		guest.Submit(context.Background(), func(context.Context) (int, error) { return 0, errBoom })
		done, cancel := context.WithCancel(context.Background())
		cancelled := guest.Submit(done, slowly)
		cancel()
		_ = cancelled
		for range 200 {
			runtime.GC()
			if j.String() != "" {
				break
			}
			assert.NoError(t, guest.Sleep(ctx, time.Millisecond))
		}
		assert.Equal(t, 1, guestOf(ctx).Stats().Unobserved)
		return nil
	}))
	require.Regexp(t, `^[^\n]*unobserved error[^\n]*submit_test.go:\d+[^\n]*boom\n$`, j.String(), "once; and an answer to a cancellation is no failure")
}

func TestFutureOfSubmitIsSettledByItsFunctionAlone(t *testing.T) {
	release := make(chan struct{})
	f := guest.Submit(t.Context(), func(context.Context) (int, error) { <-release; return 1, nil })
	for verb, call := range map[string]func(){
		"Resolve":  func() { f.Resolve(2) },
		"Reject":   func() { f.Reject(errBoom) },
		"OnCancel": func() { _ = f.OnCancel(t.Context(), func(error) {}) },
		"Chain":    func() { guest.NewFuture[int]().Chain(f) },
	} {
		require.Equal(t, "guest: "+verb+" called on a future of Submit, which its function settles; make one with NewFuture", panicOf(call))
	}
	close(release)
	v, err := f.Wait(t.Context())
	require.NoError(t, err)
	require.Equal(t, 1, v)
}

// forgetful passes no context on.
type forgetful struct{}

func (forgetful) Execute(_ context.Context, fn func(ctx context.Context)) {
	var none context.Context
	go fn(none)
}

func TestExecutorThatPassesNoContextFailsThatFunctionOnly(t *testing.T) {
	never := func(context.Context) (int, error) { t.Error("it ran"); return 0, nil }
	const remedy = "the Executor called a function with a nil context; it must pass on the context that Execute got"
	_, err := guest.Submit(flow.WithExecutor(t.Context(), forgetful{}), never).Wait(t.Context())
	require.ErrorContains(t, err, remedy)
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		ctx = flow.WithExecutor(ctx, forgetful{})
		_, err := guest.Submit(ctx, never).Wait(ctx)
		assert.ErrorContains(t, err, remedy)
		_, err = guest.Background(ctx, never)
		assert.ErrorContains(t, err, remedy)
		return nil
	}))
}

func TestExecutorThatPanicsHoldsNobodyUp(t *testing.T) {
	err := virtually(t, nil, func(ctx context.Context) error {
		return guest.Scope(ctx, func(ctx context.Context) error {
			require.Equal(t, "no", panicOf(func() { guest.Submit(flow.WithExecutor(ctx, sulking{}), slowly) }))
			return nil
		})
	})
	require.ErrorContains(t, err, "the Executor panicked")
}

// A sulking executor panics.
type sulking struct{}

func (sulking) Execute(context.Context, func(ctx context.Context)) { panic("no") }

func TestSubmittedFunctionThatWaitsForWhoWaitsForItIsRefused(t *testing.T) {
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		short, cancel := context.WithTimeout(ctx, time.Hour)
		defer cancel()
		var f *guest.Future[int]
		f = guest.Submit(short, func(ctx context.Context) (int, error) {
			return guest.CallOnMain(ctx, func(ctx context.Context) (int, error) { return f.Wait(ctx) })
		})
		_, err := f.Wait(short)
		assert.ErrorIs(t, err, guest.ErrWouldDeadlock)
		return nil
	}))
}

func TestSubmittedFunctionThatIgnoresTheEndIsAbandoned(t *testing.T) {
	var g *guest.Guest
	synctest.Test(t, func(*testing.T) {
		_ = really(quiet(), func(ctx context.Context) error {
			g = guestOf(ctx)
			guest.Submit(ctx, func(context.Context) (int, error) { time.Sleep(time.Hour); return 0, nil })
			_ = guest.Sleep(ctx, time.Second)
			g.Cancel(nil)
			return guest.Park(ctx)
		})
		time.Sleep(2 * time.Hour)
	})
	require.Len(t, g.Finish().Abandoned, 1)
}

// Work off the UI thread whose result is asked for later, or elsewhere.
func ExampleSubmit() {
	_, _ = headless.Run(func(ctx context.Context) (any, error) {
		sum := guest.Submit(ctx, func(context.Context) (int, error) { return 40 + 2, nil })
		fmt.Println("the window lives on")
		fmt.Println(sum.Wait(ctx))
		return nil, nil
	}, nil)
	// Output:
	// the window lives on
	// 42 <nil>
}
