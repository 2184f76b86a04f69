package guest_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/flow"
)

// A wait is something that a task waits for, and what lets the wait end well.
type wait struct {
	name string
	// begin returns the wait, and what is done on the UI thread to end it.
	begin func(ctx context.Context) (wait func(ctx context.Context) error, satisfy func())
}

// outsider is a function on a goroutine that returns once it is told to.
func outsider() (fn func(context.Context) (int, error), tell func()) {
	told := make(chan struct{})
	return func(context.Context) (int, error) { <-told; return 7, nil }, func() {
		close(told)
		time.Sleep(time.Millisecond) // the UI thread is held: the result arrives meanwhile
	}
}

// cancelledWaits are all waits that may be satisfied and cancelled at one moment.
var cancelledWaits = []wait{
	{"Background", func(context.Context) (func(ctx context.Context) error, func()) {
		fn, tell := outsider()
		return func(ctx context.Context) error { _, err := guest.Background(ctx, fn); return err }, tell
	}},
	{"Future.Wait", func(context.Context) (func(ctx context.Context) error, func()) {
		f := guest.NewFuture[int]()
		return func(ctx context.Context) error { _, err := f.Wait(ctx); return err }, func() { f.Resolve(7) }
	}},
	{"All", func(context.Context) (func(ctx context.Context) error, func()) {
		f := guest.NewFuture[int]()
		return func(ctx context.Context) error { _, err := guest.All(ctx, f); return err }, func() { f.Resolve(7) }
	}},
	{"First", func(context.Context) (func(ctx context.Context) error, func()) {
		f := guest.NewFuture[int]()
		return func(ctx context.Context) error { _, err := guest.First(ctx, f); return err }, func() { f.Resolve(7) }
	}},
	{"AsCompleted", func(context.Context) (func(ctx context.Context) error, func()) {
		f := guest.NewFuture[int]()
		return func(ctx context.Context) (last error) {
			for _, err := range guest.AsCompleted(ctx, f) {
				last = err
			}
			return last
		}, func() { f.Resolve(7) }
	}},
	{"Submit", func(outer context.Context) (func(ctx context.Context) error, func()) {
		fn, tell := outsider()
		f := guest.Submit(outer, fn)
		return func(ctx context.Context) error { _, err := f.Wait(ctx); return err }, tell
	}},
	{"Queue", func(outer context.Context) (func(ctx context.Context) error, func()) {
		f := guest.NewFuture[int]()
		q := new(guest.Queue[int])
		added := q.Add(outer, f.Wait)
		return func(ctx context.Context) error { _, err := added.Wait(ctx); return err }, func() { f.Resolve(7) }
	}},
	{"Recv", func(context.Context) (func(ctx context.Context) error, func()) {
		ch := make(chan int)
		return func(ctx context.Context) error {
			v, ok, err := flow.Recv(ctx, ch)
			if ok != (v == 7) {
				return errors.New("the value was lost")
			}
			return err
		}, func() { ch <- 7; time.Sleep(time.Millisecond) }
	}},
	{"Each", func(context.Context) (func(ctx context.Context) error, func()) {
		ch := make(chan int)
		return func(ctx context.Context) error {
			for v, err := range flow.Each(ctx, ch) {
				if v != 7 {
					return errors.New("the value was lost")
				}
				return err
			}
			return errors.New("no pair")
		}, func() { ch <- 7; time.Sleep(time.Millisecond) }
	}},
	{"Sleep", func(context.Context) (func(ctx context.Context) error, func()) {
		return func(ctx context.Context) error { return guest.Sleep(ctx, time.Hour) }, func() { time.Sleep(time.Hour) }
	}},
	{"Scope", func(context.Context) (func(ctx context.Context) error, func()) {
		f := guest.NewFuture[int]()
		return func(ctx context.Context) error {
			return guest.Scope(ctx, func(ctx context.Context) error {
				guest.Go(ctx, func(ctx context.Context) error { _, _ = f.Wait(context.WithoutCancel(ctx)); return nil })
				return nil
			})
		}, func() { f.Resolve(7) }
	}},
	{"Supervise", func(context.Context) (func(ctx context.Context) error, func()) {
		f := guest.NewFuture[int]()
		return func(ctx context.Context) error {
			return guest.Supervise(ctx, func(ctx context.Context) error {
				guest.Go(ctx, func(ctx context.Context) error { _, _ = f.Wait(context.WithoutCancel(ctx)); return nil })
				return nil
			})
		}, func() { f.Resolve(7) }
	}},
	{"Join", func(context.Context) (func(ctx context.Context) error, func()) {
		f := guest.NewFuture[int]()
		return func(ctx context.Context) error {
			guest.Go(ctx, func(ctx context.Context) error { _, _ = f.Wait(context.WithoutCancel(ctx)); return nil })
			return guest.Join(ctx)
		}, func() { f.Resolve(7) }
	}},
}

