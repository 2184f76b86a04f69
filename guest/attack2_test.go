package guest_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"math"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/flow"
)

// TestFailureAfterTheCancellationStaysOneOnItsWay up through functions that wrap it, and is
// logged once.
func TestFailureAfterTheCancellationStaysOneOnItsWay(t *testing.T) {
	disk := errors.New("disk full")
	saves := func(ctx context.Context) (int, error) { <-ctx.Done(); return 0, disk }
	for name, save := range map[string]func(ctx context.Context) error{
		"Background": func(ctx context.Context) error { _, err := guest.Background(ctx, saves); return err },
		"wrapped": func(ctx context.Context) error {
			_, err := guest.Background(ctx, saves)
			return fmt.Errorf("saving: %w", err)
		},
		"in a goroutine": func(ctx context.Context) error {
			_, err := guest.Background(ctx, func(ctx context.Context) (int, error) { return guest.Background(ctx, saves) })
			return err
		},
		"in a goroutine, wrapped": func(ctx context.Context) error {
			_, err := guest.Background(ctx, func(ctx context.Context) (int, error) {
				_, err := guest.Background(ctx, saves)
				return 0, fmt.Errorf("saving: %w", err)
			})
			return err
		},
		"CallOnMain": func(ctx context.Context) error {
			_, err := guest.Background(ctx, func(ctx context.Context) (int, error) {
				return guest.CallOnMain(ctx, func(ctx context.Context) (int, error) { _ = guest.Park(ctx); return 0, disk })
			})
			return err
		},
		"Submit": func(ctx context.Context) error {
			_, err := guest.Submit(ctx, saves).Wait(context.WithoutCancel(ctx))
			return err
		},
		"Submit of Background": func(ctx context.Context) error {
			_, err := guest.Submit(ctx, func(ctx context.Context) (int, error) { return guest.Background(ctx, saves) }).Wait(context.WithoutCancel(ctx))
			return err
		},
		"Scope": func(ctx context.Context) error {
			return guest.Scope(ctx, func(ctx context.Context) error {
				_, err := guest.Background(ctx, saves)
				return fmt.Errorf("saving: %w", err)
			})
		},
		"a task": func(ctx context.Context) error {
			return guest.Go(ctx, func(ctx context.Context) error {
				_, err := guest.Background(ctx, saves)
				return fmt.Errorf("saving: %w", err)
			}).Wait(context.WithoutCancel(ctx))
		},
	} {
		t.Run(name, func(t *testing.T) {
			var log journal
			err := virtually(t, &guest.Options{Logger: log.logger()}, func(ctx context.Context) error {
				g := guestOf(ctx)
				guest.After(ctx, time.Second, func(context.Context) error { g.Cancel(nil); return nil })
				return save(ctx)
			})
			assert.ErrorIs(t, err, disk)
			assert.ErrorIs(t, err, guest.ErrQuit)
			assert.False(t, guest.IsQuit(err), "%v", err)
			assert.Equal(t, 1, strings.Count(log.String(), "failed after its cancellation"), "%s", log.String())
		})
	}
}

// TestAsCompletedThatIsPulledWaitsInTheTaskThatPulls, or refuses to.
func TestAsCompletedThatIsPulledWaitsInTheTaskThatPulls(t *testing.T) {
	needThreads(t, "an iterator has a goroutine of its own, which then is not the task's")
	require.NoError(t, virtually(t, quiet(), func(ctx context.Context) error {
		fs := []*guest.Future[int]{guest.NewFuture[int](), guest.NewFuture[int](), guest.NewFuture[int]()}
		fs[0].Resolve(0)
		next, stop := iter.Pull2(guest.AsCompleted(ctx, fs...))
		defer stop()
		_, err, ok := next()
		assert.True(t, ok)
		assert.NoError(t, err)
		other := guest.Go(ctx, func(context.Context) error {
			f, err, _ := next()
			assert.Equal(t, fs[1], f)
			return err
		})
		assert.NoError(t, guest.Sleep(ctx, time.Second))
		fs[1].Resolve(1)
		assert.NoError(t, other.Wait(ctx))
		assert.NoError(t, guestOf(ctx).Post(func() {
			_, err, _ := next()
			assert.ErrorIs(t, err, guest.ErrWouldDeadlock)
		}))
		return guest.Sleep(ctx, time.Second)
	}))
}

