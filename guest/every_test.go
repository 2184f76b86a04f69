package guest_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/hosts/headless"
)

// starts runs fn every second until it has started so many times, and returns when, in seconds.
func starts(t *testing.T, times int, opts *guest.EveryOptions, fn func(ctx context.Context, nth int) error) (at []float64) {
	t.Helper()
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		began := time.Now()
		var task *guest.Task
		task = guest.Every(ctx, time.Second, func(ctx context.Context) error {
			at = append(at, time.Since(began).Seconds())
			if len(at) == times {
				task.Cancel(nil)
			}
			return fn(ctx, len(at))
		}, opts)
		assert.ErrorIs(t, task.Wait(ctx), context.Canceled)
		return nil
	}))
	return at
}

func quick(context.Context, int) error { return nil }

// takes is a run of so many seconds.
func takes(seconds float64) func(ctx context.Context, nth int) error {
	return func(ctx context.Context, _ int) error {
		return guest.Sleep(ctx, time.Duration(seconds*float64(time.Second)))
	}
}

func TestEveryKeepsItsRate(t *testing.T) {
	require.Equal(t, []float64{1, 2, 3}, starts(t, 3, nil, quick))
	require.Equal(t, []float64{0, 1, 2}, starts(t, 3, &guest.EveryOptions{Now: true}, quick))
	require.Equal(t, []float64{1, 2, 3}, starts(t, 3, nil, takes(0.7)), "from start to start")
}

func TestEveryKeepsItsDelay(t *testing.T) {
	require.Equal(t, []float64{1, 2.5, 4}, starts(t, 3, &guest.EveryOptions{AfterEnd: true}, takes(0.5)), "from end to start")
	require.Equal(t, []float64{0, 3, 6}, starts(t, 3, &guest.EveryOptions{AfterEnd: true, Now: true}, takes(2)))
}

func TestRunsNeverPileUp(t *testing.T) {
	require.Equal(t, []float64{1, 2.5, 4, 5.5}, starts(t, 4, nil, takes(1.5)), "lostAfter, so at once, and never two")
}

// TestOverdueRunIsMadeUpForOnce: the process was stopped, or the UI thread was held, for long.
func TestOverdueRunIsMadeUpForOnce(t *testing.T) {
	at := starts(t, 5, nil, func(_ context.Context, nth int) error {
		if nth == 2 {
			time.Sleep(4500 * time.Millisecond) // the UI thread itself
		}
		return nil
	})
	require.Equal(t, []float64{1, 2, 6.5, 7, 8}, at, "once for 3 to 6, and then in the old rhythm")
}

func TestJitterDelaysAndDoesNotDrift(t *testing.T) {
	opts := func() *guest.EveryOptions {
		return &guest.EveryOptions{Jitter: 500 * time.Millisecond, Rand: rand.New(rand.NewPCG(1, 2))}
	}
	at := starts(t, 100, opts(), quick)
	different := map[float64]bool{}
	for i, when := range at {
		late := when - float64(i+1)
		require.True(t, late >= 0 && late < 0.5, when)
		different[late] = true
	}
	require.Greater(t, len(different), 90)
	require.Equal(t, at, starts(t, 100, opts(), quick), "the same seed, the same times")
	require.Len(t, starts(t, 10, &guest.EveryOptions{Jitter: time.Second}, quick), 10)
}

// A source is a source of random numbers that calls a function first.
type source func()

func (s source) Uint64() uint64 { s(); return rand.Uint64() }

