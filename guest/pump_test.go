package guest_test

import (
	"context"
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
	"github.com/golodger/lodger/host"
	"github.com/golodger/lodger/hosts/headless"
)

func TestOnlyThePumpResumesTasks(t *testing.T) {
	s := &story{t: t}
	f := guest.NewFuture[int]()
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		g := guestOf(ctx)
		sleeper := guest.Go(ctx, func(ctx context.Context) error {
			s.step(2)
			err := guest.Sleep(ctx, never)
			s.step(6) // woken by the cancellation, which was carried out at once
			assert.ErrorIs(t, err, errBoom)
			return err
		})
		guest.Go(ctx, func(ctx context.Context) error {
			s.step(3)
			_, err := f.Wait(ctx)
			s.step(7)
			return err
		})
		s.step(1)
		if err := guest.Yield(ctx); err != nil {
			return err
		}
		s.step(4)
		// Nothing of this runs anybody: it only queues.
		sleeper.Cancel(errBoom)
		f.Resolve(1)
		_ = g.Post(func() { s.step(8) })
		guest.Go(ctx, func(context.Context) error { s.step(9); return nil })
		s.step(5)
		return guest.Join(ctx)
	}))
	s.step(10)
}

func TestHandlerOfTheLoopOnlyQueues(t *testing.T) {
	s := &story{t: t}
	synctest.Test(t, func(t *testing.T) {
		loop := headless.New()
		_, err := guest.Run(loop, func(ctx context.Context) (int, error) {
			g := guestOf(ctx)
			loop.RunSyncSoonThreadsafe(func() { // a UI handler
				s.step(1)
				task := g.Go(func(context.Context) error { s.step(3); return nil })
				guest.Go(ctx, func(context.Context) error { s.step(4); return nil })
				_ = g.Post(func() { s.step(5) })
				g.Cancel(nil)
				assert.NoError(t, task.Err())
				s.step(2)
			})
			return 0, guest.Park(ctx)
		}, nil)
		require.ErrorIs(t, err, guest.ErrQuit)
	})
	s.step(6)
}

func TestTasksRunOnTheHostsThread(t *testing.T) {
	needThreads(t, "there is one for all")
	var where host.Thread
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		where = host.CurrentThread()
		for range 20 {
			guest.Go(ctx, func(ctx context.Context) error {
				for range 5 {
					assert.Equal(t, where, host.CurrentThread())
					if err := guest.Sleep(ctx, time.Second); err != nil {
						return err
					}
					_, _ = guest.Background(ctx, func(context.Context) (int, error) {
						assert.NotEqual(t, where, host.CurrentThread())
						return 0, nil
					})
				}
				return nil
			})
		}
		return guest.Join(ctx)
	}))
}

func TestBatchIsASnapshot(t *testing.T) {
	s := &story{t: t}
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		g := guestOf(ctx)
		guest.Go(ctx, func(ctx context.Context) error {
			s.step(2)
			_ = g.Post(func() { s.step(5) }) // becomes ready in this batch: waits for the next
			guest.Go(ctx, func(context.Context) error { s.step(6); return nil })
			return nil
		})
		_ = g.Post(func() {
			s.step(3)
			_ = g.Post(func() { s.step(7) })
		})
		guest.Go(ctx, func(ctx context.Context) error {
			s.step(4)
			err := guest.Yield(ctx)
			s.step(8)
			return err
		})
		s.step(1)
		return guest.Join(ctx)
	}))
	s.step(9)
}

func TestOrderIsFirstComeFirstServed(t *testing.T) {
	s := &story{t: t}
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		g := guestOf(ctx)
		f, h := guest.NewFuture[int](), guest.NewFuture[int]()
		guest.Go(ctx, func(ctx context.Context) error { _, err := f.Wait(ctx); s.step(3); return err })
		guest.Go(ctx, func(ctx context.Context) error { _, err := h.Wait(ctx); s.step(2); return err })
		guest.Go(ctx, func(ctx context.Context) error { _, err := f.Wait(ctx); s.step(4); return err })
		if err := guest.Yield(ctx); err != nil {
			return err
		}
		_ = g.Post(func() { s.step(1) })
		h.Resolve(0) // its waiter came second, and is served first
		f.Resolve(0)
		guest.Go(ctx, func(context.Context) error { s.step(5); return nil })
		_ = g.Post(func() { s.step(6) })
		err := guest.Yield(ctx) // last in the line
		s.step(7)
		return err
	}))
}

func TestAllThatIsReadyRunsOnceBeforeAnythingRunsTwice(t *testing.T) {
	const tasks, rounds = 50, 20
	s := &story{t: t}
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		for i := range int32(tasks) {
			guest.Go(ctx, func(ctx context.Context) error {
				for r := range int32(rounds) {
					s.step(r*tasks + i + 1)
					if err := guest.Yield(ctx); err != nil {
						return err
					}
				}
				return nil
			})
		}
		return nil
	}))
}

