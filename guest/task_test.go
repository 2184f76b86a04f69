package guest_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/flow"
	"github.com/golodger/lodger/hosts/headless"
	"github.com/golodger/lodger/internal/looptest"
)

func TestHandleSaysHowItsTaskEnded(t *testing.T) {
	require.NoError(t, virtually(t, quiet(), func(ctx context.Context) error {
		return guest.Supervise(ctx, func(ctx context.Context) error {
			well := guest.Go(ctx, func(ctx context.Context) error { return guest.Sleep(ctx, time.Second) })
			badly := guest.Go(ctx, fails)
			assert.NoError(t, well.Err(), "not yet")
			assert.NoError(t, badly.Err(), "not yet")
			assert.NoError(t, well.Wait(ctx))
			assert.Equal(t, errBoom, badly.Wait(ctx))
			assert.Equal(t, errBoom, badly.Err())
			<-well.Done()
			<-badly.Done()
			return inBackground(ctx, func(ctx context.Context) {
				assert.NoError(t, well.Wait(ctx))
				assert.Equal(t, errBoom, badly.Wait(ctx))
			})
		})
	}))
}

func TestHandleMayBeUsedAfterTheEnd(t *testing.T) {
	var task *guest.Task
	var g *guest.Guest
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		g = guestOf(ctx)
		task = guest.Go(ctx, func(context.Context) error { return nil })
		return nil
	}))
	task.Cancel(errBoom)
	require.NoError(t, task.Err())
	require.NoError(t, task.Wait(t.Context()))
	<-task.Done()
	require.Equal(t, guest.ErrFinished, g.Go(func(context.Context) error { t.Error("it ran"); return nil }).Wait(t.Context()))
	require.Equal(t, guest.ErrFinished, g.Post(func() { t.Error("it ran") }))
}

func TestManyAwaitOneTask(t *testing.T) {
	s := &story{t: t}
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		worker := guest.Go(ctx, func(ctx context.Context) error {
			err := guest.Sleep(ctx, time.Second)
			s.step(1)
			return err
		})
		for i := range int32(5) {
			guest.Go(ctx, func(ctx context.Context) error {
				err := worker.Wait(ctx)
				s.step(2 + i)
				return err
			})
		}
		short, cancel := context.WithTimeout(ctx, time.Millisecond)
		defer cancel()
		assert.ErrorIs(t, worker.Wait(short), context.DeadlineExceeded, "the task goes on")
		return guest.Join(ctx)
	}))
	s.step(7)
}

func TestGoroutinesWaitForTasks(t *testing.T) {
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		worker := guest.Go(ctx, func(ctx context.Context) error { return guest.Sleep(ctx, time.Minute) })
		return inBackground(ctx, func(ctx context.Context) {
			start := time.Now()
			short, cancel := context.WithTimeoutCause(ctx, time.Second, errBoom)
			defer cancel()
			err := worker.Wait(short)
			assert.ErrorIs(t, err, context.DeadlineExceeded)
			assert.ErrorIs(t, err, errBoom)
			assert.NoError(t, worker.Wait(ctx))
			assert.Equal(t, time.Minute, time.Since(start))
		})
	}))
}

func TestWaitForAnEndedTaskUnderADoneContextReturnsTheCancellation(t *testing.T) {
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		cancelled, cancel := context.WithCancel(ctx)
		cancel()
		task := guest.Go(ctx, func(context.Context) error { return nil })
		assert.ErrorIs(t, task.Wait(cancelled), context.Canceled, "not ended yet")
		assert.NoError(t, guest.Yield(ctx))
		assert.ErrorIs(t, task.Wait(cancelled), context.Canceled)
		assert.NoError(t, task.Wait(ctx))
		return inBackground(ctx, func(ctx context.Context) {
			cancelled, cancel := context.WithCancel(ctx)
			cancel()
			assert.ErrorIs(t, task.Wait(cancelled), context.Canceled)
		})
	}))
}

func TestTaskIsNamedByItsFunction(t *testing.T) {
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		assert.Contains(t, guest.Go(ctx, park2).String(), "guest_test.park2 (task_test.go:")
		f := guest.Go(ctx, func(context.Context) error { return nil })
		assert.Contains(t, f.String(), "TestTaskIsNamedByItsFunction")
		return nil
	}))
}

func park2(context.Context) error { return nil }

func TestTasksStartFromAnywhere(t *testing.T) {
	n := 0
	count := func(context.Context) error { n++; return nil }
	synctest.Test(t, func(t *testing.T) {
		loop := headless.New()
		g, err := guest.Start(loop, func(ctx context.Context) error {
			g := guestOf(ctx)
			guest.Go(ctx, count)                                     // a task
			_ = g.Post(func() { g.Go(count); guest.Go(ctx, count) }) // a posted function
			_ = guest.RunOnMain(ctx, func() { g.Go(count); guest.Go(ctx, count) })
			_ = guest.Modal(ctx, func() { g.Go(count); guest.Go(ctx, count) })
			_ = inBackground(ctx, func(ctx context.Context) { g.Go(count); guest.Go(ctx, count) })
			loop.RunSyncSoonThreadsafe(func() { g.Go(count); guest.Go(ctx, count) }) // a handler
			return guest.Sleep(ctx, time.Second)
		}, nil)
		require.NoError(t, err)
		early := g.Go(count) // before the loop
		defer looptest.Lock()()
		require.NoError(t, loop.Mainloop(func() error { return nil }))
		require.NoError(t, g.Finish().Err)
		require.NoError(t, early.Err())
	})
	require.Equal(t, 12, n)
}

