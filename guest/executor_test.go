package guest_test

import (
	"context"
	"runtime"
	"sync/atomic"
	"testing"
	"testing/synctest"
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

// TestExecutorWithoutAContextIsNamedOnAGoroutine as in a task.
func TestExecutorWithoutAContextIsNamedOnAGoroutine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, err := guest.Background(flow.WithExecutor(context.Background(), contextless{}), func(context.Context) (int, error) {
			t.Error("it ran")
			return 0, nil
		})
		require.ErrorContains(t, err, "nil context")
	})
}

type contextless struct{}

func (contextless) Execute(_ context.Context, fn func(ctx context.Context)) {
	var none context.Context
	go fn(none)
}
