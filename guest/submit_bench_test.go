package guest_test

import (
	"context"
	"testing"

	"github.com/golodger/lodger/guest"
)

// BenchmarkSubmit starts a function that does nothing off the UI thread, and waits for its result.
func BenchmarkSubmit(b *testing.B) {
	one := func(context.Context) (int, error) { return 1, nil }
	b.Run("goroutine", func(b *testing.B) {
		b.ReportAllocs()
		for range b.N {
			result := make(chan int, 1)
			go func() { v, _ := one(context.Background()); result <- v }()
			<-result
		}
	})
	b.Run("nobody's", func(b *testing.B) { // no guest, no UI thread
		b.ReportAllocs()
		for range b.N {
			_, _ = guest.Submit(context.Background(), one).Wait(context.Background())
		}
	})
	b.Run("task's", func(b *testing.B) {
		inTask(b, func(ctx context.Context) {
			b.ReportAllocs()
			b.ResetTimer()
			for range b.N {
				_, _ = guest.Submit(ctx, one).Wait(ctx)
			}
		})
	})
}

// BenchmarkSubmitMany is the same for a hundred at a time; the figures are for one of them.
func BenchmarkSubmitMany(b *testing.B) {
	const many = 100
	one := func(context.Context) (int, error) { return 1, nil }
	b.Run("goroutine", func(b *testing.B) {
		b.ReportAllocs()
		for range b.N/many + 1 {
			results := make(chan int, many)
			for range many {
				go func() { v, _ := one(context.Background()); results <- v }()
			}
			for range many {
				<-results
			}
		}
	})
	b.Run("task's", func(b *testing.B) {
		inTask(b, func(ctx context.Context) {
			b.ReportAllocs()
			b.ResetTimer()
			for range b.N/many + 1 {
				for range many {
					guest.Submit(ctx, one)
				}
				_ = guest.Join(ctx)
			}
		})
	})
}

// BenchmarkQueue runs functions that do nothing one after another.
func BenchmarkQueue(b *testing.B) {
	const many = 100
	b.Run("channel", func(b *testing.B) {
		b.ReportAllocs()
		loopOfFuncs(func(fns chan<- func()) {
			for range b.N {
				fns <- func() {}
			}
		})
	})
	b.Run("guest", func(b *testing.B) {
		inTask(b, func(ctx context.Context) {
			q := new(guest.Queue[int])
			b.ReportAllocs()
			b.ResetTimer()
			for range b.N/many + 1 {
				for range many {
					q.Add(ctx, func(context.Context) (int, error) { return 0, nil })
				}
				_ = guest.Join(ctx)
			}
		})
	})
}
