package inspect_test

import (
	"context"
	"io"
	"runtime/trace"
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

// BenchmarkEyes measures what tasks pay for tools: for none, for an observer that counts, and
// for a trace that is thrown away. Package guest/console measures what an open page costs.
func BenchmarkEyes(b *testing.B) {
	for _, eyes := range []struct {
		name string
		open func(b *testing.B, g *guest.Guest) (closed func())
	}{
		{"off", func(*testing.B, *guest.Guest) func() { return func() {} }},
		{"observer", observing},
		{"trace", tracing},
	} {
		for _, work := range []struct {
			name string
			do   func(ctx context.Context, n int)
		}{{"yield", yields}, {"spawn", spawns}, {"named", spawnsNamed}, {"wait", waits}} {
			b.Run(work.name+"/"+eyes.name, func(b *testing.B) {
				_, _ = headless.Run(func(ctx context.Context) (any, error) {
					g, _ := guest.FromContext(ctx)
					defer eyes.open(b, g)()
					b.ResetTimer()
					work.do(ctx, b.N)
					b.StopTimer()
					return nil, nil
				}, nil)
			})
		}
	}
}

func observing(b *testing.B, g *guest.Guest) (closed func()) {
	n := make(map[inspect.Kind]time.Duration)
	return inspect.Observe(g, func(e inspect.Event) { n[e.Kind] += e.For })
}

func tracing(b *testing.B, _ *guest.Guest) (closed func()) {
	if err := trace.Start(io.Discard); err != nil {
		b.Fatal(err)
	}
	return trace.Stop
}

// yields has two tasks give way to each other.
func yields(ctx context.Context, n int) {
	for range 2 {
		guest.Go(ctx, func(ctx context.Context) error {
			for ; n > 0; n-- {
				_ = guest.Yield(ctx)
			}
			return nil
		})
	}
	_ = guest.Join(ctx)
}

func nothing(context.Context) error { return nil }

func spawns(ctx context.Context, n int) {
	for range n {
		guest.Go(ctx, nothing)
		_ = guest.Join(ctx)
	}
}

func spawnsNamed(ctx context.Context, n int) {
	named := inspect.Named(ctx, "nothing")
	for range n {
		guest.Go(named, nothing)
		_ = guest.Join(ctx)
	}
}

// waits has a task wait for the end of another, which begins meanwhile.
func waits(ctx context.Context, n int) {
	for range n {
		_ = guest.Go(ctx, nothing).Wait(ctx)
	}
}