// TestNoWaitReturnsNilWhenItsContextIsDone lets each wait be satisfied and cancelled before the
// task goes on, in both orders: the task hears of the cancellation.
func TestNoWaitReturnsNilWhenItsContextIsDone(t *testing.T) {
	for _, w := range cancelledWaits {
		for _, first := range []string{"satisfied", "cancelled"} {
			t.Run(w.name+"/"+first+" first", func(t *testing.T) {
				require.NoError(t, virtually(t, quiet(), func(ctx context.Context) error {
					wait, satisfy := w.begin(ctx)
					checked := false
					task := guestOf(ctx).Go(func(ctx context.Context) error {
						err := wait(ctx)
						assert.Error(t, ctx.Err())
						assert.ErrorIs(t, err, context.Canceled)
						assert.ErrorIs(t, err, errBoom)
						checked = true
						return err
					})
					assert.NoError(t, guest.Sleep(ctx, time.Minute)) // now it waits
					assert.NoError(t, guestOf(ctx).Post(func() {
						if first == "satisfied" {
							satisfy()
							task.Cancel(errBoom)
						} else {
							task.Cancel(errBoom)
							satisfy()
						}
						assert.Nil(t, task.Err())
					}))
					assert.ErrorIs(t, task.Wait(ctx), errBoom)
					assert.True(t, checked)
					return nil
				}))
			})
		}
	}
}

// TestNoWaitBeginsWhenItsContextIsDone although what it waits for is there already.
func TestNoWaitBeginsWhenItsContextIsDone(t *testing.T) {
	for _, w := range cancelledWaits {
		t.Run(w.name, func(t *testing.T) {
			require.NoError(t, virtually(t, quiet(), func(ctx context.Context) error {
				if w.name == "Recv" || w.name == "Each" || w.name == "Sleep" || w.name == "Background" {
					return nil // nothing can be there before
				}
				wait, satisfy := w.begin(ctx)
				satisfy()
				assert.NoError(t, guest.Sleep(ctx, time.Minute))
				task := guestOf(ctx).Go(func(ctx context.Context) error {
					task, _ := guest.CurrentTask()
					task.Cancel(errBoom) // its own
					assert.ErrorIs(t, ctx.Err(), context.Canceled)
					assert.ErrorIs(t, wait(ctx), errBoom)
					return nil
				})
				return task.Wait(ctx)
			}))
		})
	}
}

