package guest_test

import (
	"context"
	"errors"
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

func TestFutureIsSettledOnce(t *testing.T) {
	f, g := guest.NewFuture[int](), guest.NewFuture[int]()
	require.True(t, f.Resolve(1))
	require.False(t, f.Resolve(2))
	require.False(t, f.Reject(errBoom))
	require.True(t, g.Reject(errBoom))
	require.False(t, g.Resolve(1))
	v, err := f.Wait(t.Context())
	require.NoError(t, err)
	require.Equal(t, 1, v)
	_, err = g.Wait(t.Context())
	require.Equal(t, errBoom, err)
	<-f.Done()
	<-g.Done()
}

func TestFutureIsSettledOnceAlsoByMany(t *testing.T) {
	for range 50 {
		f, won := guest.NewFuture[int](), atomic.Int64{}
		var wg sync.WaitGroup
		for i := range 4 {
			wg.Go(func() {
				if f.Resolve(i) {
					won.Store(int64(i))
				}
			})
		}
		v, err := f.Wait(t.Context())
		wg.Wait()
		require.NoError(t, err)
		require.EqualValues(t, won.Load(), v)
	}
}

func TestAnyNumberAwaitAFuture(t *testing.T) {
	s := &story{t: t}
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		f := guest.NewFuture[string]()
		for i := range int32(5) {
			guest.Go(ctx, func(ctx context.Context) error {
				v, err := f.Wait(ctx)
				s.step(2 + i)
				assert.Equal(t, "v", v)
				return err
			})
		}
		var wg sync.WaitGroup
		for range 3 {
			wg.Go(func() {
				v, err := f.Wait(context.Background())
				assert.NoError(t, err)
				assert.Equal(t, "v", v)
			})
		}
		_ = guest.Sleep(ctx, time.Second)
		s.step(1)
		go f.Resolve("v") // any goroutine
		err := guest.Join(ctx)
		s.step(7)
		wg.Wait()
		return err
	}))
}

func TestWaitUnderADoneContextReturnsTheValueWithTheError(t *testing.T) {
	settled := guest.NewFuture[int]()
	settled.Resolve(7)
	t.Run("settled before", func(t *testing.T) {
		require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
			cancelled, cancel := context.WithCancel(ctx)
			cancel()
			v, err := settled.Wait(cancelled)
			assert.ErrorIs(t, err, context.Canceled)
			assert.Equal(t, 7, v)
			return inBackground(ctx, func(ctx context.Context) {
				cancelled, cancel := context.WithCancel(ctx)
				cancel()
				v, err := settled.Wait(cancelled)
				assert.ErrorIs(t, err, context.Canceled)
				assert.Equal(t, 7, v)
			})
		}))
	})
	t.Run("both in one batch", func(t *testing.T) {
		require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
			for _, first := range []string{"cancel", "resolve"} {
				f := guest.NewFuture[int]()
				task := guest.Go(ctx, func(ctx context.Context) error {
					v, err := f.Wait(ctx)
					assert.ErrorIs(t, err, errBoom)
					assert.Equal(t, 7, v)
					return guest.Park(ctx)
				})
				_ = guest.Yield(ctx)
				if first == "cancel" {
					task.Cancel(errBoom)
				}
				f.Resolve(7)
				if first != "cancel" {
					task.Cancel(errBoom)
				}
				assert.ErrorIs(t, task.Wait(ctx), context.Canceled)
			}
			return nil
		}))
	})
	t.Run("failed", func(t *testing.T) {
		require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
			cancelled, cancel := context.WithCancel(ctx)
			cancel()
			failed := guest.NewFuture[int]()
			failed.Reject(errBoom)
			_, err := failed.Wait(cancelled)
			assert.ErrorIs(t, err, context.Canceled)
			assert.ErrorIs(t, err, errBoom, "its error stays inside")
			return nil
		}))
	})
	t.Run("settled while the context was asked", func(t *testing.T) {
		require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
			f := guest.NewFuture[int]()
			v, err := f.Wait(resolving{ctx, func() { f.Resolve(7) }})
			assert.ErrorIs(t, err, context.Canceled)
			assert.Equal(t, 7, v)
			return nil
		}))
	})
}

// A resolving context is found to be done only after something else has happened.
type resolving struct {
	context.Context
	first func()
}

func (r resolving) Err() error { r.first(); return context.Canceled }

