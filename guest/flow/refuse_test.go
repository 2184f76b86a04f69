package flow_test

import (
	"context"
	"errors"
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/flow"
)

// waits are all waits of the package: those that would return at once, and those that would not.
func waits() map[string]func(ctx context.Context) error {
	ready, never := flow.NewSemaphore(1), flow.NewSemaphore(0)
	x := flow.NewVar(1)
	full := flow.NewMailbox[int](&flow.MailboxOptions{Limit: 1})
	full.Put(1)
	empty := flow.NewMailbox[int](nil)
	closed := flow.NewMailbox[int](nil)
	closed.Close()
	room := make(chan int, 1)
	return map[string]func(ctx context.Context) error{
		"Acquire, free":   func(ctx context.Context) error { return ready.Acquire(ctx, 1) },
		"Acquire, paused": func(ctx context.Context) error { return never.Acquire(ctx, 1) },
		"With": func(ctx context.Context) error {
			return never.With(ctx, 1, func(context.Context) error { panic("called") })
		},
		"Until": func(ctx context.Context) error {
			_, err := x.Until(ctx, func(int) bool { return true })
			return err
		},
		"Values": func(ctx context.Context) error {
			for v, err := range x.Values(ctx) {
				if err != nil && v != 1 {
					panic("without the value")
				}
				if err != nil {
					return err
				}
			}
			return nil
		},
		"Batches, empty":  func(ctx context.Context) error { return last(empty.Batches(ctx)) },
		"Batches, full":   func(ctx context.Context) error { return last(full.Batches(ctx)) },
		"Batches, closed": func(ctx context.Context) error { return last(closed.Batches(ctx)) },
		"Mailbox.Send, full": func(ctx context.Context) error {
			_, err := full.Send(ctx, 2)
			return err
		},
		"Mailbox.Send, empty": func(ctx context.Context) error {
			_, err := empty.Send(ctx, 2)
			return err
		},
		"Recv": func(ctx context.Context) error {
			_, _, err := flow.Recv(ctx, make(chan int))
			return err
		},
		"Recv, ready": func(ctx context.Context) error {
			ch := make(chan int, 1)
			ch <- 1
			_, _, err := flow.Recv(ctx, ch)
			return err
		},
		"Each":  func(ctx context.Context) error { return last(flow.Each(ctx, make(chan int))) },
		"Slice": func(ctx context.Context) error { return last(flow.Slice(ctx, count(1))) },
		"Send": func(ctx context.Context) error {
			_, err := flow.Send(ctx, make(chan int), 1)
			return err
		},
		"Send, room": func(ctx context.Context) error {
			_, err := flow.Send(ctx, room, 1)
			return err
		},
		"Retry": func(ctx context.Context) error {
			_, err := flow.Retry(ctx, func(context.Context) (int, error) { return 0, errDown }, nil)
			return err
		},
	}
}

func last[T any](seq func(yield func(T, error) bool)) (last error) {
	for _, err := range seq {
		last = err
	}
	return last
}

func TestWaitsAreRefusedOnTheUIThreadOutsideATask(t *testing.T) {
	for name, wait := range waits() {
		inWorld(t, func(w *world) {
			w.onUI(func() {
				assert.ErrorIs(t, wait(context.Background()), guest.ErrWouldDeadlock, name)
			})
		})
	}
}

func TestWaitsWithATasksContextAreRefusedOnAGoroutine(t *testing.T) {
	for name, wait := range waits() {
		inWorld(t, func(w *world) {
			task := w.g.Go(func(ctx context.Context) error {
				done := make(chan struct{})
				go func() {
					defer close(done)
					assert.Panics(t, func() { _ = wait(ctx) }, name)
				}()
				<-done
				return nil
			})
			assert.NoError(t, task.Wait(context.Background()))
		})
	}
}

func TestNoWaitReturnsNilWhenItsContextIsDone(t *testing.T) {
	boom := errors.New("boom")
	for name, wait := range waits() {
		for caller := range callers {
			inBubble(t, func(w *world) {
				w.start(caller, func(ctx context.Context) {
					ctx, cancel := context.WithCancelCause(ctx)
					cancel(boom)
					err := wait(ctx)
					assert.ErrorIs(t, err, context.Canceled, name)
					assert.ErrorIs(t, err, boom, name)
				})
				synctest.Wait()
			})
		}
	}
}

func TestWhatIsIdleHasNoGoroutineAndNoTimer(t *testing.T) {
	inBubble(t, func(w *world) {
		var x flow.Var[int]
		var m flow.Mailbox[int]
		s := flow.NewSemaphore(0)
		w.onUI(func() {})
		before := runtime.NumGoroutine()
		w.g.Go(func(ctx context.Context) error {
			for range 10 {
				x.Bind(ctx, func(int) {})
				guest.Go(ctx, func(ctx context.Context) error { return last(x.Values(ctx)) })
				guest.Go(ctx, func(ctx context.Context) error { return last(m.Batches(ctx)) })
				guest.Go(ctx, func(ctx context.Context) error { return s.Acquire(ctx, 1) })
			}
			return guest.Park(ctx)
		})
		synctest.Wait()
		// the process has goroutines that come and go
		require.LessOrEqual(t, runtime.NumGoroutine(), before+31+5, "a coroutine for each task, and no more")
		asked := w.loop.asked.Load()
		time.Sleep(1000 * time.Hour)
		synctest.Wait()
		require.Equal(t, asked, w.loop.asked.Load())
	})
}

// A task that never has to wait lets others run all the same.
func TestWaitsThatAreSatisfiedAtOnceGiveWay(t *testing.T) {
	s, x, ch := flow.NewSemaphore(1), flow.NewVar(0), make(chan int, 1)
	for name, body := range map[string]func(ctx context.Context, others func() bool){
		"Acquire": func(ctx context.Context, others func() bool) {
			for !others() {
				assert.NoError(t, s.Acquire(ctx, 1))
				s.Release(1)
			}
		},
		"Values": func(ctx context.Context, others func() bool) {
			for v, err := range x.Values(ctx) {
				if !assert.NoError(t, err) || others() {
					return
				}
				x.Set(v + 1)
			}
		},
		"Send": func(ctx context.Context, others func() bool) {
			for !others() {
				_, err := flow.Send(ctx, ch, 1)
				assert.NoError(t, err)
				<-ch
			}
		},
		"Batches and Mailbox.Send": func(ctx context.Context, others func() bool) {
			m := flow.NewMailbox[int](&flow.MailboxOptions{Frame: 1})
			m.Put(1)
			for _, err := range m.Batches(ctx) {
				if !assert.NoError(t, err) || others() {
					return
				}
				_, err := m.Send(ctx, 1)
				assert.NoError(t, err)
			}
		},
	} {
		inWorld(t, func(w *world) {
			ran := false
			task := w.g.Go(func(ctx context.Context) error {
				guest.Go(ctx, func(context.Context) error { ran = true; return nil })
				body(ctx, func() bool { return ran })
				return nil
			})
			require.NoError(t, task.Wait(context.Background()), name)
		})
	}
}
