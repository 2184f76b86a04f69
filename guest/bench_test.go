package guest_test

import (
	"context"
	"errors"
	"iter"
	"runtime"
	"testing"
	"time"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/hosts/headless"
)

// Every figure has its baseline beside it, under the same sub-benchmark name, in the same run:
// what counts is the ratio.

// inTask runs the benchmark's body as the main task of a guest, on a locked thread.
func inTask(b *testing.B, body func(ctx context.Context)) {
	b.Helper()
	_, err := headless.Run(func(ctx context.Context) (any, error) {
		body(ctx)
		return nil, nil
	}, nil)
	if err != nil && !errors.Is(err, guest.ErrQuit) {
		b.Fatal(err)
	}
}

// onLockedThread runs body on a goroutine of its own, locked to its thread.
func onLockedThread(body func()) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		body()
	}()
	<-done
}

// BenchmarkSwitch is the cost of giving way once. A task that is alone does not even switch;
// two do.
func BenchmarkSwitch(b *testing.B) {
	b.Run("1/pull", func(b *testing.B) { onLockedThread(func() { benchPull(b, 1) }) })
	b.Run("1/yield", func(b *testing.B) { inTask(b, func(ctx context.Context) { benchYield(b, ctx, 1, nil) }) })
	b.Run("2/pull", func(b *testing.B) { onLockedThread(func() { benchPull(b, 2) }) })
	b.Run("2/yield", func(b *testing.B) { inTask(b, func(ctx context.Context) { benchYield(b, ctx, 2, nil) }) })
	b.Run("2/done", func(b *testing.B) { inTask(b, func(ctx context.Context) { benchYield(b, ctx, 2, askedForDone) }) })
	b.Run("2/derived", func(b *testing.B) { inTask(b, func(ctx context.Context) { benchYield(b, ctx, 2, derived) }) })
	b.Run("100/pull", func(b *testing.B) { onLockedThread(func() { benchPull(b, 100) }) })
	b.Run("100/yield", func(b *testing.B) { inTask(b, func(ctx context.Context) { benchYield(b, ctx, 100, nil) }) })
	b.Run("1/handoff", benchHandOff)
}

func benchPull(b *testing.B, n int) {
	nexts := make([]func() (int, bool), n)
	for i := range nexts {
		next, stop := iter.Pull(func(yield func(int) bool) {
			for yield(0) {
			}
		})
		defer stop()
		next()
		nexts[i] = next
	}
	b.ReportAllocs()
	b.ResetTimer()
	for i := range b.N {
		nexts[i%n]()
	}
}

// askedForDone is a task's context whose Done channel was made, as background functions and
// requests make it.
func askedForDone(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx.Done()
	return ctx, func() {}
}

// derived is a context that a task has derived from its own.
func derived(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(ctx, time.Hour)
}

// benchYield gives way in n tasks. with, if not nil, returns the context for that.
func benchYield(b *testing.B, ctx context.Context, n int, with func(context.Context) (context.Context, context.CancelFunc)) {
	left := b.N
	b.ReportAllocs()
	b.ResetTimer()
	if n == 1 {
		for range left {
			_ = guest.Yield(ctx)
		}
		return
	}
	for range n {
		guest.Go(ctx, func(ctx context.Context) error {
			if with != nil {
				var cancel context.CancelFunc
				ctx, cancel = with(ctx)
				defer cancel()
			}
			for left > 0 {
				left--
				_ = guest.Yield(ctx)
			}
			return nil
		})
	}
	_ = guest.Join(ctx)
}

// benchHandOff is how a function gets its turn on a locked thread today: through channels.
func benchHandOff(b *testing.B) {
	ask, answer := make(chan struct{}), make(chan struct{})
	go onLockedThread(func() {
		for range ask {
			answer <- struct{}{}
		}
	})
	for range b.N {
		ask <- struct{}{}
		<-answer
	}
	close(ask)
}

// BenchmarkSpawn starts a function that does nothing and waits for its end.
func BenchmarkSpawn(b *testing.B) {
	b.Run("goroutine", func(b *testing.B) {
		b.ReportAllocs()
		for range b.N {
			done := make(chan struct{})
			go func() { close(done) }()
			<-done
		}
	})
	b.Run("task", func(b *testing.B) {
		inTask(b, func(ctx context.Context) {
			b.ReportAllocs()
			b.ResetTimer()
			for range b.N {
				_ = guest.Go(ctx, nothing).Wait(ctx)
			}
		})
	})
	b.Run("join", func(b *testing.B) {
		inTask(b, func(ctx context.Context) {
			b.ReportAllocs()
			b.ResetTimer()
			for range b.N {
				guest.Go(ctx, nothing)
				_ = guest.Join(ctx)
			}
		})
	})
}

