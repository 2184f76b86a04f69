package guest_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/flow"
)

// TestWaitInAPoolHearsOfACancellationWhileItGetsItsPlaceBack: the place may be long in coming,
// and ctx done by then.
func TestWaitInAPoolHearsOfACancellationWhileItGetsItsPlaceBack(t *testing.T) {
	full := make(chan int, 1)
	settled := guest.NewFuture[int]()
	for name, wait := range map[string]func(ctx context.Context) (bool, error){
		"Sleep": func(ctx context.Context) (bool, error) { return true, guest.Sleep(ctx, time.Second) },
		"Recv": func(ctx context.Context) (bool, error) {
			_, ok, err := flow.Recv(ctx, full)
			return ok, err
		},
		"Future.Wait": func(ctx context.Context) (bool, error) {
			v, err := settled.Wait(ctx)
			return v == 7, err
		},
		"All": func(ctx context.Context) (bool, error) {
			v, err := guest.All(ctx, settled)
			return len(v) == 1, err
		},
		"First": func(ctx context.Context) (bool, error) {
			v, err := guest.First(ctx, settled)
			return v == 7, err
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				settled = guest.NewFuture[int]()
				full = make(chan int, 1)
				pooled := flow.WithExecutor(context.Background(), flow.NewPool(1))
				begin := time.Now()
				first := guest.Submit(pooled, func(ctx context.Context) (int, error) {
					ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
					defer cancel()
					got, err := wait(ctx)
					if ctx.Err() != nil {
						assert.ErrorIs(t, err, context.DeadlineExceeded)
					}
					assert.True(t, got)
					assert.LessOrEqual(t, time.Since(begin), 2*time.Second)
					return 0, nil
				})
				hog := guest.Submit(pooled, func(context.Context) (int, error) {
					settled.Resolve(7)
					full <- 7
					time.Sleep(time.Minute) // it holds the only place
					return 0, nil
				})
				_, err := guest.All(context.Background(), first, hog)
				require.NoError(t, err)
			})
		})
	}
}

// TestCancelledWaitInAPoolReturnsAtOnce, even if another function has taken the place for long.
func TestCancelledWaitInAPoolReturnsAtOnce(t *testing.T) {
	elsewhere := func(ctx context.Context) context.Context { return flow.WithExecutor(ctx, onGoroutines{}) }
	for name, wait := range map[string]func(ctx context.Context) error{
		"Sleep":     func(ctx context.Context) error { return guest.Sleep(ctx, time.Hour) },
		"Park":      guest.Park,
		"Recv":      func(ctx context.Context) error { _, _, err := flow.Recv(ctx, make(chan int)); return err },
		"Send":      func(ctx context.Context) error { _, err := flow.Send(ctx, make(chan int), 1); return err },
		"Wait":      func(ctx context.Context) error { _, err := guest.NewFuture[int]().Wait(ctx); return err },
		"All":       func(ctx context.Context) error { _, err := guest.All(ctx, guest.NewFuture[int]()); return err },
		"Semaphore": func(ctx context.Context) error { return flow.NewSemaphore(0).Acquire(ctx, 1) },
		"Background": func(ctx context.Context) error {
			return guest.BackgroundFunc(elsewhere(ctx), func(ctx context.Context) error { <-ctx.Done(); return nil })
		},
		"CallOnMain": func(ctx context.Context) error {
			_, err := guest.CallOnMain(ctx, func(ctx context.Context) (int, error) { return 0, guest.Park(ctx) })
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
				pooled := flow.WithExecutor(ctx, flow.NewPool(1))
				begin := time.Now()
				first := guest.Submit(pooled, func(ctx context.Context) (int, error) {
					ctx, cancel := context.WithTimeout(ctx, time.Second)
					defer cancel()
					assert.ErrorIs(t, wait(ctx), context.DeadlineExceeded)
					assert.Equal(t, time.Second, time.Since(begin))
					assert.Error(t, guest.Yield(ctx))
					assert.Error(t, guest.Park(ctx))
					return 0, nil
				})
				hog := guest.Submit(pooled, func(context.Context) (int, error) { time.Sleep(time.Minute); return 0, nil })
				_, err := guest.All(ctx, first, hog)
				return err
			}))
		})
	}
}

