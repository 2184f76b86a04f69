package guest_test

import (
	"context"
	"testing"

	"github.com/golodger/lodger/guest"
)

// loopOfFuncs runs functions on a locked goroutine, as they come through a channel: today's way
// in plain Go.
func loopOfFuncs(body func(fns chan<- func())) {
	fns := make(chan func(), 1024)
	go func() {
		defer close(fns)
		body(fns)
	}()
	onLockedThread(func() {
		for fn := range fns {
			fn()
		}
	})
}

// BenchmarkRunOnMain reports to the UI thread: from it, where the function runs in place, and
// from elsewhere, in a flood.
func BenchmarkRunOnMain(b *testing.B) {
	b.Run("in-place/call", func(b *testing.B) {
		b.ReportAllocs()
		n := 0
		fn := func() { n++ }
		onLockedThread(func() {
			for range b.N {
				fn()
			}
		})
	})
	b.Run("in-place/guest", func(b *testing.B) {
		inTask(b, func(ctx context.Context) {
			b.ReportAllocs()
			n := 0
			fn := func() { n++ }
			b.ResetTimer()
			for range b.N {
				_ = guest.RunOnMain(ctx, fn)
			}
		})
	})
	b.Run("posted/channel", func(b *testing.B) {
		b.ReportAllocs()
		n := 0
		fn := func() { n++ }
		loopOfFuncs(func(fns chan<- func()) {
			for range b.N {
				fns <- fn
			}
		})
	})
	for name, choose := range map[string]func(ctx context.Context) context.Context{
		"posted/guest": func(ctx context.Context) context.Context { return ctx },
		// found by itself
		"posted/process": func(context.Context) context.Context { return context.Background() },
	} {
		b.Run(name, func(b *testing.B) {
			inTask(b, func(ctx context.Context) {
				b.ReportAllocs()
				n := 0
				fn := func() { n++ }
				b.ResetTimer()
				_ = inBackground(ctx, func(ctx context.Context) {
					ctx = choose(ctx)
					for range b.N {
						_ = guest.RunOnMain(ctx, fn)
					}
				})
			})
		})
	}
}

// BenchmarkCallOnMain calls a function on the UI thread from a goroutine, and waits for its
// result.
func BenchmarkCallOnMain(b *testing.B) {
	b.Run("channel", func(b *testing.B) {
		b.ReportAllocs()
		loopOfFuncs(func(fns chan<- func()) {
			for range b.N {
				result := make(chan int, 1)
				fns <- func() { result <- 1 }
				<-result
			}
		})
	})
	b.Run("guest", func(b *testing.B) {
		inTask(b, func(ctx context.Context) {
			b.ReportAllocs()
			b.ResetTimer()
			_ = inBackground(ctx, func(ctx context.Context) {
				for range b.N {
					_, _ = guest.CallOnMain(ctx, func(context.Context) (int, error) { return 1, nil })
				}
			})
		})
	})
}
