package guest_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/hosts/headless"
)

func TestCancellingAFutureWithoutAProducerSettlesIt(t *testing.T) {
	f := guest.NewFuture[int]()
	f.Cancel(errBoom)
	f.Cancel(nil)
	_, err := f.Wait(t.Context())
	require.ErrorIs(t, err, context.Canceled)
	require.ErrorIs(t, err, errBoom)
	require.False(t, f.Resolve(1))

	settled := guest.NewFuture[int]()
	settled.Resolve(1)
	settled.Cancel(nil)
	v, err := settled.Wait(t.Context())
	require.NoError(t, err)
	require.Equal(t, 1, v)
	require.Contains(t, panicOf(func() { new(guest.Future[int]).Cancel(nil) }), "guest: Cancel called on a zero Future")
}

func TestCancellingAnAsyncCancelsItsTask(t *testing.T) {
	s := &story{t: t}
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		f := guest.Async(ctx, func(ctx context.Context) (int, error) {
			err := guest.Park(ctx)
			s.step(2)
			return 0, err
		})
		_ = guest.Yield(ctx)
		f.Cancel(errBoom)
		s.step(1)
		_, err := f.Wait(ctx)
		s.step(3)
		assert.ErrorIs(t, err, errBoom)
		assert.Contains(t, panicOf(func() { _ = f.OnCancel(ctx, func(error) {}) }), "guest: OnCancel called on a future of Async")
		return nil
	}))
}

func TestProducerIsAskedToStopAndAnswers(t *testing.T) {
	s := &story{t: t}
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		f := guest.NewFuture[int]()
		work, stop := context.WithCancelCause(ctx)
		require.NoError(t, f.OnCancel(ctx, stop))
		go func() {
			<-work.Done()
			time.Sleep(time.Minute) // it takes its time
			s.step(2)
			f.Reject(context.Cause(work))
		}()
		go f.Cancel(errBoom) // any goroutine
		_ = guest.Sleep(ctx, time.Second)
		s.step(1)
		_, err := f.Wait(ctx)
		s.step(3)
		assert.Equal(t, errBoom, err)
		return nil
	}))
}

func TestProducerIsAskedOnceOnTheUIThreadAndNeverAtOnce(t *testing.T) {
	s := &story{t: t}
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		f := guest.NewFuture[int]()
		require.NoError(t, f.OnCancel(ctx, func(cause error) { s.step(3); assert.Equal(t, errBoom, cause) }))
		f.Cancel(errBoom)
		s.step(1)
		f.Cancel(nil)
		// asked already
		require.NoError(t, f.OnCancel(ctx, func(cause error) { s.step(4); f.Reject(cause) }))
		s.step(2)
		_, err := f.Wait(ctx)
		s.step(5)
		assert.Equal(t, errBoom, err)

		settled := guest.NewFuture[int]()
		require.NoError(t, settled.OnCancel(ctx, func(error) { t.Error("asked though settled") }))
		settled.Resolve(1)
		settled.Cancel(nil)
		return guest.Yield(ctx)
	}))
}

func TestProducerWhoseGuestHasEndedNeedNotAnswer(t *testing.T) {
	f := guest.NewFuture[int]()
	require.NoError(t, really(nil, func(ctx context.Context) error {
		return f.OnCancel(ctx, func(error) { t.Error("called after the end") })
	}))
	f.Cancel(errBoom)
	_, err := f.Wait(t.Context())
	require.ErrorIs(t, err, errBoom)
}

func TestCancelRacesResolve(t *testing.T) {
	require.NoError(t, really(nil, func(ctx context.Context) error {
		for range 300 {
			f := guest.NewFuture[int]()
			var wg sync.WaitGroup
			wg.Go(func() { f.Cancel(errBoom) })
			wg.Go(func() { _ = f.OnCancel(ctx, func(cause error) { f.Reject(cause) }) })
			wg.Go(func() { f.Resolve(7) })
			if v, err := f.Wait(ctx); err != nil {
				assert.ErrorIs(t, err, errBoom)
			} else {
				assert.Equal(t, 7, v)
			}
			wg.Wait()
		}
		return nil
	}))
}

// What asks may give up: whoever answers is told, here by hiding what it asks with.
func ExampleFuture_OnCancel() {
	_, _ = headless.Run(func(ctx context.Context) (any, error) {
		answer := guest.NewFuture[string]()
		_ = answer.OnCancel(ctx, func(cause error) {
			fmt.Println("the dialog is hidden:", cause)
			answer.Reject(cause)
		})
		answer.Cancel(guest.ErrQuit)
		_, err := answer.Wait(ctx)
		fmt.Println(err)
		return nil, nil
	}, nil)
	// Output:
	// the dialog is hidden: guest: quit
	// guest: quit
}

func TestPanicOfWhoIsAskedToStopSettlesTheFuture(t *testing.T) {
	var heard error
	require.NoError(t, really(&guest.Options{OnError: func(err error) { heard = err }}, func(ctx context.Context) error {
		f := guest.NewFuture[int]()
		require.NoError(t, f.OnCancel(ctx, func(error) { panic("producer") }))
		f.Cancel(nil)
		_, err := f.Wait(ctx)
		var p *guest.PanicError
		require.ErrorAs(t, err, &p)
		require.NoError(t, guest.Yield(ctx))
		require.ErrorAs(t, heard, &p)
		return nil
	}))
}

func TestSettledFutureAsksNobodyToStop(t *testing.T) {
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		f := guest.NewFuture[int]()
		f.Resolve(1)
		require.NoError(t, f.OnCancel(ctx, func(error) { t.Error("asked") }))
		f.Cancel(nil)
		require.NoError(t, f.OnCancel(ctx, func(error) { t.Error("asked") }))
		return guest.Sleep(ctx, time.Second)
	}))
}
