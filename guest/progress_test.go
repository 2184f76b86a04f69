package guest_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/flow"
	"github.com/golodger/lodger/hosts/headless"
)

func TestNewestValueWins(t *testing.T) {
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		var seen []int
		p := flow.NewProgress(ctx, func(v int) { seen = append(seen, v) })
		p.Report(1)
		p.Report(2)
		assert.Empty(t, seen, "nothing runs at once")
		_ = guest.Sleep(ctx, time.Second)
		p.Report(3)
		p.Report(4)
		err := guest.Sleep(ctx, time.Second)
		assert.Equal(t, []int{2, 4}, seen)
		return err
	}))
}

// The host counts its calls of the guest: each begins a turn.
func TestProgressIsDeliveredOnceInATurnAtTheMost(t *testing.T) {
	h, deliveries, last := newTestHost(t), int64(0), 0
	_, err := guest.Run(h, func(ctx context.Context) (any, error) {
		// so that turns are long, and have many batches
		busy := guest.Go(ctx, func(ctx context.Context) error {
			for guest.Yield(ctx) == nil {
			}
			return nil
		})
		defer busy.Cancel(nil)
		p := flow.NewProgress(ctx, func(v int) { deliveries++; last = v })
		return nil, inBackground(ctx, func(context.Context) {
			for i := range 100_000 {
				p.Report(i)
			}
		})
	}, nil)
	require.NoError(t, err)
	require.Equal(t, 99_999, last)
	require.LessOrEqual(t, deliveries, h.Asked.Load())
}

func TestReportFromItsOwnCallbackIsForTheNextTurn(t *testing.T) {
	h := newTestHost(t)
	_, err := guest.Run(h, func(ctx context.Context) (any, error) {
		var p *flow.Progress[int]
		before := h.Asked.Load()
		p = flow.NewProgress(ctx, func(v int) {
			assert.LessOrEqual(t, int64(v), h.Asked.Load()-before)
			if v < 10 {
				p.Report(v + 1)
			} else {
				guestOf(ctx).Cancel(nil)
			}
		})
		p.Report(0)
		return nil, guest.Park(ctx)
	}, nil)
	require.ErrorIs(t, err, guest.ErrQuit)
}

// TestLastValueIsDeliveredBeforeTheResult, whoever it belongs to, also when the turn has had
// its delivery.
func TestLastValueIsDeliveredBeforeTheResult(t *testing.T) {
	for _, test := range []struct {
		rounds int
		spin   bool // long turns; with one processor they hold the goroutines up
		budget time.Duration
	}{{100, false, 0}, {10, true, 0}, {100, false, 1}, {10, true, 50 * time.Microsecond}} {
		require.NoError(t, really(&guest.Options{Budget: test.budget}, func(ctx context.Context) error {
			if test.spin {
				busy := guest.Go(ctx, func(ctx context.Context) error {
					for guest.Yield(ctx) == nil {
					}
					return nil
				})
				defer busy.Cancel(nil)
			}
			for range test.rounds {
				outer, inner, own := 0, 0, 0
				mine := flow.NewProgress(ctx, func(v int) { outer = v })
				err := inBackground(ctx, func(ctx context.Context) {
					p := flow.NewProgress(ctx, func(v int) { inner = v })
					for i := range 50 {
						mine.Report(i)
						p.Report(i)
						if i%10 == 0 {
							runtime.Gosched()
						}
					}
				})
				assert.NoError(t, err)
				assert.Equal(t, 49, outer)
				assert.Equal(t, 49, inner)
				_ = guest.Go(ctx, func(ctx context.Context) error {
					p := flow.NewProgress(ctx, func(v int) { own = v })
					for i := range 3 {
						p.Report(i)
						_ = guest.Yield(ctx)
					}
					p.Report(99)
					return nil
				}).Wait(ctx)
				assert.Equal(t, 99, own)
			}
			return nil
		}))
	}
}