// BenchmarkFuture makes, settles and awaits a future, beside a channel that does the same. A
// future also notes where it was made.
func BenchmarkFuture(b *testing.B) {
	b.Run("channel", func(b *testing.B) {
		b.ReportAllocs()
		for i := range b.N {
			ch := make(chan int, 1)
			ch <- i
			<-ch
		}
	})
	b.Run("future", func(b *testing.B) {
		inTask(b, func(ctx context.Context) {
			b.ReportAllocs()
			for i := range b.N {
				f := guest.NewFuture[int]()
				f.Resolve(i)
				_, _ = f.Wait(ctx)
			}
		})
	})
}

// BenchmarkSpawnMany is the same for a hundred at a time; the figures are for one of them.
func BenchmarkSpawnMany(b *testing.B) {
	const many = 100
	b.Run("goroutine", func(b *testing.B) {
		b.ReportAllocs()
		for range b.N/many + 1 {
			done := make(chan struct{}, many)
			for range many {
				go func() { done <- struct{}{} }()
			}
			for range many {
				<-done
			}
		}
	})
	b.Run("task", func(b *testing.B) {
		inTask(b, func(ctx context.Context) {
			b.ReportAllocs()
			b.ResetTimer()
			for range b.N/many + 1 {
				for range many {
					guest.Go(ctx, nothing)
				}
				_ = guest.Join(ctx)
			}
		})
	})
}

func nothing(context.Context) error { return nil }

// BenchmarkPost floods the UI thread with functions from another goroutine.
func BenchmarkPost(b *testing.B) {
	b.Run("channel", func(b *testing.B) {
		b.ReportAllocs()
		fns := make(chan func(), 1024)
		go func() {
			for range b.N {
				fns <- func() {}
			}
			close(fns)
		}()
		onLockedThread(func() {
			for fn := range fns {
				fn()
			}
		})
	})
	b.Run("host", func(b *testing.B) { // each to the loop by itself, as toolkits have it
		b.ReportAllocs()
		onLockedThread(func() {
			loop := headless.New()
			_ = loop.Mainloop(func() error {
				go func() {
					for range b.N {
						loop.RunSyncSoonThreadsafe(func() {})
					}
					loop.RunSyncSoonThreadsafe(loop.Quit)
				}()
				return nil
			})
		})
	})
	b.Run("guest", func(b *testing.B) {
		inTask(b, func(ctx context.Context) {
			g, _ := guest.FromContext(ctx)
			b.ReportAllocs()
			b.ResetTimer()
			_, _ = guest.Background(ctx, func(context.Context) (any, error) {
				for range b.N {
					_ = g.Post(func() {})
				}
				return nil, nil
			})
			_ = guest.Yield(ctx)
		})
	})
}

// BenchmarkRoundTrip calls a function on the UI thread from a goroutine and waits for its result.
func BenchmarkRoundTrip(b *testing.B) {
	b.Run("host", func(b *testing.B) {
		b.ReportAllocs()
		onLockedThread(func() {
			loop := headless.New()
			_ = loop.Mainloop(func() error {
				go func() {
					for range b.N {
						done := make(chan struct{})
						loop.RunSyncSoonThreadsafe(func() { close(done) })
						<-done
					}
					loop.Quit()
				}()
				return nil
			})
		})
	})
	b.Run("guest", func(b *testing.B) {
		inTask(b, func(ctx context.Context) {
			b.ReportAllocs()
			_, _ = guest.Background(ctx, func(ctx context.Context) (any, error) {
				for range b.N {
					_, _ = guest.CallOnMain(ctx, func(context.Context) (int, error) { return 0, nil })
				}
				return nil, nil
			})
		})
	})
}

// BenchmarkBackground leaves the UI thread for a goroutine and comes back.
func BenchmarkBackground(b *testing.B) {
	b.Run("host", func(b *testing.B) { // a goroutine, and a post back to the loop
		b.ReportAllocs()
		onLockedThread(func() {
			loop := headless.New()
			n := b.N
			var step func()
			step = func() {
				if n--; n < 0 {
					loop.Quit()
					return
				}
				go func() { loop.RunSyncSoonThreadsafe(step) }()
			}
			_ = loop.Mainloop(func() error { step(); return nil })
		})
	})
	b.Run("guest", func(b *testing.B) {
		inTask(b, func(ctx context.Context) {
			b.ReportAllocs()
			for range b.N {
				_, _ = guest.Background(ctx, func(context.Context) (int, error) { return 0, nil })
			}
		})
	})
}

