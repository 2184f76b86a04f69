package flow_test

import (
	"context"
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/flow"
	"github.com/golodger/lodger/hosts/headless"
)

func inTask(b *testing.B, body func(ctx context.Context)) {
	b.Helper()
	b.ReportAllocs()
	_, err := headless.Run(func(ctx context.Context) (any, error) {
		b.ResetTimer()
		body(ctx)
		return nil, nil
	}, nil)
	if err != nil {
		b.Fatal(err)
	}
}

// heap returns how much memory is in use.
func heap() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// A hundred thousand lines a second, for ten seconds: all of them arrive, in some sixty batches
// a second, and memory stays as it is.
func TestLiveLogIsDeliveredAndMemoryStaysFlat(t *testing.T) {
	inBubble(t, func(w *world) {
		var m flow.Mailbox[string]
		lines, batches, largest := 0, 0, 0
		over := make(chan struct{})
		w.g.Go(func(ctx context.Context) error {
			defer close(over)
			for batch, err := range m.Batches(ctx) {
				if err != nil {
					return err
				}
				lines += len(batch)
				largest = max(largest, len(batch))
				batches++
			}
			return nil
		})
		var early uint64
		for ms := range 10_000 {
			for range 100 {
				m.Put("a line of a log that is long")
			}
			time.Sleep(time.Millisecond)
			if ms == 1000 {
				early = heap()
			}
		}
		late := heap()
		m.Close()
		<-over
		require.Equal(t, 1_000_000, lines)
		require.Zero(t, m.Dropped())
		require.InDelta(t, 625, batches, 20)
		require.LessOrEqual(t, largest, 1800)
		require.Less(t, late, early+256<<10)
		synctest.Wait()
	})
}

// BenchmarkLiveLog brings lines to the UI thread as fast as that goes.
func BenchmarkLiveLog(b *testing.B) {
	const line = "a line of a log that is long"
	b.Run("mailbox, put", func(b *testing.B) {
		inTask(b, func(ctx context.Context) {
			m, got := flow.NewMailbox[string](&flow.MailboxOptions{Limit: 1 << 16}), 0
			go func() {
				defer m.Close()
				for range b.N {
					m.Put(line)
				}
			}()
			for batch := range m.Batches(ctx) {
				got += len(batch)
			}
			b.ReportMetric(float64(m.Dropped())/float64(b.N), "dropped/op")
			assert.EqualValues(b, b.N, int64(got)+m.Dropped())
		})
	})
	b.Run("mailbox, send", func(b *testing.B) {
		inTask(b, func(ctx context.Context) {
			m, got := flow.NewMailbox[string](&flow.MailboxOptions{Limit: 1 << 16}), 0
			go func() {
				defer m.Close()
				for range b.N {
					_, _ = m.Send(context.Background(), line)
				}
			}()
			for batch := range m.Batches(ctx) {
				got += len(batch)
			}
			assert.Equal(b, b.N, got)
		})
	})
	b.Run("post", func(b *testing.B) {
		inTask(b, func(ctx context.Context) {
			got := 0
			_, _ = guest.Background(ctx, func(ctx context.Context) (int, error) {
				for range b.N {
					_ = guest.RunOnMain(ctx, func() { got++ })
				}
				return 0, nil
			})
			assert.Equal(b, b.N, got)
		})
	})
	b.Run("channel", func(b *testing.B) {
		inTask(b, func(ctx context.Context) {
			ch, got := make(chan string, 1<<10), 0
			go func() {
				defer close(ch)
				for range b.N {
					ch <- line
				}
			}()
			for range flow.Each(ctx, ch) {
				got++
			}
			assert.Equal(b, b.N, got)
		})
	})
}

// BenchmarkLiveLogPaced puts a hundred lines in each millisecond: -benchtime 1000000x is ten
// seconds.
func BenchmarkLiveLogPaced(b *testing.B) {
	inTask(b, func(ctx context.Context) {
		var m flow.Mailbox[string]
		before := heap()
		var most uint64
		begin := time.Now()
		go func() {
			defer m.Close()
			for n := range b.N {
				m.Put("a line of a log that is long")
				if n%100 == 99 {
					time.Sleep(time.Until(begin.Add(time.Duration(n/100) * time.Millisecond)))
				}
			}
		}()
		batches, got := 0, 0
		for batch := range m.Batches(ctx) {
			got += len(batch)
			if batches++; batches%100 == 0 {
				most = max(most, heap())
			}
		}
		b.ReportMetric(float64(got)/time.Since(begin).Seconds(), "lines/s")
		b.ReportMetric(float64(batches)/time.Since(begin).Seconds(), "batches/s")
		b.ReportMetric(float64(m.Dropped()), "dropped")
		b.ReportMetric(float64(int64(most)-int64(before))/1024, "KB-more")
	})
}