// The turn is over after the last delivery was postponed, and before the task goes on that
// waits for it.
func TestLastValueComesBeforeTheResultAlsoWhenTheTurnEndsBetween(t *testing.T) {
	require.NoError(t, virtually(t, &guest.Options{Budget: 10 * time.Millisecond}, func(ctx context.Context) error {
		last, first := 0, make(chan struct{})
		p := flow.NewProgress(ctx, func(v int) {
			if last = v; v == 1 {
				close(first)
				time.Sleep(time.Millisecond) // until the function has returned
			}
		})
		err := inBackground(ctx, func(context.Context) {
			p.Report(1)
			<-first
			p.Report(2)
			for range 5 { // the clock is not read after each
				assert.NoError(t, guestOf(ctx).Post(func() { time.Sleep(20 * time.Millisecond) }))
			}
		})
		assert.Equal(t, 2, last)
		return err
	}))
}

// The result goes first, since the guest itself has used its half of the turn, and steps back for
// what it has overtaken; meanwhile the turn ends, and in the next one the guest goes first.
func TestLastValueComesBeforeAResultThatHadGoneFirst(t *testing.T) {
	require.NoError(t, virtually(t, &guest.Options{Budget: 10 * time.Millisecond}, func(ctx context.Context) error {
		last, first := 0, make(chan struct{})
		busy := guest.Go(ctx, func(ctx context.Context) error {
			for guest.Yield(ctx) == nil {
				if last == 0 {
					time.Sleep(6 * time.Millisecond)
				}
			}
			return nil
		})
		defer busy.Cancel(nil)
		p := flow.NewProgress(ctx, func(v int) {
			if last = v; v == 1 {
				close(first)
				time.Sleep(time.Millisecond) // until the function has returned
			}
		})
		err := inBackground(ctx, func(context.Context) {
			time.Sleep(15 * time.Millisecond) // in the first half of a turn
			p.Report(1)
			<-first
			p.Report(2)
			time.AfterFunc(time.Microsecond, func() {
				assert.NoError(t, guestOf(ctx).Post(func() { time.Sleep(6 * time.Millisecond) }))
			})
		})
		assert.Equal(t, 2, last)
		return err
	}))
}

// strays are goroutines that report for ever, whatever happens to what they work for.
func strays(t *testing.T) (begin func(p *flow.Progress[int])) {
	var stop atomic.Bool
	var wg sync.WaitGroup
	t.Cleanup(func() { stop.Store(true); wg.Wait() })
	return func(p *flow.Progress[int]) {
		wg.Go(func() {
			for i := 0; !stop.Load(); i++ {
				p.Report(i)
				time.Sleep(time.Microsecond)
			}
		})
	}
}

func TestNoProgressComesAfterTheResult(t *testing.T) {
	astray := strays(t)
	require.NoError(t, really(nil, func(ctx context.Context) error {
		for range 20 {
			over := false
			deliver := func(int) { assert.False(t, over, "of a background function") }
			err := inBackground(ctx, func(ctx context.Context) { astray(flow.NewProgress(ctx, deliver)) })
			over = true
			assert.NoError(t, err)

			ended := false
			_ = guest.Go(ctx, func(ctx context.Context) error {
				astray(flow.NewProgress(ctx, func(int) { assert.False(t, ended, "of a task") }))
				return guest.Sleep(ctx, time.Millisecond)
			}).Wait(ctx)
			ended = true
			_ = guest.Sleep(ctx, time.Millisecond)
		}
		return nil
	}))
}

// TestLastValueComesBeforeAGoroutineThatWaitsGoesOn, which does not stand in the queue of the
// UI thread, as tasks do.
func TestLastValueComesBeforeAGoroutineThatWaitsGoesOn(t *testing.T) {
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		// between the report and its delivery
		busy := guest.Go(ctx, func(ctx context.Context) error {
			for guest.Yield(ctx) == nil {
				time.Sleep(time.Millisecond)
			}
			return nil
		})
		err := inBackground(ctx, func(ctx context.Context) {
			for range 10 {
				var last atomic.Int32
				err := guest.Go(ctx, func(ctx context.Context) error {
					var p *flow.Progress[int32]
					p = flow.NewProgress(ctx, func(v int32) {
						last.Store(v)
						p.Report(10) // from the last delivery it is too late
					})
					p.Report(8)
					_ = guest.Yield(ctx)
					p.Report(9)
					return nil
				}).Wait(ctx)
				assert.NoError(t, err)
				assert.Equal(t, int32(9), last.Load())
				time.Sleep(10 * time.Millisecond)
				assert.Equal(t, int32(9), last.Load())
			}
		})
		busy.Cancel(nil)
		return err
	}))
}