// TestOverdrawnPoolBeginsNothing until it is within its limit again.
func TestOverdrawnPoolBeginsNothing(t *testing.T) {
	for name, c := range map[string]struct{ first, hog, third time.Duration }{
		"the first ends last": {2 * time.Minute, time.Minute, 2 * time.Minute},
		"the hog ends last":   {2 * time.Minute, 3 * time.Minute, 3 * time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				pooled := flow.WithExecutor(context.Background(), flow.NewPool(1))
				begin := time.Now()
				first := guest.Submit(pooled, func(ctx context.Context) (int, error) {
					for range 3 { // it waits without an end, and goes on, three times
						short, cancel := context.WithTimeout(ctx, time.Second)
						assert.Error(t, guest.Park(short))
						cancel()
					}
					time.Sleep(c.first - time.Since(begin))
					return 0, nil
				})
				hog := guest.Submit(pooled, func(context.Context) (int, error) { time.Sleep(c.hog); return 0, nil })
				third := guest.Submit(pooled, func(context.Context) (int, error) {
					assert.Equal(t, c.third, time.Since(begin))
					return 0, nil
				})
				_, err := guest.All(context.Background(), first, hog, third)
				require.NoError(t, err)
			})
		})
	}
}

// TestPoolKeepsItsLimitAfterCancelledWaits: each of them came back while it stood in line.
func TestPoolKeepsItsLimitAfterCancelledWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		pooled := flow.WithExecutor(context.Background(), flow.NewPool(2))
		begin := time.Now()
		all := make([]*guest.Future[int], 10)
		for i := range all {
			all[i] = guest.Submit(pooled, func(ctx context.Context) (int, error) {
				ctx, cancel := context.WithTimeout(ctx, time.Duration(i+2)*time.Second)
				defer cancel()
				assert.ErrorIs(t, guest.Sleep(ctx, time.Second), context.DeadlineExceeded)
				assert.Equal(t, time.Duration(i+2)*time.Second, time.Since(begin))
				time.Sleep(time.Second)
				return 0, nil
			})
		}
		for range 2 { // they take both places
			all = append(all, guest.Submit(pooled, func(context.Context) (int, error) { time.Sleep(time.Minute); return 0, nil }))
		}
		var now, most atomic.Int32
		for range 10 {
			all = append(all, guest.Submit(pooled, func(context.Context) (int, error) {
				most.Store(max(most.Load(), now.Add(1)))
				time.Sleep(time.Second)
				now.Add(-1)
				return 0, nil
			}))
		}
		_, err := guest.All(context.Background(), all...)
		require.NoError(t, err)
		require.EqualValues(t, 2, most.Load())
		require.Equal(t, 65*time.Second, time.Since(begin), "no place is lost")
	})
}

// onGoroutines is an executor of a program's own.
type onGoroutines struct{}

func (onGoroutines) Execute(ctx context.Context, fn func(ctx context.Context)) { go fn(ctx) }

// TestOnlyTheHolderOfAPlaceLendsIt: a function that a pool's function runs on another executor
// has none.
func TestOnlyTheHolderOfAPlaceLendsIt(t *testing.T) {
	for name, call := range map[string]func(ctx context.Context, fn func(ctx context.Context) (int, error)) (int, error){
		"Background": guest.Background[int],
		"Submit": func(ctx context.Context, fn func(ctx context.Context) (int, error)) (int, error) {
			return guest.Submit(ctx, fn).Wait(ctx)
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				pooled := flow.WithExecutor(context.Background(), flow.NewPool(1))
				first := guest.Submit(pooled, func(ctx context.Context) (int, error) {
					return call(flow.WithExecutor(ctx, onGoroutines{}), func(ctx context.Context) (int, error) {
						return 0, guest.Sleep(ctx, time.Second)
					})
				})
				var running, most atomic.Int32
				for range 3 {
					guest.Submit(pooled, func(context.Context) (int, error) {
						most.Store(max(most.Load(), running.Add(1)))
						time.Sleep(time.Minute)
						running.Add(-1)
						return 0, nil
					})
				}
				_, err := first.Wait(context.Background())
				require.NoError(t, err)
				time.Sleep(time.Hour)
				require.EqualValues(t, 1, most.Load())
			})
		})
	}
}