// The same rule as for a panic in fn: it is the error of the task, and no more.
func TestPanicOrGoexitInTheSourceOfJitterEndsEvery(t *testing.T) {
	for kind, harm := range map[string]func(){"panic": func() { panic(errBoom) }, "Goexit": runtime.Goexit} {
		want := map[string]error{"panic": errBoom, "Goexit": guest.ErrGoexit}[kind]
		for nth := range 3 { // before the first run, and after a run
			for _, opts := range []guest.EveryOptions{{}, {Now: true}, {AfterEnd: true}} {
				var heard []error
				silent := quiet()
				silent.OnError = func(err error) { heard = append(heard, err) }
				require.NoError(t, virtually(t, silent, func(ctx context.Context) error {
					runs, drawn := 0, 0
					opts.Jitter, opts.Rand = time.Second, rand.New(source(func() {
						if drawn++; drawn > nth {
							harm()
						}
					}))
					every := func(ctx context.Context) *guest.Task {
						runs, drawn = 0, 0
						return guest.Every(ctx, time.Second, func(context.Context) error { runs++; return nil }, &opts)
					}
					err := guest.Supervise(ctx, func(ctx context.Context) error { return every(ctx).Wait(ctx) })
					assert.ErrorIs(t, err, want)
					var p *guest.PanicError
					assert.Equal(t, kind == "panic", errors.As(err, &p))
					assert.Equal(t, nth, runs)

					assert.ErrorIs(t, guest.Scope(ctx, func(ctx context.Context) error { every(ctx); return guest.Park(ctx) }), want)
					assert.Empty(t, heard)
					_ = guest.Supervise(ctx, func(ctx context.Context) error { every(ctx); return nil })
					assert.Len(t, heard, 1)
					return guest.Sleep(ctx, time.Minute) // the guest goes on
				}))
			}
		}
	}
}

// A source that cancels its task is no reason to wait for a period.
func TestEveryThatIsCancelledByItsSourceEndsAtOnce(t *testing.T) {
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		var every *guest.Task
		random := rand.New(source(func() { every.Cancel(errBoom) }))
		began := time.Now()
		every = guest.Every(ctx, time.Hour, park, &guest.EveryOptions{Jitter: time.Second, Rand: random})
		err := every.Wait(ctx)
		assert.ErrorIs(t, err, errBoom)
		assert.ErrorIs(t, err, guest.ErrNotBegun)
		assert.Zero(t, time.Since(began))
		return nil
	}))
}

func TestErrorEndsEvery(t *testing.T) {
	runs := 0
	require.Equal(t, errBoom, virtually(t, nil, func(ctx context.Context) error {
		guest.Every(ctx, time.Second, func(context.Context) error {
			if runs++; runs == 3 {
				return errBoom
			}
			return nil
		}, nil)
		return guest.Join(ctx)
	}))
	require.Equal(t, 3, runs)
}

func TestEveryRefusesWhatMakesNoSense(t *testing.T) {
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		assert.Contains(t, panicOf(func() { guest.Every(ctx, 0, park, nil) }), "guest: Every called with a period of 0s")
		assert.Contains(t, panicOf(func() { guest.Every(ctx, 1, nil, nil) }), "Every called with a nil function")
		return nil
	}))
}

// The time has come in the same batch as the cancellation, and that was first.
func TestNothingBeginsAfterCancel(t *testing.T) {
	for name, cancel := range map[string]func(g *guest.Guest, parent, task *guest.Task){
		"of the task":      func(_ *guest.Guest, _, task *guest.Task) { task.Cancel(nil) },
		"of its parent":    func(_ *guest.Guest, parent, _ *guest.Task) { parent.Cancel(nil) },
		"of the guest":     func(g *guest.Guest, _, _ *guest.Task) { g.Cancel(nil) },
		"from a goroutine": func(_ *guest.Guest, _, task *guest.Task) { elsewhere(func() { task.Cancel(nil) }) },
	} {
		for what, start := range map[string]func(ctx context.Context, fn func(context.Context) error) *guest.Task{
			"Every": func(ctx context.Context, fn func(context.Context) error) *guest.Task {
				return guest.Every(ctx, time.Second, fn, nil)
			},
			"After": func(ctx context.Context, fn func(context.Context) error) *guest.Task {
				return guest.After(ctx, 5*time.Second, fn)
			},
		} {
			closed := false
			_ = virtually(t, nil, func(ctx context.Context) error {
				var parent, task *guest.Task
				guest.After(ctx, 5*time.Second, func(ctx context.Context) error {
					closed = true
					cancel(guestOf(ctx), parent, task)
					return nil
				})
				parent = guest.Go(ctx, func(ctx context.Context) error {
					task = start(ctx, func(context.Context) error { assert.False(t, closed, "%s: %s", what, name); return nil })
					return nil
				})
				_ = parent.Wait(context.WithoutCancel(ctx))
				assert.ErrorIs(t, task.Err(), context.Canceled)
				return nil
			})
			require.True(t, closed, name)
		}
	}
}