// TestLastValueIsDeliveredThoughItsContextHasEnded: with its scope, or by a deferred call, before
// the value could be delivered.
func TestLastValueIsDeliveredThoughItsContextHasEnded(t *testing.T) {
	var last int
	report := func(ctx context.Context, in func(ctx context.Context, fn func(ctx context.Context) error) error) error {
		return in(ctx, func(ctx context.Context) error {
			p := flow.NewProgress(ctx, func(v int) { last = v })
			p.Report(1)
			_ = guest.Yield(ctx)
			p.Report(2)
			return nil
		})
	}
	derived := func(ctx context.Context, fn func(ctx context.Context) error) error {
		ctx, cancel := context.WithTimeout(ctx, time.Hour)
		defer cancel()
		return fn(ctx)
	}
	for name, in := range map[string]func(ctx context.Context, fn func(ctx context.Context) error) error{
		"Scope": guest.Scope, "Supervise": guest.Supervise, "a time-out": derived,
		"a Scope in a time-out": func(ctx context.Context, fn func(ctx context.Context) error) error {
			return derived(ctx, func(ctx context.Context) error { return guest.Scope(ctx, fn) })
		},
		"an action": func(ctx context.Context, fn func(ctx context.Context) error) error {
			return flow.NewAction(ctx, func(ctx context.Context, _ int) error { return fn(ctx) }, flow.Queue).Run(ctx, 0)
		},
	} {
		require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
			last = 0
			assert.NoError(t, guest.Go(ctx, func(ctx context.Context) error { return report(ctx, in) }).Wait(ctx))
			assert.Equal(t, 2, last, "%s at the end of a task", name)
			last = 0
			assert.NoError(t, report(ctx, in))
			_ = guest.Sleep(ctx, time.Second)
			assert.Equal(t, 2, last, "%s in the middle of a task", name)
			return nil
		}), name)
	}
}

// TestNoProgressComesAfterACancellation that comes before the delivery. Reports after the end of
// their context come to nothing, either.
func TestNoProgressComesAfterACancellation(t *testing.T) {
	boom := errors.New("boom")
	for name, end := range map[string]func(task *guest.Task, cancel context.CancelCauseFunc){
		"of its task":         func(task *guest.Task, _ context.CancelCauseFunc) { task.Cancel(nil) },
		"with a cause":        func(_ *guest.Task, cancel context.CancelCauseFunc) { cancel(boom) },
		"by a closed window":  func(_ *guest.Task, cancel context.CancelCauseFunc) { cancel(guest.ErrWindowClosed) },
		"before the reports":  func(_ *guest.Task, cancel context.CancelCauseFunc) { cancel(nil) },
		"that can't compare":  func(_ *guest.Task, cancel context.CancelCauseFunc) { cancel(manyErrors{boom}) },
		"in an inner scope":   func(task *guest.Task, _ context.CancelCauseFunc) { task.Cancel(boom) },
		"above an ended one":  func(_ *guest.Task, cancel context.CancelCauseFunc) { cancel(guest.ErrWindowClosed) },
		"of the task, behind": func(task *guest.Task, _ context.CancelCauseFunc) { task.Cancel(boom) },
	} {
		require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
			ran := false
			err := guest.Supervise(ctx, func(ctx context.Context) error {
				_ = guest.Go(ctx, func(ctx context.Context) error {
					task, _ := guest.CurrentTask()
					ctx, cancel := context.WithCancelCause(ctx)
					defer cancel(nil)
					report := func(ctx context.Context) error {
						p := flow.NewProgress(ctx, func(int) { ran = true })
						if name == "before the reports" {
							end(task, cancel)
						}
						p.Report(1)
						return nil
					}
					switch name {
					case "in an inner scope":
						_ = guest.Scope(ctx, func(ctx context.Context) error {
							_ = report(ctx)
							end(task, cancel)
							return nil
						})
					case "above an ended one", "of the task, behind":
						_ = guest.Scope(ctx, report)
					default:
						_ = report(ctx)
					}
					end(task, cancel)
					return guest.Sleep(context.WithoutCancel(ctx), time.Second)
				}).Wait(ctx)
				return nil
			})
			assert.False(t, ran, name)
			return err
		}), name)
	}
}