func TestGuestMayBeStartedInsideATask(t *testing.T) {
	t.Run("with a loop of its own, in the task", func(t *testing.T) {
		s := &story{t: t}
		require.NoError(t, virtually(t, nil, func(outer context.Context) error {
			guest.Go(outer, func(ctx context.Context) error {
				s.step(2)
				loop := headless.New()
				v, err := guest.Run(loop, func(ctx context.Context) (int, error) {
					s.step(3)
					loop.RunSyncSoonThreadsafe(func() { // a handler
						assert.ErrorIs(t, guest.Sleep(ctx, 1), guest.ErrWouldDeadlock)
						assert.ErrorIs(t, guest.Yield(outer), guest.ErrWouldDeadlock)
					})
					guest.Go(ctx, func(ctx context.Context) error { return guest.Sleep(ctx, time.Second) })
					assert.NoError(t, guest.Yield(ctx))
					assert.NoError(t, guest.Sleep(ctx, time.Minute))
					assert.NoError(t, guest.Sleep(context.Background(), time.Minute))
					assert.NoError(t, guest.Scope(ctx, func(ctx context.Context) error { return guest.Join(ctx) }))
					assert.NotSame(t, guestOf(outer), guestOf(ctx))
					v, err := guest.Background(ctx, func(ctx context.Context) (int, error) {
						return guest.CallOnMain(ctx, func(context.Context) (int, error) { s.step(4); return 7, nil })
					})
					assert.NoError(t, guestOf(ctx).Post(func() {
						assert.ErrorIs(t, guest.Sleep(ctx, 1), guest.ErrWouldDeadlock)
						assert.ErrorIs(t, guest.Sleep(outer, 1), guest.ErrWouldDeadlock)
					}))
					return v, err
				}, nil)
				assert.Equal(t, 7, v)
				s.step(5)
				assert.NoError(t, guest.Sleep(ctx, time.Second), "the task is one again")
				return err
			})
			s.step(1)
			err := guest.Sleep(outer, time.Hour)
			s.step(6)
			return err
		}))
	})
	t.Run("with a loop of its own, in the background", func(t *testing.T) {
		require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
			v, err := guest.Background(ctx, func(context.Context) (int, error) {
				return headless.Run(func(ctx context.Context) (int, error) { return 7, guest.Sleep(ctx, time.Second) }, nil)
			})
			assert.Equal(t, 7, v)
			return err
		}))
	})
	t.Run("in the same loop", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			s := &story{t: t}
			h := newTestHost(t)
			_, err := guest.Run(h, func(outer context.Context) (int, error) {
				inner, err := guest.Start(&tenant{testHost: h}, func(ctx context.Context) error {
					s.step(2)
					assert.NoError(t, guest.Sleep(ctx, time.Second))
					assert.NoError(t, guest.Yield(ctx))
					s.step(3)
					assert.NoError(t, guest.Go(outer, func(ctx context.Context) error { return guest.Sleep(ctx, time.Second) }).Wait(ctx))
					// A function of the other guest runs in no task either.
					return guest.RunOnMain(outer, func() {
						assert.ErrorIs(t, guest.Yield(ctx), guest.ErrWouldDeadlock)
						assert.ErrorIs(t, guest.Yield(outer), guest.ErrWouldDeadlock)
					})
				}, nil)
				if err != nil {
					return 0, err
				}
				s.step(1)
				_, _, err = flow.Recv(outer, inner.Done())
				s.step(4)
				return 0, err
			}, nil)
			require.NoError(t, err)
		})
	})
}

func TestGuestsOnTwoThreadsAndTwoOnOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var rounds [4]int
		play := func(i int) func(ctx context.Context) error {
			return func(ctx context.Context) error {
				for range 100 {
					rounds[i]++
					if err := guest.Yield(ctx); err != nil {
						return err
					}
					if err := guest.Sleep(ctx, time.Second); err != nil {
						return err
					}
					if _, err := guest.Background(ctx, func(context.Context) (int, error) { return 0, nil }); err != nil {
						return err
					}
				}
				return nil
			}
		}
		one := make(chan struct{})
		for i := range 2 {
			go func() {
				defer func() { one <- struct{}{} }()
				h := newTestHost(t)
				h.loopFor(func() []*guest.Guest {
					a, err := guest.Start(&tenant{testHost: h}, play(2*i), nil)
					assert.NoError(t, err)
					b, err := guest.Start(&tenant{testHost: h}, play(2*i+1), nil)
					assert.NoError(t, err)
					return []*guest.Guest{a, b}
				})
			}()
		}
		<-one
		<-one
		require.Equal(t, [4]int{100, 100, 100, 100}, rounds)
	})
}