// TestCancelIsPromptFromEverywhere cancels a task whose Background function has returned,
// before the task goes on: it must not show the result.
func TestCancelIsPromptFromEverywhere(t *testing.T) {
	elsewhere := func(fn func()) {
		go fn()
		time.Sleep(time.Millisecond)
	}
	type cancel func(ctx context.Context, g *guest.Guest, task *guest.Task)
	for name, cancel := range map[string]cancel{
		"a posted function": func(_ context.Context, _ *guest.Guest, task *guest.Task) { task.Cancel(errBoom) },
		"the guest":         func(_ context.Context, g *guest.Guest, _ *guest.Task) { g.Cancel(errBoom) },
		"a goroutine": func(_ context.Context, _ *guest.Guest, task *guest.Task) {
			elsewhere(func() { task.Cancel(errBoom) })
		},
		"its future": func(_ context.Context, _ *guest.Guest, task *guest.Task) { task.Future().Cancel(errBoom) },
	} {
		t.Run(name, func(t *testing.T) {
			err := virtually(t, quiet(), func(ctx context.Context) error {
				g := guestOf(ctx)
				fn, tell := outsider()
				task := g.Go(func(ctx context.Context) error {
					v, err := guest.Background(ctx, fn)
					assert.ErrorIs(t, err, errBoom)
					assert.ErrorIs(t, ctx.Err(), context.Canceled)
					assert.Equal(t, 7, v, "the value comes with the error")
					return err
				})
				assert.NoError(t, guest.Sleep(ctx, time.Second))
				assert.NoError(t, g.Post(func() { tell(); cancel(ctx, g, task) }))
				return task.Wait(context.WithoutCancel(ctx))
			})
			require.ErrorIs(t, err, errBoom)
		})
	}
}

// TestDerivedContextsCancelReachesGrandchildrenAtOnce: a scope under a derived context is
// cancelled in the line in which the derived context is.
func TestDerivedContextsCancelReachesGrandchildrenAtOnce(t *testing.T) {
	require.NoError(t, virtually(t, quiet(), func(ctx context.Context) error {
		derived, cancel := context.WithCancelCause(ctx)
		var deep context.Context
		task := guest.Go(derived, func(ctx context.Context) error {
			guest.Go(ctx, func(ctx context.Context) error {
				deep = ctx
				return guest.Park(ctx)
			})
			return nil
		})
		assert.NoError(t, guest.Sleep(ctx, time.Second))
		assert.NoError(t, deep.Err())
		cancel(errBoom)
		assert.ErrorIs(t, deep.Err(), context.Canceled)
		assert.ErrorIs(t, guest.Sleep(deep, 1), errBoom)
		assert.ErrorIs(t, task.Wait(ctx), errBoom)

		shielded := make(chan error, 1)
		guest.Go(context.WithoutCancel(ctx), func(ctx context.Context) error {
			short, cancel := context.WithTimeout(ctx, time.Second)
			defer cancel()
			guest.Go(short, func(ctx context.Context) error { shielded <- guest.Park(ctx); return nil })
			return guest.Join(ctx)
		})
		assert.NoError(t, guest.Sleep(ctx, time.Minute))
		assert.ErrorIs(t, <-shielded, context.DeadlineExceeded)
		return nil
	}))
}