// TestYieldInAPoolLetsAnotherFunctionRun, as all waits there do.
func TestYieldInAPoolLetsAnotherFunctionRun(t *testing.T) {
	for name, yield := range map[string]func(ctx context.Context) error{
		"Yield": guest.Yield,
		"Sleep": func(ctx context.Context) error { return guest.Sleep(ctx, 0) },
	} {
		synctest.Test(t, func(t *testing.T) {
			pooled := flow.WithExecutor(context.Background(), flow.NewPool(1))
			begun := make(chan bool)
			var second *guest.Future[int]
			first := guest.Submit(pooled, func(ctx context.Context) (int, error) {
				<-begun
				for range 1000 {
					if _, ran, _ := second.Result(); ran {
						return 7, nil
					}
					if err := yield(ctx); err != nil {
						return 0, err
					}
				}
				return 0, errors.New("the second never ran")
			})
			second = guest.Submit(pooled, func(context.Context) (int, error) { return 7, nil })
			close(begun)
			ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
			defer cancel()
			v, err := first.Wait(ctx)
			require.NoError(t, err, name) // it gets its place back
			require.Equal(t, 7, v)
		})
	}
}

// TestWaitLendsItsPlaceInThePool: what it waits for may need one.
func TestWaitLendsItsPlaceInThePool(t *testing.T) {
	require.NoError(t, virtually(t, nil, func(ctx context.Context) error {
		ctx = flow.WithExecutor(ctx, flow.NewPool(1))
		for name, wait := range map[string]func(ctx context.Context, ch <-chan int) error{
			"Sleep": func(ctx context.Context, _ <-chan int) error { return guest.Sleep(ctx, time.Minute) },
			"Recv":  func(ctx context.Context, ch <-chan int) error { _, _, err := flow.Recv(ctx, ch); return err },
			"Background": func(ctx context.Context, _ <-chan int) error {
				return inBackground(ctx, func(ctx context.Context) { assert.NoError(t, guest.Sleep(ctx, time.Second)) })
			},
			"Background elsewhere": func(ctx context.Context, _ <-chan int) error {
				return inBackground(flow.WithExecutor(ctx, flow.NewPool(1)), func(context.Context) { time.Sleep(time.Second) })
			},
		} {
			ch := make(chan int, 1)
			first := guest.Go(ctx, func(ctx context.Context) error {
				return inBackground(ctx, func(ctx context.Context) { assert.NoError(t, wait(ctx, ch), name) })
			})
			assert.NoError(t, guest.Yield(ctx))
			assert.NoError(t, inBackground(ctx, func(context.Context) { ch <- 1 }), name)
			assert.NoError(t, first.Wait(ctx))
		}
		return nil
	}))
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

// TestFunctionThatComesBackToItsPoolGoesFirst: otherwise all functions of a long line would be
// half done at once, with all that they hold.
func TestFunctionThatComesBackToItsPoolGoesFirst(t *testing.T) {
	for name, wait := range map[string]func(ctx context.Context) error{
		"Sleep": func(ctx context.Context) error { return guest.Sleep(ctx, time.Millisecond) },
		"Wait": func(ctx context.Context) error {
			_, err := guest.Submit(flow.WithExecutor(ctx, onGoroutines{}), func(context.Context) (int, error) {
				time.Sleep(time.Millisecond)
				return 0, nil
			}).Wait(ctx)
			return err
		},
		"Recv": func(ctx context.Context) error {
			_, _, err := flow.Recv(ctx, time.After(time.Millisecond))
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				pooled := flow.WithExecutor(context.Background(), flow.NewPool(1))
				halfDone, most := 0, 0 // a pool of one is a lock
				all := make([]*guest.Future[int], 200)
				for i := range all {
					all[i] = guest.Submit(pooled, func(ctx context.Context) (int, error) {
						halfDone++
						most = max(most, halfDone)
						time.Sleep(time.Second)
						err := wait(ctx)
						time.Sleep(time.Second)
						halfDone--
						return 0, err
					})
				}
				_, err := guest.All(context.Background(), all...)
				require.NoError(t, err)
				require.LessOrEqual(t, most, 2)
			})
		})
	}
}

// TestPoolKeepsTheOrderOfThoseThatComeBack, and of those that have not begun.
func TestPoolKeepsTheOrderOfThoseThatComeBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &story{t: t}
		pooled := flow.WithExecutor(context.Background(), flow.NewPool(1))
		var all []*guest.Future[int]
		add := func(fn func(ctx context.Context)) {
			all = append(all, guest.Submit(pooled, func(ctx context.Context) (int, error) { fn(ctx); return 0, nil }))
		}
		for i := range int32(5) {
			add(func(ctx context.Context) {
				assert.NoError(t, guest.Sleep(ctx, time.Duration(10-i)*time.Second))
				s.step(1 + 5 - i) // the last one comes back first
				time.Sleep(time.Second)
			})
		}
		add(func(context.Context) { time.Sleep(time.Minute); s.step(1) })
		for i := range int32(5) {
			add(func(context.Context) { s.step(7 + i) })
		}
		_, err := guest.All(context.Background(), all...)
		require.NoError(t, err)
	})
}

