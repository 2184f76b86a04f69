package guest_test

import (
	"context"
	"errors"
	"runtime"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/hosts/headless"
)

func TestSmoke(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		v, err := headless.Run(func(ctx context.Context) (int, error) {
			f := guest.Async(ctx, func(ctx context.Context) (int, error) {
				if err := guest.Sleep(ctx, time.Hour); err != nil {
					return 0, err
				}
				return guest.Background(ctx, func(ctx context.Context) (int, error) { return 42, nil })
			})
			tctx, cancel := context.WithTimeout(ctx, time.Minute)
			defer cancel()
			err := guest.Sleep(tctx, time.Hour)
			if !errors.Is(err, context.DeadlineExceeded) {
				return 0, errors.New("no timeout")
			}
			ch := make(chan int)
			go func() {
				for i := range 3 {
					ch <- i
				}
				close(ch)
			}()
			sum := 0
			for v := range guest.Each(ctx, ch) {
				sum += v
			}
			v, err := f.Await(ctx)
			return v + sum, err
		}, nil)
		require.NoError(t, err)
		require.Equal(t, 45, v)
		require.Equal(t, time.Hour, time.Since(start))
	})
}

func TestSmokePosts(t *testing.T) {
	n := 0
	_, err := headless.Run(func(ctx context.Context) (int, error) {
		g, _ := guest.FromContext(ctx)
		_, err := guest.Background(ctx, func(ctx context.Context) (int, error) {
			var wg sync.WaitGroup
			for range 8 {
				wg.Go(func() {
					for range 20000 {
						g.Post(func() { n++ })
					}
				})
			}
			wg.Wait()
			return 0, nil
		})
		return 0, err
	}, nil)
	require.NoError(t, err)
	require.Equal(t, 160000, n)
}

func TestSmokeGoexitPanic(t *testing.T) {
	_, err := headless.Run(func(ctx context.Context) (int, error) {
		t1 := guest.Go(ctx, func(ctx context.Context) error { runtime.Goexit(); return nil })
		return 0, t1.Await(ctx)
	}, nil)
	require.ErrorIs(t, err, guest.ErrGoexit)
	_, err = headless.Run(func(ctx context.Context) (int, error) {
		guest.Go(ctx, func(ctx context.Context) error { panic("boom") })
		return 0, guest.Park(ctx)
	}, nil)
	var p *guest.PanicError
	require.ErrorAs(t, err, &p)
}