// BenchmarkSemaphore acquires and releases.
func BenchmarkSemaphore(b *testing.B) {
	b.Run("free/task", func(b *testing.B) {
		inTask(b, func(ctx context.Context) {
			s := flow.NewSemaphore(1)
			for range b.N {
				_ = s.Acquire(ctx, 1)
				s.Release(1)
			}
		})
	})
	b.Run("free/goroutine", func(b *testing.B) {
		b.ReportAllocs()
		s := flow.NewSemaphore(1)
		for range b.N {
			_ = s.Acquire(context.Background(), 1)
			s.Release(1)
		}
	})
	b.Run("free/channel", func(b *testing.B) {
		ch := make(chan struct{}, 1)
		for range b.N {
			ch <- struct{}{}
			<-ch
		}
	})
	b.Run("passed on/tasks", func(b *testing.B) {
		inTask(b, func(ctx context.Context) {
			s, left := flow.NewSemaphore(1), b.N
			for range 3 {
				guest.Go(ctx, func(ctx context.Context) error {
					for ; left > 0; left-- {
						_ = s.Acquire(ctx, 1)
						_ = guest.Yield(ctx)
						s.Release(1)
					}
					return nil
				})
			}
			_ = guest.Join(ctx)
		})
	})
	b.Run("passed on/yield", func(b *testing.B) {
		inTask(b, func(ctx context.Context) {
			left := b.N
			for range 3 {
				guest.Go(ctx, func(ctx context.Context) error {
					for ; left > 0; left-- {
						_ = guest.Yield(ctx)
						_ = guest.Yield(ctx)
					}
					return nil
				})
			}
			_ = guest.Join(ctx)
		})
	})
}

// BenchmarkVar sets a value.
func BenchmarkVar(b *testing.B) {
	b.Run("set", func(b *testing.B) {
		b.ReportAllocs()
		var x flow.Var[int]
		for i := range b.N {
			x.Set(i)
		}
	})
	b.Run("set, a hundred bound", func(b *testing.B) {
		inTask(b, func(ctx context.Context) {
			var x flow.Var[int]
			for range 100 {
				x.Bind(ctx, func(int) {})
			}
			for i := range b.N {
				x.Set(i)
			}
		})
	})
	b.Run("to a task", func(b *testing.B) {
		inTask(b, func(ctx context.Context) {
			var x flow.Var[int]
			guest.Go(ctx, func(ctx context.Context) error {
				for i := range b.N {
					x.Set(i + 1)
					_ = guest.Yield(ctx)
				}
				return nil
			})
			for v := range x.Values(ctx) {
				if v == b.N {
					return
				}
			}
		})
	})
}

// BenchmarkSend sends to a channel that has room, and to one that has not.
func BenchmarkSend(b *testing.B) {
	b.Run("room", func(b *testing.B) {
		inTask(b, func(ctx context.Context) {
			ch := make(chan int, 1)
			for i := range b.N {
				_, _ = flow.Send(ctx, ch, i)
				<-ch
			}
		})
	})
	b.Run("full", func(b *testing.B) {
		inTask(b, func(ctx context.Context) {
			ch := make(chan int)
			go func() {
				for range ch {
				}
			}()
			for i := range b.N {
				_, _ = flow.Send(ctx, ch, i)
			}
			close(ch)
		})
	})
	b.Run("full, by Background", func(b *testing.B) {
		inTask(b, func(ctx context.Context) {
			ch := make(chan int)
			go func() {
				for range ch {
				}
			}()
			for i := range b.N {
				_, _ = guest.Background(ctx, func(context.Context) (int, error) { ch <- i; return 0, nil })
			}
			close(ch)
		})
	})
}

// BenchmarkPool runs functions that do nothing, and functions that lend their place.
func BenchmarkPool(b *testing.B) {
	nothing := func(context.Context) (int, error) { return 0, nil }
	b.Run("free", func(b *testing.B) {
		b.ReportAllocs()
		ctx := flow.WithExecutor(context.Background(), flow.NewPool(1))
		for range b.N {
			_, _ = guest.Submit(ctx, nothing).Wait(ctx)
		}
	})
	b.Run("a hundred in line", func(b *testing.B) {
		b.ReportAllocs()
		ctx := flow.WithExecutor(context.Background(), flow.NewPool(1))
		all := make([]*guest.Future[int], 100)
		for range b.N/len(all) + 1 {
			for i := range all {
				all[i] = guest.Submit(ctx, nothing)
			}
			for _, f := range all {
				_, _ = f.Wait(ctx)
			}
		}
	})
	yields := func(b *testing.B, functions int) {
		b.ReportAllocs()
		ctx := flow.WithExecutor(context.Background(), flow.NewPool(1))
		all := make([]*guest.Future[int], functions)
		for i := range all {
			all[i] = guest.Submit(ctx, func(ctx context.Context) (int, error) {
				for range b.N / functions {
					_ = guest.Yield(ctx)
				}
				return 0, nil
			})
		}
		_, _ = guest.All(ctx, all...)
	}
	b.Run("lent to nobody", func(b *testing.B) { yields(b, 1) })
	b.Run("lent to another", func(b *testing.B) { yields(b, 2) })
}
