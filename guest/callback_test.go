package guest_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/hosts/headless"
)

func TestCallbackNeverRunsAtOnce(t *testing.T) {
	s := &story{t: t}
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		f := guest.NewFuture[int]()
		require.NoError(t, f.OnDone(ctx, func(v int, err error) {
			s.step(3)
			assert.Equal(t, 7, v)
			assert.NoError(t, err)
		}))
		f.Resolve(7)
		s.step(1)
		require.NoError(t, f.OnDone(ctx, func(int, error) { s.step(4) })) // settled already
		s.step(2)
		err := guest.Yield(ctx)
		s.step(5)
		return err
	}))
}

// Settled from any goroutine, called on the UI thread, in the order of asking, outside any task.
func TestCallbacksRunOnTheUIThreadInOrder(t *testing.T) {
	s := &story{t: t}
	require.NoError(t, really(nil, func(ctx context.Context) error {
		f := guest.NewFuture[string]()
		for i := range int32(5) {
			require.NoError(t, f.OnDone(ctx, func(_ string, err error) {
				s.step(1 + i)
				assert.Equal(t, errBoom, err)
				assert.ErrorIs(t, guest.Yield(ctx), guest.ErrWouldDeadlock)
			}))
		}
		err := inBackground(ctx, func(context.Context) { f.Reject(errBoom) })
		s.step(6)
		return err
	}))
}

func TestCallbackHearsOfATask(t *testing.T) {
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		var heard []error
		note := func(_ struct{}, err error) { heard = append(heard, err) }
		g := guestOf(ctx)
		require.NoError(t, g.Go(fails).Future().OnDone(ctx, note)) // which counts as observing it
		task := guest.Go(ctx, func(ctx context.Context) error { return guest.Sleep(ctx, time.Minute) })
		require.NoError(t, task.Future().OnDone(ctx, note))
		_ = guest.Join(ctx)
		_ = guest.Yield(ctx)
		assert.Equal(t, []error{errBoom, nil}, heard)
		assert.Zero(t, g.Stats().Unobserved)
		return nil
	}))
}

func TestCallbackIsNotCalledWhenItsContextIsDone(t *testing.T) {
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		f := guest.NewFuture[int]()
		window, closeWindow := context.WithCancel(ctx)
		require.NoError(t, f.OnDone(window, func(int, error) { t.Error("the window is gone") }))
		ended := guest.Go(ctx, func(own context.Context) error {
			return f.OnDone(own, func(int, error) { t.Error("the task has ended") })
		})
		_ = ended.Wait(ctx)
		f.Resolve(1)
		closeWindow() // after it was settled, and before the callback
		return guest.Yield(ctx)
	}))
}

func TestPanicInACallbackIsThatOfAPost(t *testing.T) {
	var heard error
	require.NoError(t, virtually(t, &guest.Options{OnError: func(err error) { heard = err }}, func(ctx context.Context) error {
		f := guest.NewFuture[int]()
		s := &story{t: t}
		require.NoError(t, f.OnDone(ctx, func(int, error) { s.step(1); panic(errBoom) }))
		require.NoError(t, f.OnDone(ctx, func(int, error) { s.step(2) }))
		f.Resolve(1)
		return guest.Yield(ctx)
	}))
	require.ErrorIs(t, heard, errBoom)
}

func TestCallbackNeedsAGuestThatLives(t *testing.T) {
	f := guest.NewFuture[int]()
	var gone context.Context
	require.NoError(t, really(nil, func(ctx context.Context) error { gone = ctx; return nil }))
	require.Equal(t, guest.ErrFinished, f.OnDone(gone, func(int, error) {}))
	require.Contains(t, panicOf(func() { _ = f.OnDone(gone, nil) }), "OnDone called with a nil function")
}

func TestDeadCallbacksAreForgotten(t *testing.T) {
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		f, called := guest.NewFuture[int](), 0
		require.NoError(t, f.OnDone(ctx, func(int, error) { called++ }))
		for range 10_000 {
			short, cancel := context.WithCancel(ctx)
			require.NoError(t, f.OnDone(short, func(int, error) { t.Error("called though dead") }))
			cancel()
		}
		f.Resolve(1)
		_ = guest.Yield(ctx)
		assert.Equal(t, 1, called)
		return nil
	}))
}

func TestChainPassesEverythingOn(t *testing.T) {
	source, target := guest.NewFuture[int](), guest.NewFuture[int]()
	source.Chain(target)
	source.Resolve(7)
	v, err := target.Wait(t.Context())
	require.NoError(t, err)
	require.Equal(t, 7, v)

	failed, later := guest.NewFuture[int](), guest.NewFuture[int]()
	failed.Reject(errBoom)
	failed.Chain(later) // settled already
	_, err = later.Wait(t.Context())
	require.Equal(t, errBoom, err)

	cancelled, end := guest.NewFuture[int](), guest.NewFuture[int]()
	cancelled.Chain(end)
	cancelled.Cancel(errBoom)
	_, err = end.Wait(t.Context())
	require.ErrorIs(t, err, context.Canceled)
	require.ErrorIs(t, err, errBoom)
}