func TestProgressOfTheGuestItselfEndsWithIt(t *testing.T) {
	p := (*flow.Progress[int])(nil)
	last := 0
	synctest.Test(t, func(t *testing.T) {
		require.NoError(t, really(nil, func(ctx context.Context) error {
			// finds the guest by itself
			p = flow.NewProgress(context.Background(), func(v int) { last = v })
			for i := range 10 {
				p.Report(i)
				_ = guest.Yield(ctx)
			}
			return nil
		}))
	})
	p.Report(100)
	require.Equal(t, 9, last)
}

func TestErrorInACallbackOfProgressNeverFailsTheWork(t *testing.T) {
	for name, fault := range map[string]func(){"a panic": func() { panic(errBoom) }, "a Goexit": runtime.Goexit} {
		heard := 0
		require.NoError(t, virtually(t, &guest.Options{OnError: func(error) { heard++ }}, func(ctx context.Context) error {
			calls := 0
			p := flow.NewProgress(ctx, func(int) { calls++; fault() })
			for i := range 3 {
				v, err := guest.Background(ctx, func(context.Context) (int, error) { p.Report(i); return i, nil })
				assert.NoError(t, err)
				assert.Equal(t, i, v)
			}
			_ = guest.Yield(ctx)
			assert.Equal(t, 3, calls)
			assert.Equal(t, 3, guestOf(ctx).Stats().Unobserved)
			return nil
		}), name)
		require.Equal(t, 3, heard, name)
	}
}

func TestProgressNeedsAGuest(t *testing.T) {
	require.Contains(t, panicOf(func() { flow.NewProgress(context.Background(), func(int) {}) }), "flow: NewProgress called without a guest")
	require.Contains(t, panicOf(func() { flow.NewProgress[int](context.Background(), nil) }), "NewProgress called with a nil function")
}

func TestFloodOfReportsCostsNoMemory(t *testing.T) {
	require.NoError(t, really(nil, func(ctx context.Context) error {
		p := flow.NewProgress(ctx, func([4]int) {})
		assert.Zero(t, testing.AllocsPerRun(1000, func() { p.Report([4]int{1}) }))
		return nil
	}))
}

func TestManyReportAtOnce(t *testing.T) {
	require.NoError(t, really(nil, func(ctx context.Context) error {
		for range 20 {
			sum := map[int]int{}
			err := guest.Scope(ctx, func(ctx context.Context) error {
				for i := range 4 {
					p := flow.NewProgress(ctx, func(v int) { sum[i] = v })
					guest.Go(ctx, func(ctx context.Context) error {
						return inBackground(ctx, func(context.Context) {
							var wg sync.WaitGroup
							for range 3 {
								wg.Go(func() { p.Report(7) })
							}
							wg.Wait()
							p.Report(i)
						})
					})
				}
				return nil
			})
			assert.NoError(t, err)
			assert.Equal(t, map[int]int{0: 0, 1: 1, 2: 2, 3: 3}, sum)
		}
		return nil
	}))
}

// A progress bar: the work reports as often as it likes, and the window shows what is newest.
func ExampleProgress() {
	_, _ = headless.Run(func(ctx context.Context) (any, error) {
		percent := 0
		bar := flow.NewProgress(ctx, func(v int) { percent = v })
		sum, err := guest.Background(ctx, func(context.Context) (sum int, err error) {
			for i := range 101 {
				sum += i
				bar.Report(i)
			}
			return sum, nil
		})
		fmt.Printf("%d %%: %d\n", percent, sum)
		return nil, err
	}, nil)
	// Output: 100 %: 5050
}