// TestCancellationsCauseIsJoinedToTheWorksAnswer: an answer to a cancellation matches the
// cause, too.
func TestCancellationsCauseIsJoinedToTheWorksAnswer(t *testing.T) {
	answers := map[string]func(ctx context.Context) error{
		"ctx.Err()":                      func(ctx context.Context) error { return ctx.Err() },
		"wrapped":                        func(ctx context.Context) error { return fmt.Errorf("query: %w", ctx.Err()) },
		"the cause":                      context.Cause,
		"nil":                            func(context.Context) error { return nil },
		"a wait's":                       func(ctx context.Context) error { _, err := guest.NewFuture[int]().Wait(ctx); return err },
		"not an error of its own at all": func(ctx context.Context) error { <-ctx.Done(); return context.Canceled },
	}
	calls := map[string]func(ctx context.Context, fn func(ctx context.Context) (int, error)) error{
		"Background": func(ctx context.Context, fn func(ctx context.Context) (int, error)) error {
			_, err := guest.Background(ctx, fn)
			return err
		},
		"CallOnMain": func(ctx context.Context, fn func(ctx context.Context) (int, error)) error {
			_, err := guest.CallOnMain(ctx, func(ctx context.Context) (int, error) {
				_ = guest.Park(ctx)
				return fn(ctx)
			})
			return err
		},
		"Submit": func(ctx context.Context, fn func(ctx context.Context) (int, error)) error {
			_, err := guest.Submit(ctx, fn).Wait(ctx)
			return err
		},
		"Queue": func(ctx context.Context, fn func(ctx context.Context) (int, error)) error {
			_, err := new(guest.Queue[int]).Add(ctx, func(ctx context.Context) (int, error) { return guest.Background(ctx, fn) }).Wait(ctx)
			return err
		},
	}
	for what, call := range calls {
		for answer, fn := range answers {
			if what == "CallOnMain" && answer == "a wait's" {
				continue // on the UI thread a future is awaited
			}
			t.Run(what+"/"+answer, func(t *testing.T) {
				var log journal
				opts := &guest.Options{Logger: log.logger(), OnError: func(err error) { t.Errorf("OnError: %v", err) }}
				err := virtually(t, opts, func(ctx context.Context) error {
					g := guestOf(ctx)
					time.AfterFunc(time.Second, func() { g.Cancel(nil) })
					err := call(ctx, func(ctx context.Context) (int, error) { <-ctx.Done(); return 7, fn(ctx) })
					assert.ErrorIs(t, err, context.Canceled)
					assert.ErrorIs(t, err, guest.ErrQuit)
					assert.True(t, guest.IsQuit(err), err)
					return err
				})
				require.True(t, guest.IsQuit(err), err)
				require.Empty(t, log.String())
			})
		}
	}
}

// TestFailureAfterCancellationIsKeptAndLogged: a full disk while saving is never taken for a quit.
func TestFailureAfterCancellationIsKeptAndLogged(t *testing.T) {
	var log journal
	errFull := errors.New("no space left on device")
	opts := &guest.Options{Logger: log.logger(), OnError: func(err error) { t.Errorf("OnError: %v", err) }}
	err := virtually(t, opts, func(ctx context.Context) error {
		g := guestOf(ctx)
		time.AfterFunc(time.Second, func() { g.Cancel(nil) })
		_, err := guest.Background(ctx, func(ctx context.Context) (int, error) { <-ctx.Done(); return 0, errFull })
		return err
	})
	require.ErrorIs(t, err, errFull)
	require.ErrorIs(t, err, guest.ErrQuit)
	require.False(t, guest.IsQuit(err), "a failure to save makes the exit code")
	require.Contains(t, log.String(), "failed after its cancellation")
	require.Contains(t, log.String(), "no space left on device")
}

// TestErrNotBegunTellsWhatNeverRanFromWhatWasCancelled, whatever withdrew it.
func TestErrNotBegunTellsWhatNeverRanFromWhatWasCancelled(t *testing.T) {
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		cancelled, cancel := context.WithCancelCause(ctx)
		cancel(errBoom)
		_, err := guest.Background(cancelled, func(context.Context) (int, error) { t.Error("ran"); return 0, nil })
		assert.ErrorIs(t, err, guest.ErrNotBegun)
		assert.ErrorIs(t, err, errBoom)
		_, err = guest.CallOnMain(cancelled, func(context.Context) (int, error) { t.Error("ran"); return 0, nil })
		assert.ErrorIs(t, err, guest.ErrNotBegun)

		pool := flow.NewPool(1)
		busy := make(chan struct{})
		guest.Go(flow.WithExecutor(ctx, pool), func(ctx context.Context) error {
			_, err := guest.Background(ctx, func(context.Context) (int, error) { <-busy; return 0, nil })
			return err
		})
		assert.NoError(t, guest.Yield(ctx))
		short, stop := context.WithTimeout(flow.WithExecutor(ctx, pool), time.Second)
		defer stop()
		_, err = guest.Background(short, func(context.Context) (int, error) { t.Error("ran"); return 0, nil })
		assert.ErrorIs(t, err, guest.ErrNotBegun)
		assert.ErrorIs(t, err, context.DeadlineExceeded)
		close(busy)

		short, stop = context.WithTimeout(ctx, time.Second)
		defer stop()
		_, err = guest.Background(short, func(ctx context.Context) (int, error) { <-ctx.Done(); return 0, nil })
		assert.NotErrorIs(t, err, guest.ErrNotBegun)
		assert.ErrorIs(t, err, context.DeadlineExceeded)
		return nil
	}))
}