func TestChainLeavesAloneWhatIsSettled(t *testing.T) {
	source, target := guest.NewFuture[int](), guest.NewFuture[int]()
	source.Chain(target)
	target.Resolve(1)
	source.Resolve(2)
	v, err := target.Wait(t.Context())
	require.NoError(t, err)
	require.Equal(t, 1, v)
}

func TestChainBeginsAtATaskAndNeverEndsThere(t *testing.T) {
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		source := guest.Async(ctx, func(ctx context.Context) (int, error) { return 7, guest.Sleep(ctx, time.Minute) })
		target := guest.NewFuture[int]()
		source.Chain(target)
		v, err := target.Wait(ctx)
		assert.Equal(t, 7, v)
		assert.Contains(t, panicOf(func() { target.Chain(source) }), "guest: Chain called on a future of Async")
		return err
	}))
}

// A failure that is passed on is no longer the source's: here the scope does not fail with it.
func TestChainObservesWhatItPassesOn(t *testing.T) {
	target := guest.NewFuture[int]()
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		guest.Async(ctx, func(context.Context) (int, error) { return 0, errBoom }).Chain(target)
		return nil
	}))
	_, err := target.Wait(t.Context())
	require.Equal(t, errBoom, err)
}

// A chain that has no effect takes no error.
func TestChainToASettledFutureLeavesTheErrorOfATask(t *testing.T) {
	var heard []error
	opts := &guest.Options{OnError: func(err error) { heard = append(heard, err) }}
	require.NoError(t, virtually(t, opts, func(ctx context.Context) error {
		return guest.Supervise(ctx, func(ctx context.Context) error {
			settled, open := guest.NewFuture[struct{}](), guest.NewFuture[struct{}]()
			settled.Resolve(struct{}{})
			for _, to := range []*guest.Future[struct{}]{settled, open, settled} {
				guest.Go(ctx, func(context.Context) error { return errBoom }).Future().Chain(to)
			}
			_, err := open.Wait(ctx)
			assert.ErrorIs(t, err, errBoom)
			return nil
		})
	}))
	require.Len(t, heard, 2)
}

func TestChainsMayBeLongAndRound(t *testing.T) {
	first := guest.NewFuture[int]()
	last := first
	n := 100_000
	if guest.Raced {
		n /= 10
	}
	for range n {
		next := guest.NewFuture[int]()
		last.Chain(next)
		last = next
	}
	last.Chain(first)
	first.Resolve(7)
	v, err := last.Wait(t.Context())
	require.NoError(t, err)
	require.Equal(t, 7, v)
}

func TestChainsRaceWhatSettlesThem(t *testing.T) {
	for range 200 {
		a, b, target := guest.NewFuture[int](), guest.NewFuture[int](), guest.NewFuture[int]()
		var wg sync.WaitGroup
		wg.Go(func() { a.Resolve(1) })
		wg.Go(func() { a.Chain(target) })
		wg.Go(func() { b.Chain(target) })
		wg.Go(func() { b.Cancel(nil) })
		v, err := target.Wait(t.Context())
		wg.Wait()
		require.True(t, v == 1 || errors.Is(err, context.Canceled))
	}
}

func TestCallbacksRaceTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for range 50 {
			f := guest.NewFuture[int]()
			require.NoError(t, really(nil, func(ctx context.Context) error {
				go func() { _ = f.OnDone(ctx, func(int, error) {}) }()
				go f.Resolve(1)
				return guest.Yield(ctx)
			}))
		}
	})
}

// Callbacks, for what is not a task.
func ExampleFuture_OnDone() {
	_, _ = headless.Run(func(ctx context.Context) (any, error) {
		answer := guest.NewFuture[int]()
		_ = answer.OnDone(ctx, func(v int, err error) { fmt.Println("on the UI thread:", v, err) })
		return guest.Background(ctx, func(context.Context) (any, error) { return answer.Resolve(42), nil })
	}, nil)
	// Output: on the UI thread: 42 <nil>
}

// Whichever of two sources answers first.
func ExampleFuture_Chain() {
	cache, network, answer := guest.NewFuture[string](), guest.NewFuture[string](), guest.NewFuture[string]()
	cache.Chain(answer)
	network.Chain(answer)
	network.Resolve("from the network")
	cache.Resolve("from the cache") // too late
	fmt.Println(answer.Wait(context.Background()))
	// Output: from the network <nil>
}
