package inspect_test

import (
	"context"
	"testing"
	"time"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/inspect"
	"github.com/golodger/lodger/hosts/headless"
)

// BenchmarkTasks is the cost of a snapshot; on-ui is what of it the UI thread pays.
func BenchmarkTasks(b *testing.B) {
	for _, n := range []struct {
		name  string
		tasks int
	}{{"30", 30}, {"10000", 10_000}} {
		b.Run(n.name, func(b *testing.B) {
			_, _ = headless.Run(func(ctx context.Context) (any, error) {
				g, _ := guest.FromContext(ctx)
				for range n.tasks {
					guest.Go(ctx, sleeper)
				}
				_ = guest.Yield(ctx)
				return nil, guest.BackgroundFunc(ctx, func(context.Context) error { benchTasks(b, g); return errEnough })
			}, nil)
		})
	}
}

// first looks at all tasks, next only at those that wait elsewhere than the last time.
func benchTasks(b *testing.B, g *guest.Guest) {
	look := func(b *testing.B, next bool) {
		b.ReportAllocs()
		var took time.Duration
		var last *inspect.Snapshot
		for b.Loop() {
			s, err := last.Next(context.Background(), g)
			if err != nil {
				b.Fatal(err)
			}
			if took += s.Took; next {
				last = s
			}
		}
		b.ReportMetric(float64(took.Nanoseconds())/float64(b.N), "on-ui-ns/op")
	}
	b.Run("first", func(b *testing.B) { look(b, false) })
	b.Run("next", func(b *testing.B) { look(b, true) })
}