// TestCancelledSearchShowsNoResult is a window's search: a new query cancels the last one, and
// its result never appears, however close they come.
func TestCancelledSearchShowsNoResult(t *testing.T) {
	var shown []int
	require.NoError(t, virtually(t, quiet(), func(ctx context.Context) error {
		g := guestOf(ctx)
		var current *guest.Task
		search := func(query int) {
			if current != nil {
				current.Cancel(nil)
			}
			current = g.Go(func(ctx context.Context) error {
				hits, err := guest.Background(ctx, func(context.Context) (int, error) { time.Sleep(5 * time.Second); return query, nil })
				if err != nil {
					return err
				}
				assert.NoError(t, ctx.Err())
				shown = append(shown, hits)
				return nil
			})
		}
		for query := range 2000 {
			assert.NoError(t, g.Post(func() {
				time.Sleep(5 * time.Second) // the last result is in before this handler runs
				search(query)
			}))
			assert.NoError(t, guest.Yield(ctx))
		}
		return guest.Sleep(ctx, time.Minute)
	}))
	require.Equal(t, []int{1999}, shown)
}

// TestRefusedWaitsGiveWay: a task that ignores its cancellation keeps the thread no longer than
// any other.
func TestRefusedWaitsGiveWay(t *testing.T) {
	require.NoError(t, virtually(t, quiet(), func(ctx context.Context) error {
		done, cancel := context.WithCancel(ctx)
		cancel()
		refused, then := 0, 0
		guest.Go(ctx, func(context.Context) error {
			for refused < 50 {
				time.Sleep(time.Millisecond) // it computes
				assert.ErrorIs(t, guest.Yield(done), context.Canceled)
				refused++
			}
			return nil
		})
		guest.Go(ctx, func(context.Context) error { then = refused; return nil })
		err := guest.Join(ctx)
		assert.InDelta(t, 3, then, 2, "the budget is 4 ms")
		return err
	}))
}

// A tree of many tasks is often cancelled in one turn.
func TestCancelledTasksCostNoMemory(t *testing.T) {
	require.NoError(t, really(nil, func(ctx context.Context) error {
		const many = 2000
		all := guest.Go(ctx, func(ctx context.Context) error {
			for range many {
				guest.Go(ctx, park)
			}
			return guest.Park(ctx)
		})
		assert.NoError(t, guest.Yield(ctx)) // all of them wait
		assert.NoError(t, guest.Yield(ctx))
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		all.Cancel(errBoom)
		assert.ErrorIs(t, all.Wait(ctx), errBoom)
		runtime.ReadMemStats(&after)
		assert.Less(t, after.Mallocs-before.Mallocs, uint64(many))
		return nil
	}))
}

// errDetailed is of a type that can be compared, but its values may hold what can't.
type errDetailed struct{ details any }

func (errDetailed) Error() string { return "detailed" }

func TestCauseNeedNotBeComparable(t *testing.T) {
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		return guest.Supervise(ctx, func(ctx context.Context) error {
			for _, other := range []error{errDetailed{[]int{2}}, errDetailed{2}, errBoom} {
				task := guest.Go(ctx, func(ctx context.Context) error {
					short, cancel := context.WithCancelCause(context.WithoutCancel(ctx))
					cancel(other)
					_ = guest.Park(ctx)
					return guest.Sleep(short, time.Second)
				})
				assert.NoError(t, guest.Yield(ctx))
				task.Cancel(errDetailed{[]int{1}})
				assert.ErrorIs(t, task.Wait(ctx), context.Canceled)
			}
			return nil
		})
	}))
}