// A cancellation that is on its way to somebody else holds nothing up.
func TestWhatIsShieldedFromACancellationBeginsAllTheSame(t *testing.T) {
	ran := time.Duration(0)
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		began := time.Now()
		var parent *guest.Task
		guest.After(ctx, time.Second, func(context.Context) error { parent.Cancel(nil); return nil })
		parent = guest.Go(ctx, func(ctx context.Context) error {
			return guest.After(context.WithoutCancel(ctx), time.Second, func(context.Context) error { ran = time.Since(began); return nil }).
				Wait(context.WithoutCancel(ctx))
		})
		_ = parent.Wait(ctx)
		return nil
	}))
	require.Equal(t, time.Second, ran)
}

// elsewhere calls fn on a goroutine of its own.
func elsewhere(fn func()) {
	done := make(chan struct{})
	go func() { defer close(done); fn() }()
	<-done
}

func TestLongestPeriodWithJitterIsNoBusyLoop(t *testing.T) {
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		runs := 0
		task := guest.Every(ctx, math.MaxInt64, func(context.Context) error { runs++; return nil }, &guest.EveryOptions{Jitter: math.MaxInt64})
		assert.NoError(t, guest.Sleep(ctx, 24*time.Hour))
		task.Cancel(nil)
		assert.ErrorIs(t, task.Wait(ctx), context.Canceled)
		assert.Zero(t, runs)
		return nil
	}))
}

func TestEveryEndsWithItsScope(t *testing.T) {
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		runs := 0
		short, cancel := context.WithTimeout(ctx, 10*time.Second)
		defer cancel()
		task := guest.Every(short, time.Second, func(context.Context) error { runs++; return nil }, nil)
		assert.ErrorIs(t, task.Wait(ctx), context.DeadlineExceeded)
		assert.InDelta(t, 9.5, runs, 0.6)
		return nil
	}))
}

// A clock on the screen.
func ExampleEvery() {
	_, _ = headless.Run(func(ctx context.Context) (any, error) {
		n := 0
		clock := guest.Every(ctx, time.Millisecond, func(context.Context) error {
			n++
			fmt.Println("tick", n)
			return nil
		}, &guest.EveryOptions{Now: true})
		for n < 3 {
			_ = guest.Sleep(ctx, time.Millisecond)
		}
		clock.Cancel(nil)
		return nil, nil
	}, nil)
	// Output:
	// tick 1
	// tick 2
	// tick 3
}

// TestEveryThatIsCancelledInARunEndsWithTheRun, and not a period later.
func TestEveryThatIsCancelledInARunEndsWithTheRun(t *testing.T) {
	for _, opts := range []*guest.EveryOptions{nil, {AfterEnd: true}, {Now: true}} {
		require.NoError(t, virtually(t, quiet(), func(ctx context.Context) error {
			var every *guest.Task
			var at time.Time
			every = guest.Every(ctx, time.Hour, func(context.Context) error {
				every.Cancel(errBoom)
				at = time.Now()
				return nil
			}, opts)
			assert.ErrorIs(t, every.Wait(ctx), errBoom)
			assert.Zero(t, time.Since(at))
			return nil
		}))
	}
}