// TestYieldInAPoolLetsAllOthersGoFirst: two functions that yield until a third has run would
// otherwise pass the place to and fro.
func TestYieldInAPoolLetsAllOthersGoFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		pooled := flow.WithExecutor(context.Background(), flow.NewPool(1))
		third := false
		all := make([]*guest.Future[int], 3)
		for i := range all {
			all[i] = guest.Submit(pooled, func(ctx context.Context) (int, error) {
				third = third || i == 2
				for range 3 {
					time.Sleep(time.Second)
					if third {
						return 0, nil
					}
					if err := guest.Yield(ctx); err != nil {
						return 0, err
					}
				}
				return 0, errors.New("the third never ran")
			})
		}
		_, err := guest.All(context.Background(), all...)
		require.NoError(t, err)
	})
}

// TestFunctionHasOnePlaceToLend, however many goroutines it has.
func TestFunctionHasOnePlaceToLend(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		pooled := flow.WithExecutor(context.Background(), flow.NewPool(2))
		var now, most atomic.Int32
		busy := func(context.Context) (int, error) {
			most.Store(max(most.Load(), now.Add(1)))
			time.Sleep(time.Second)
			now.Add(-1)
			return 0, nil
		}
		first := guest.Submit(pooled, func(ctx context.Context) (int, error) {
			for i := range 5 {
				go func() { assert.NoError(t, guest.Sleep(context.WithoutCancel(ctx), time.Duration(i+1)*time.Second)) }()
			}
			time.Sleep(3500 * time.Millisecond) // two of them outlast it
			return 0, nil
		})
		for range 100 {
			guest.Submit(pooled, busy)
		}
		_, err := first.Wait(context.Background())
		require.NoError(t, err)
		time.Sleep(time.Hour)
		require.Zero(t, now.Load())
		require.EqualValues(t, 2, most.Load())
	})
}

// TestGoroutinesOfAFunctionWaitForItsPlaceTogether when the last of them comes back.
func TestGoroutinesOfAFunctionWaitForItsPlaceTogether(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		pooled := flow.WithExecutor(context.Background(), flow.NewPool(1))
		begin := time.Now()
		var came [2]time.Duration
		first := guest.Submit(pooled, func(ctx context.Context) (int, error) {
			second := make(chan error)
			go func() {
				time.Sleep(2 * time.Second) // while the first waits for the place
				err := guest.Sleep(ctx, time.Second)
				came[1] = time.Since(begin)
				second <- err
			}()
			err := guest.Sleep(ctx, time.Second)
			came[0] = time.Since(begin)
			return 0, errors.Join(err, <-second)
		})
		hog := guest.Submit(pooled, func(context.Context) (int, error) { time.Sleep(time.Minute); return 0, nil })
		_, err := guest.All(context.Background(), first, hog)
		require.NoError(t, err)
		require.Equal(t, [2]time.Duration{time.Minute, time.Minute}, came)
	})
}

// TestPlaceIsPassedOnWhileAGoroutineOfTheFunctionWaits: that goroutine may wait for who gets it.
func TestPlaceIsPassedOnWhileAGoroutineOfTheFunctionWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		pooled := flow.WithExecutor(context.Background(), flow.NewPool(1))
		first := guest.Submit(pooled, func(ctx context.Context) (int, error) {
			second := make(chan int)
			go func() {
				time.Sleep(2 * time.Second) // while the first waits for the place
				v, err := guest.Submit(ctx, func(context.Context) (int, error) { return 7, nil }).Wait(ctx)
				assert.NoError(t, err)
				second <- v
			}()
			err := guest.Sleep(ctx, time.Second)
			return <-second, err
		})
		guest.Submit(pooled, func(context.Context) (int, error) { time.Sleep(time.Minute); return 0, nil })
		v, err := first.Wait(context.Background())
		require.NoError(t, err)
		require.Equal(t, 7, v)
	})
}