func TestAsyncsFutureIsSettledByItsTaskAlone(t *testing.T) {
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		f := guest.Async(ctx, func(ctx context.Context) (int, error) { return 1, guest.Sleep(ctx, time.Second) })
		assert.Contains(t, panicOf(func() { f.Resolve(2) }), "Resolve called on a future of Async")
		assert.Contains(t, panicOf(func() { f.Reject(errBoom) }), "Reject called on a future of Async")
		v, err := f.Wait(ctx)
		assert.Equal(t, 1, v)
		return err
	}))
}

func TestFutureRefusesNonsense(t *testing.T) {
	require.Contains(t, panicOf(func() { guest.NewFuture[int]().Reject(nil) }), "nil error")
	require.Contains(t, panicOf(func() { new(guest.Future[int]).Resolve(1) }), "NewFuture")
	require.Contains(t, panicOf(func() { new(guest.Future[int]).Reject(errBoom) }), "NewFuture")
	var none *guest.PanicError
	require.Equal(t, "guest: Reject called with a nil *guest.PanicError in an error; use Resolve",
		panicOf(func() { guest.NewFuture[int]().Reject(none) }))
}

func TestZeroFutureNamesTheRemedy(t *testing.T) {
	var f guest.Future[int]
	bg := context.Background()
	for verb, call := range map[string]func(){
		"Done":     func() { f.Done() },
		"Wait":     func() { _, _ = f.Wait(bg) },
		"Cancel":   func() { f.Cancel(nil) },
		"OnCancel": func() { _ = f.OnCancel(bg, func(error) {}) },
		"OnDone":   func() { _ = f.OnDone(bg, func(int, error) {}) },
		"Chain":    func() { f.Chain(guest.NewFuture[int]()) },

		"AsCompleted, All or First": func() { _, _ = guest.All(bg, &f) },
	} {
		require.Equal(t, "guest: "+verb+" called on a zero Future; make one with NewFuture", panicOf(call))
	}
	require.Contains(t, panicOf(func() { guest.NewFuture[int]().Chain(&f) }), "zero Future")
	var none *guest.Future[int]
	require.Contains(t, panicOf(func() { none.Done() }), "zero Future")
	require.Equal(t, "guest: AsCompleted called on a nil Task; pass what Go returned", panicOf(func() {
		for range guest.AsCompleted(bg, (*guest.Task)(nil)) {
			t.Error("there is none")
		}
	}))
}

func TestAsyncMayReturnAValueAndAnError(t *testing.T) {
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		f := guest.Async(ctx, func(context.Context) (int, error) { return 7, errBoom })
		v, err := f.Wait(ctx)
		assert.Equal(t, 7, v)
		assert.Equal(t, errBoom, err)
		return nil
	}))
}

func TestFutureIsAwaitedByTasksOfTwoGuests(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, over := guest.NewFuture[int](), make(chan int, 2)
		for range 2 {
			go func() {
				v, err := headless.Run(f.Wait, nil)
				assert.NoError(t, err)
				over <- v
			}()
		}
		synctest.Wait()
		f.Resolve(7)
		require.Equal(t, 14, <-over+<-over)
	})
}

func TestResolveRacesCancel(t *testing.T) {
	require.NoError(t, really(nil, func(ctx context.Context) error {
		for range 300 {
			f := guest.NewFuture[int]()
			derived, cancel := context.WithCancel(ctx)
			// in this order, so that nobody may see the second alone
			go func() { f.Resolve(7); cancel() }()
			v, err := f.Wait(derived)
			assert.True(t, err == nil || errors.Is(err, context.Canceled))
			assert.Equal(t, 7, v)
		}
		return nil
	}))
}

func TestResultReadsWithoutWaiting(t *testing.T) {
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		f := guest.NewFuture[int]()
		_, ok, err := f.Result()
		assert.False(t, ok)
		assert.NoError(t, err)
		f.Resolve(7)
		done := false
		assert.NoError(t, guestOf(ctx).Post(func() { // in a handler, too
			v, ok, err := f.Result()
			assert.Equal(t, 7, v)
			assert.True(t, ok)
			assert.NoError(t, err)
			done = true
		}))
		failed := guest.NewFuture[int]()
		failed.Reject(errBoom)
		_, ok, err = failed.Result()
		assert.True(t, ok)
		assert.Equal(t, errBoom, err)
		assert.NoError(t, guest.Yield(ctx))
		assert.True(t, done)
		return nil
	}))
}
