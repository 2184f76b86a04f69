package guest_test

import (
	"context"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/flow"
)

func TestPoolKeepsItsOrderAndItsLimit(t *testing.T) {
	s := &story{t: t}
	var now, most atomic.Int32
	opts := quiet()
	opts.Executor = flow.NewPool(2)
	require.NoError(t, virtually(t, opts, func(ctx context.Context) error {
		start := time.Now()
		err := guest.Scope(ctx, func(ctx context.Context) error {
			for i := range int32(20) {
				guest.Go(ctx, func(ctx context.Context) error {
					return inBackground(ctx, func(context.Context) {
						most.Store(max(most.Load(), now.Add(1)))
						time.Sleep(time.Duration(i) * time.Microsecond) // to tell the two apart
						s.step(i + 1)
						time.Sleep(time.Second)
						now.Add(-1)
					})
				})
			}
			return nil
		})
		assert.Equal(t, 10*time.Second, time.Since(start).Truncate(time.Second))
		return err
	}))
	require.EqualValues(t, 2, most.Load())
}

func TestPoolOfNoWorkersKeepsOneCoreForTheUI(t *testing.T) {
	var now, most atomic.Int32
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		ctx = flow.WithExecutor(ctx, flow.NewPool(0))
		return guest.Scope(ctx, func(ctx context.Context) error {
			for range 50 {
				guest.Go(ctx, func(ctx context.Context) error {
					return inBackground(ctx, func(context.Context) {
						for n := now.Add(1); ; {
							if m := most.Load(); n <= m || most.CompareAndSwap(m, n) {
								break
							}
						}
						time.Sleep(time.Second)
						now.Add(-1)
					})
				})
			}
			return nil
		})
	}))
	require.EqualValues(t, max(1, runtime.GOMAXPROCS(0)-1), most.Load())
}

func TestPoolsFunctionLendsItsPlaceInCallOnMain(t *testing.T) {
	s := &story{t: t}
	opts := quiet()
	opts.Executor = flow.NewPool(1)
	require.NoError(t, virtually(t, opts, func(ctx context.Context) error {
		guest.Go(ctx, func(ctx context.Context) error {
			return inBackground(ctx, func(ctx context.Context) {
				s.step(1)
				_, err := guest.CallOnMain(ctx, func(ctx context.Context) (int, error) {
					// It waits for the second, which needs the place.
					return 0, guest.Sleep(ctx, time.Minute)
				})
				assert.NoError(t, err)
				s.step(4) // it has its place again
			})
		})
		guest.Go(ctx, func(ctx context.Context) error {
			return inBackground(ctx, func(context.Context) {
				s.step(2)
				time.Sleep(time.Hour) // keeps it longer than the first would like
				s.step(3)
			})
		})
		return nil
	}))
}

func TestOnlyAPoolsFunctionLendsAPlace(t *testing.T) {
	var now, most atomic.Int32
	busy := func(context.Context) {
		most.Store(max(most.Load(), now.Add(1)))
		time.Sleep(time.Second)
		now.Add(-1)
	}
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		pooled := flow.WithExecutor(ctx, flow.NewPool(1))
		for range 3 {
			guest.Go(ctx, func(context.Context) error { return inBackground(pooled, busy) })
		}
		return inBackground(pooled, func(fromPool context.Context) {
			guest.Go(fromPool, func(ctx context.Context) error {
				// A task that a pool's function has started has no place to lend, and neither
				// have its goroutines.
				go func() {
					for range 5 {
						_, _ = guest.CallOnMain(ctx, func(context.Context) (int, error) { return 0, nil })
					}
				}()
				return guest.Sleep(ctx, time.Minute)
			})
		})
	}))
	require.EqualValues(t, 1, most.Load())
}

func TestContextsExecutorComesBeforeTheGuests(t *testing.T) {
	var used []string
	opts := quiet()
	opts.Executor = named{"guest", &used}
	require.NoError(t, virtually(t, opts, func(ctx context.Context) error {
		_ = inBackground(ctx, func(context.Context) {})
		ctx = flow.WithExecutor(ctx, named{"context", &used})
		_ = inBackground(ctx, func(context.Context) {})
		return guest.Go(ctx, func(ctx context.Context) error { return inBackground(ctx, func(context.Context) {}) }).Wait(ctx)
	}))
	require.Equal(t, []string{"guest", "context", "context"}, used)
	require.Contains(t, panicOf(func() { flow.WithExecutor(t.Context(), nil) }), "nil executor")
}

// A named executor says when it is used.
type named struct {
	name string
	used *[]string
}

func (e named) Execute(ctx context.Context, fn func(ctx context.Context)) {
	*e.used = append(*e.used, e.name)
	go fn(ctx)
}

func TestZeroPoolIsReadyForUse(t *testing.T) {
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		return inBackground(flow.WithExecutor(ctx, new(flow.Pool)), func(context.Context) {})
	}))
}

func TestFunctionThatWaitsForATaskLendsItsPlaceInThePool(t *testing.T) {
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		ctx = flow.WithExecutor(ctx, flow.NewPool(1))
		_, err := guest.Background(ctx, func(ctx context.Context) (int, error) {
			return guest.Async(ctx, func(ctx context.Context) (int, error) {
				return guest.Background(ctx, func(context.Context) (int, error) { return 1, nil })
			}).Wait(ctx)
		})
		return err
	}))
}

// A wait for what has happened already gives no place away: another could take it for good.
func TestSettledWaitKeepsItsPlaceInThePool(t *testing.T) {
	require.NoError(t, really(&guest.Options{Executor: flow.NewPool(1)}, func(ctx context.Context) error {
		settled := guest.NewFuture[int]()
		settled.Resolve(1)
		var now, most atomic.Int32
		for range 10 {
			guest.Go(ctx, func(ctx context.Context) error {
				return inBackground(ctx, func(ctx context.Context) {
					most.Store(max(most.Load(), now.Add(1)))
					for range 100 {
						_, err := settled.Wait(ctx)
						assert.NoError(t, err)
					}
					now.Add(-1)
				})
			})
		}
		err := guest.Join(ctx)
		assert.EqualValues(t, 1, most.Load())
		return err
	}))
}