// TestTheLongestTimeIsLong and does not turn around.
func TestTheLongestTimeIsLong(t *testing.T) {
	for name, wait := range map[string]func(ctx context.Context) error{
		"Sleep": func(ctx context.Context) error { return guest.Sleep(ctx, math.MaxInt64) },
		"After": func(ctx context.Context) error { return guest.After(ctx, math.MaxInt64, fails).Wait(ctx) },
		"Every": func(ctx context.Context) error { return guest.Every(ctx, math.MaxInt64, fails, nil).Wait(ctx) },
		"Every 2": func(ctx context.Context) error {
			return guest.Every(ctx, math.MaxInt64, fails, &guest.EveryOptions{AfterEnd: true, Jitter: time.Second}).Wait(ctx)
		},
		"Every 3": func(ctx context.Context) error {
			return guest.Every(ctx, math.MaxInt64, func(context.Context) error {
				return nil
			}, &guest.EveryOptions{Now: true}).Wait(ctx)
		},
	} {
		t.Run(name, func(t *testing.T) {
			err := virtually(t, quiet(), func(ctx context.Context) error {
				g := guestOf(ctx)
				guest.After(ctx, time.Hour, func(context.Context) error { g.Cancel(nil); return nil })
				return wait(ctx)
			})
			assert.True(t, guest.IsQuit(err), "%v", err)
		})
	}
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

// TestCauseOfAContextStaysTheFirst, also when the scheduler has not heard of it yet.
func TestCauseOfAContextStaysTheFirst(t *testing.T) {
	require.NoError(t, virtually(t, quiet(), func(ctx context.Context) error {
		first := errors.New("first")
		derived, cancel := context.WithCancelCause(ctx)
		task := guest.Go(derived, func(ctx context.Context) error {
			inner := guest.Go(ctx, func(ctx context.Context) error {
				self, _ := guest.CurrentTask()
				cancel(first)
				assert.ErrorIs(t, guest.Yield(ctx), first)
				self.Cancel(errBoom)
				assert.ErrorIs(t, guest.Yield(ctx), first)
				assert.Equal(t, first, context.Cause(ctx))
				return nil
			})
			_ = inner.Wait(context.WithoutCancel(ctx))
			assert.ErrorIs(t, guest.Yield(ctx), first)
			return guest.Yield(ctx)
		})
		assert.ErrorIs(t, task.Wait(ctx), first)
		return nil
	}))
}

// manyErrors is an error that can't be compared.
type manyErrors []error

func (m manyErrors) Error() string { return errors.Join(m...).Error() }

// TestCauseThatCannotBeComparedHarmsNobody.
func TestCauseThatCannotBeComparedHarmsNobody(t *testing.T) {
	for name, answer := range map[string]func(ctx context.Context) error{
		"its cause": context.Cause,
		"another":   func(context.Context) error { return manyErrors{errBoom} },
		"a wait":    guest.Park,
		"in a goroutine": func(ctx context.Context) error {
			_, err := guest.Background(ctx, func(ctx context.Context) (int, error) { <-ctx.Done(); return 0, context.Cause(ctx) })
			return err
		},
		"in a submission": func(ctx context.Context) error {
			return guest.Submit(ctx, func(ctx context.Context) (int, error) { <-ctx.Done(); return 0, context.Cause(ctx) }).OnDone(ctx, func(int, error) {})
		},
	} {
		t.Run(name, func(t *testing.T) {
			require.NoError(t, virtually(t, quiet(), func(ctx context.Context) error {
				task := guestOf(ctx).Go(func(ctx context.Context) error {
					if !strings.HasPrefix(name, "in a") {
						_ = guest.Park(ctx)
					}
					return answer(ctx)
				})
				assert.NoError(t, guest.Sleep(ctx, time.Second))
				task.Cancel(manyErrors{errBoom})
				if err := task.Wait(ctx); err != nil {
					assert.NotContains(t, err.Error(), "panic")
				}
				return nil
			}))
		})
	}
}

// TestAnswerToACancellationMatchesBothItsHalves, also when the function answers with another
// cancellation for the same cause.
func TestAnswerToACancellationMatchesBothItsHalves(t *testing.T) {
	require.NoError(t, virtually(t, quiet(), func(ctx context.Context) error {
		short, cancel := context.WithTimeoutCause(ctx, time.Second, errBoom)
		defer cancel()
		_, err := guest.CallOnMain(short, func(context.Context) (int, error) {
			task := guest.Go(ctx, guest.Park)
			task.Cancel(errBoom)
			_ = guest.Park(short)
			return 0, task.Wait(ctx)
		})
		assert.ErrorIs(t, err, context.DeadlineExceeded)
		assert.ErrorIs(t, err, errBoom)
		return nil
	}))
}

// TestWaitInAnIteratorOfATask parks the task.
func TestWaitInAnIteratorOfATask(t *testing.T) {
	needThreads(t, "an iterator has a goroutine of its own, which then is not the task's")
	for name, wait := range waits(nil) {
		if name == "Task.Wait" {
			continue
		}
		t.Run(name, func(t *testing.T) {
			require.NoError(t, virtually(t, quiet(), func(ctx context.Context) error {
				task := guestOf(ctx).Go(func(ctx context.Context) error {
					next, stop := iter.Pull(func(yield func(error) bool) {
						for yield(wait(ctx)) {
						}
						_ = guest.Sleep(context.WithoutCancel(ctx), time.Second)
					})
					defer stop()
					for {
						err, _ := next()
						if ctx.Err() != nil {
							assert.ErrorIs(t, err, errBoom)
							return err
						}
						assert.NoError(t, err)
						if err := guest.Sleep(ctx, time.Second); err != nil {
							return err
						}
					}
				})
				assert.NoError(t, guest.Sleep(ctx, 10*time.Second))
				task.Cancel(errBoom)
				assert.ErrorIs(t, task.Wait(ctx), errBoom)
				return nil
			}))
		})
	}
}