func TestPostsOfOneGoroutineStayInOrder(t *testing.T) {
	const goroutines, posts = 4, 2000
	var last [goroutines]int
	require.NoError(t, really(nil, func(ctx context.Context) error {
		g := guestOf(ctx)
		return inBackground(ctx, func(context.Context) {
			var wg sync.WaitGroup
			for i := range goroutines {
				wg.Go(func() {
					for n := range posts {
						assert.NoError(t, g.Post(func() {
							if last[i] != n {
								t.Errorf("post %d of goroutine %d came as number %d", n, i, last[i])
							}
							last[i]++
						}))
					}
				})
			}
			wg.Wait()
		})
	}))
	for _, n := range last {
		require.Equal(t, posts, n)
	}
}

func TestCancelOnTheUIThreadIsCompleteWhenItReturns(t *testing.T) {
	s := &story{t: t}
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		var victim *guest.Task
		guest.Go(ctx, func(ctx context.Context) error {
			s.step(2)
			victim.Cancel(errBoom)
			assert.ErrorIs(t, victim.Err(), nil, "which has not unwound")
			return nil
		})
		victim = guest.Go(ctx, func(ctx context.Context) error {
			s.step(3) // an accepted function always runs
			assert.ErrorIs(t, ctx.Err(), context.Canceled)
			err := guest.Yield(ctx)
			s.step(4)
			assert.ErrorIs(t, err, errBoom)
			assert.ErrorIs(t, ctx.Err(), context.Canceled)
			return err
		})
		guest.Go(ctx, func(context.Context) error { s.step(5); return nil })
		s.step(1)
		return nil
	}))
}

func TestBudgetGivesTheThreadBack(t *testing.T) {
	t.Run("after 10000 switches where time stands still", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			loop, yields, turns, most := headless.New(), 0, 0, 0
			_, err := guest.Run(loop, func(ctx context.Context) (int, error) {
				var turn func()
				turn = func() {
					turns++
					most, yields = max(most, yields), 0
					if turns == 10 {
						guestOf(ctx).Cancel(nil)
						return
					}
					loop.RunSyncSoonThreadsafe(turn)
				}
				loop.RunSyncSoonThreadsafe(turn)
				for range 2 {
					guest.Go(ctx, func(ctx context.Context) error {
						for {
							yields++
							if err := guest.Yield(ctx); err != nil {
								return err
							}
						}
					})
				}
				return 0, guest.Park(ctx)
			}, nil)
			require.ErrorIs(t, err, guest.ErrQuit)
			require.LessOrEqual(t, most, 10_050)
			require.Greater(t, most, 5_000)
		})
	})
	t.Run("after the time in Options.Budget", func(t *testing.T) {
		loop, longest := headless.New(), time.Duration(0)
		_, err := guest.Run(loop, func(ctx context.Context) (int, error) {
			turns, last := 0, time.Now()
			var turn func()
			turn = func() {
				now := time.Now()
				longest, last = max(longest, now.Sub(last)), now
				if turns++; turns == 5 {
					guestOf(ctx).Cancel(nil)
					return
				}
				loop.RunSyncSoonThreadsafe(turn)
			}
			loop.RunSyncSoonThreadsafe(turn)
			for ctx.Err() == nil {
				_ = guest.Yield(ctx)
				guest.Go(ctx, func(context.Context) error { return nil })
			}
			return 0, nil
		}, &guest.Options{Budget: time.Millisecond})
		require.NoError(t, err)
		require.Less(t, longest, time.Second)
	})
}