// BenchmarkParked is the memory of one parked task, its context included, beside a goroutine
// parked on a channel.
func BenchmarkParked(b *testing.B) {
	const n = 100_000
	b.Run("goroutine", func(b *testing.B) {
		for range b.N {
			before := inUse()
			stop := make(chan struct{})
			ready := make(chan struct{})
			for range n {
				go func() { ready <- struct{}{}; <-stop }()
			}
			for range n {
				<-ready
			}
			b.ReportMetric(float64(inUse()-before)/n, "B/parked")
			close(stop)
		}
	})
	b.Run("task", func(b *testing.B) {
		for range b.N {
			inTask(b, func(ctx context.Context) {
				before := inUse()
				for range n {
					guest.Go(ctx, guest.Park)
				}
				_ = guest.Yield(ctx)
				for runtime.NumGoroutine() < n {
					_ = guest.Yield(ctx)
				}
				b.ReportMetric(float64(inUse()-before)/n, "B/parked")
				g, _ := guest.FromContext(ctx)
				g.Cancel(nil)
			})
		}
	})
}

func inUse() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapInuse + m.StackInuse
}

// BenchmarkWake is the cost of waking one sleeper among many that sleep on.
func BenchmarkWake(b *testing.B) {
	for _, size := range []struct {
		name string
		n    int
	}{{"among-1000", 1000}, {"among-1000000", 1_000_000}} {
		b.Run(size.name, func(b *testing.B) {
			inTask(b, func(ctx context.Context) {
				for i := range size.n {
					guest.Go(ctx, func(ctx context.Context) error {
						return guest.Sleep(ctx, time.Hour+time.Duration(i)*time.Microsecond)
					})
				}
				for runtime.NumGoroutine() < size.n {
					_ = guest.Yield(ctx)
				}
				runtime.GC()
				b.ResetTimer()
				for range b.N {
					_ = guest.Sleep(ctx, 1)
				}
				b.StopTimer()
				g, _ := guest.FromContext(ctx)
				g.Cancel(nil)
			})
		})
	}
}

// BenchmarkCancel cancels and unwinds 100 000 parked tasks.
func BenchmarkCancel(b *testing.B) {
	for range b.N {
		b.StopTimer()
		inTask(b, func(ctx context.Context) {
			err := guest.Supervise(ctx, func(ctx context.Context) error {
				all := guest.Go(ctx, func(ctx context.Context) error {
					for range 100_000 {
						guest.Go(ctx, guest.Park)
					}
					return guest.Park(ctx)
				})
				for runtime.NumGoroutine() < 100_000 {
					_ = guest.Yield(ctx)
				}
				b.StartTimer()
				all.Cancel(nil)
				_ = all.Wait(ctx)
				b.StopTimer()
				return nil
			})
			if err != nil {
				b.Error(err)
			}
		})
		b.StartTimer()
	}
}

// BenchmarkAfter has many functions called by the clock, one after another, and waits for the
// last: beside timers that post, and tasks that sleep.
func BenchmarkAfter(b *testing.B) {
	const many = 10_000
	at := func(i int) time.Duration { return time.Duration(i%many) * time.Microsecond }
	b.Run("timers", func(b *testing.B) {
		b.ReportAllocs()
		onLockedThread(func() {
			loop := headless.New()
			_ = loop.Mainloop(func() error {
				left := b.N
				go func() {
					for i := range b.N {
						time.AfterFunc(at(i), func() {
							loop.RunSyncSoonThreadsafe(func() {
								if left--; left == 0 {
									loop.Quit()
								}
							})
						})
					}
				}()
				return nil
			})
		})
	})
	b.Run("after", func(b *testing.B) {
		inTask(b, func(ctx context.Context) {
			b.ReportAllocs()
			b.ResetTimer()
			for i := range b.N {
				guest.After(ctx, at(i), nothing)
			}
			_ = guest.Join(ctx)
		})
	})
	b.Run("sleep", func(b *testing.B) {
		inTask(b, func(ctx context.Context) {
			b.ReportAllocs()
			b.ResetTimer()
			for i := range b.N {
				guest.Go(ctx, func(ctx context.Context) error { return guest.Sleep(ctx, at(i)) })
			}
			_ = guest.Join(ctx)
		})
	})
}
