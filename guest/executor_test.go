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

// A late executor runs what it has been given when it is told to.
type late struct{ given chan func() }

func (e late) Execute(ctx context.Context, fn func(ctx context.Context)) {
	e.given <- func() { fn(ctx) }
}

// Also when its caller has not heard of the cancellation yet: in a pool, the end of another
// cancelled function may make room just then.
func TestFunctionWhoseContextIsDoneNeverBegins(t *testing.T) {
	never := func(context.Context) (int, error) { t.Error("it has begun"); return 0, nil }
	for name, start := range map[string]func(ctx context.Context) error{
		"Background": func(ctx context.Context) error { _, err := guest.Background(ctx, never); return err },
		"Submit": func(ctx context.Context) error {
			_, err := guest.Submit(ctx, never).Wait(context.WithoutCancel(ctx))
			return err
		},
		"Background on a goroutine": func(ctx context.Context) error {
			own := flow.WithExecutor(ctx, onGoroutines{})
			return guest.BackgroundFunc(own, func(own context.Context) error {
				_, err := guest.Background(flow.WithExecutor(own, guest.Executor(ctx.Value(&lateKey).(late))), never)
				return err
			})
		},
	} {
		t.Run(name, func(t *testing.T) {
			require.NoError(t, virtually(t, quiet(), func(ctx context.Context) error {
				e := late{make(chan func(), 1)}
				ctx, cancel := context.WithCancel(flow.WithExecutor(context.WithValue(ctx, &lateKey, e), e))
				defer cancel()
				guest.Go(context.WithoutCancel(ctx), func(ctx context.Context) error {
					return guest.Modal(ctx, func() { // no task goes on meanwhile
						run := <-e.given
						cancel()
						done := make(chan bool)
						go func() { defer close(done); run() }()
						<-done
					})
				})
				assert.ErrorIs(t, start(ctx), guest.ErrNotBegun)
				return nil
			}))
		})
	}
}

var lateKey byte

// A lateExecutor begins each function at once, but only after it has called late.
type lateExecutor struct{ late func() }

func (e lateExecutor) Execute(ctx context.Context, fn func(ctx context.Context)) {
	e.late()
	fn(ctx)
}

// On a goroutine as in a task, a function does not begin once its context is done, although the
// executor is ready for it and its caller has not withdrawn it yet.
func TestBackgroundElsewhereDoesNotBeginWhenItsContextIsDone(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	err := inBackground(flow.WithExecutor(ctx, lateExecutor{cancel}), func(context.Context) { t.Error("it runs") })
	require.ErrorIs(t, err, context.Canceled)
	require.ErrorIs(t, err, guest.ErrNotBegun)
}