// Every wait that is satisfied at once, again and again, by the only task there is.
func TestSatisfiedWaitGivesWayOnceTheBudgetIsSpent(t *testing.T) {
	settled := guest.NewFuture[int]()
	settled.Resolve(1)
	for name, wait := range map[string]func(ctx, cancelled context.Context, ended *guest.Task, ch chan int){
		"Yield":         func(ctx, _ context.Context, _ *guest.Task, _ chan int) { _ = guest.Yield(ctx) },
		"Sleep of 0":    func(ctx, _ context.Context, _ *guest.Task, _ chan int) { _ = guest.Sleep(ctx, 0) },
		"Await, future": func(ctx, _ context.Context, _ *guest.Task, _ chan int) { _, _ = settled.Wait(ctx) },
		"Await, task":   func(ctx, _ context.Context, ended *guest.Task, _ chan int) { _ = ended.Wait(ctx) },
		"Recv":          func(ctx, _ context.Context, _ *guest.Task, ch chan int) { ch <- 1; _, _, _ = flow.Recv(ctx, ch) },
		"Join":          func(ctx, _ context.Context, _ *guest.Task, _ chan int) { _ = guest.Join(ctx) },
		"All":           func(ctx, _ context.Context, _ *guest.Task, _ chan int) { _, _ = guest.All(ctx, settled) },
		"All of none":   func(ctx, _ context.Context, _ *guest.Task, _ chan int) { _, _ = guest.All[int](ctx) },
		"Run, dropped": func(ctx, _ context.Context, _ *guest.Task, _ chan int) {
			var a *flow.Action[int]
			a = flow.NewAction(ctx, func(ctx context.Context, _ int) error { return a.Run(ctx, 1) }, flow.Drop)
			_ = a.Run(ctx, 0)
		},
		"Semaphore": func(ctx, _ context.Context, _ *guest.Task, _ chan int) {
			_ = flow.NewSemaphore(1).Acquire(ctx, 1)
		},
		"Sleep, cancelled": func(_, cancelled context.Context, _ *guest.Task, _ chan int) {
			_ = guest.Sleep(cancelled, time.Hour)
		},
		"Park, cancelled": func(_, cancelled context.Context, _ *guest.Task, _ chan int) { _ = guest.Park(cancelled) },
		"Background, cancelled": func(_, cancelled context.Context, _ *guest.Task, _ chan int) {
			_ = inBackground(cancelled, func(context.Context) {})
		},
		"Modal, cancelled": func(_, cancelled context.Context, _ *guest.Task, _ chan int) {
			_ = guest.Modal(cancelled, func() {})
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				loop := headless.New()
				_, err := guest.Run(loop, func(ctx context.Context) (int, error) {
					cancelled, cancel := context.WithCancel(ctx)
					cancel()
					ch, ended := make(chan int, 1), guest.Go(ctx, func(context.Context) error { return nil })
					stop := false
					loop.RunSyncSoonThreadsafe(func() { stop = true })
					for n := 0; !stop; n++ {
						wait(ctx, cancelled, ended, ch)
						if n > 30_000 {
							return 0, fmt.Errorf("%s kept the thread", name)
						}
					}
					return 0, nil
				}, nil)
				require.NoError(t, err)
			})
		})
	}
}

func TestFloodOfPostsGivesTheThreadBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		loop, posts := headless.New(), 0
		_, err := guest.Run(loop, func(ctx context.Context) (int, error) {
			g, stop := guestOf(ctx), false
			loop.RunSyncSoonThreadsafe(func() { stop = true })
			for range 25_000 {
				_ = g.Post(func() { posts++ })
			}
			var again func()
			again = func() { // a post that posts itself
				if !stop {
					_ = g.Post(again)
				}
			}
			again()
			err := guest.Yield(ctx)
			assert.Equal(t, 25_000, posts)
			return 0, err
		}, nil)
		require.NoError(t, err)
	})
}

func TestAtMostOneWakeUpIsOutstanding(t *testing.T) {
	h := newTestHost(t)
	_, err := guest.Run(h, func(ctx context.Context) (int, error) {
		g := guestOf(ctx)
		return 0, guest.Modal(ctx, func() { // no pump runs
			before := h.Asked.Load()
			for range 1000 {
				_ = g.Post(func() {})
				guest.Go(ctx, func(context.Context) error { return nil }).Cancel(nil)
			}
			assert.LessOrEqual(t, h.Asked.Load()-before, int64(1))
		})
	}, nil)
	require.NoError(t, err)
}

func TestIdleAsksForNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newTestHost(t)
		_, err := guest.Run(h, func(ctx context.Context) (int, error) {
			for range 10 {
				guest.Go(ctx, func(ctx context.Context) error { return guest.Sleep(ctx, 50*time.Minute) })
			}
			before := h.Asked.Load()
			err := guest.Sleep(ctx, time.Hour)
			assert.LessOrEqual(t, h.Asked.Load()-before, int64(2), "one for each deadline")
			return 0, err
		}, nil)
		require.NoError(t, err)
	})
}

func TestPostJustBeforeTheHostSleepsIsHeard(t *testing.T) {
	require.NoError(t, really(nil, func(ctx context.Context) error {
		g := guestOf(ctx)
		return inBackground(ctx, func(context.Context) {
			for range 2000 { // as fast as the pump falls asleep
				heard := make(chan struct{})
				assert.NoError(t, g.Post(func() { close(heard) }))
				<-heard
			}
		})
	}))
}

func TestManyGoroutinesPostAndSpawn(t *testing.T) {
	var posts, tasks int
	var accepted atomic.Int64
	require.NoError(t, really(nil, func(ctx context.Context) error {
		g := guestOf(ctx)
		return inBackground(ctx, func(ctx context.Context) {
			var wg sync.WaitGroup
			for range 8 {
				wg.Go(func() {
					for range 500 {
						assert.NoError(t, g.Post(func() { posts++ }))
						guest.Go(ctx, func(ctx context.Context) error { tasks++; return guest.Yield(ctx) })
						accepted.Add(1)
						runtime.Gosched()
					}
				})
			}
			wg.Wait()
		})
	}))
	require.Equal(t, int(accepted.Load()), posts)
	require.Equal(t, int(accepted.Load()), tasks)
}
