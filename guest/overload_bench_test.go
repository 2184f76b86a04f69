package guest_test

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/hosts/headless"
)

// An overloader is eight goroutines that post without a pause, as long as no more than a million
// posts wait: memory is not the point.
type overloader struct {
	waiting atomic.Int64
	over    atomic.Bool
	wg      sync.WaitGroup
}

func (o *overloader) start(g *guest.Guest, each time.Duration) {
	post := func() {
		o.waiting.Add(-1)
		for began := time.Now(); each > 0 && time.Since(began) < each && !o.over.Load(); {
		}
	}
	for range 8 {
		o.wg.Go(func() {
			for !o.over.Load() {
				if o.waiting.Load() > 1_000_000 {
					runtime.Gosched()
					continue
				}
				o.waiting.Add(1)
				_ = g.Post(post)
			}
		})
	}
}

func (o *overloader) stop() {
	o.over.Store(true)
	o.wg.Wait()
}

// overloadedWays are what a guest and its window do meanwhile; each returns how long that took.
var overloadedWays = []struct {
	name string
	do   func(ctx context.Context, loop *headless.Loop) time.Duration
}{
	{"yield", func(ctx context.Context, _ *headless.Loop) time.Duration {
		began := time.Now()
		_ = guest.Yield(ctx)
		return time.Since(began)
	}},
	{"sleep", func(ctx context.Context, _ *headless.Loop) time.Duration {
		began := time.Now()
		_ = guest.Sleep(ctx, time.Millisecond)
		return time.Since(began) - time.Millisecond
	}},
	// From a goroutine.
	{"cancel", func(ctx context.Context, _ *headless.Loop) (took time.Duration) {
		_ = guest.Supervise(ctx, func(ctx context.Context) error {
			var began time.Time
			var task *guest.Task
			task = guest.Go(ctx, func(ctx context.Context) error {
				go func() { began = time.Now(); task.Cancel(nil) }()
				_ = guest.Park(ctx)
				took = time.Since(began)
				return nil
			})
			return nil
		})
		return took
	}},
	// Given straight to the host.
	{"click", func(ctx context.Context, loop *headless.Loop) (took time.Duration) {
		clicked := guest.NewFuture[bool]()
		began := time.Now()
		loop.RunSyncSoonThreadsafe(func() {
			took = time.Since(began)
			clicked.Resolve(true)
		})
		_, _ = clicked.Wait(ctx)
		return took
	}},
	// Started, and cancelled.
	{"child", func(ctx context.Context, _ *headless.Loop) time.Duration {
		began := time.Now()
		_ = guest.Supervise(ctx, func(ctx context.Context) error {
			guest.Go(ctx, guest.Park).Cancel(nil)
			return nil
		})
		return time.Since(began)
	}},
}

// BenchmarkOverload is how long the guest's own work takes while other goroutines post more
// than the UI thread can run.
func BenchmarkOverload(b *testing.B) {
	const patience = 5 * time.Second
	for _, each := range []time.Duration{0, 2 * time.Millisecond} {
		for _, way := range overloadedWays {
			b.Run(fmt.Sprintf("posts-of-%v/%s", each, way.name), func(b *testing.B) {
				loop := headless.New()
				var took []time.Duration
				_, err := guest.Run(loop, func(ctx context.Context) (any, error) {
					g, _ := guest.FromContext(ctx)
					var o overloader
					defer o.stop()
					o.start(g, each)
					began := time.Now()
					for o.waiting.Load() < 1000 {
						runtime.Gosched()
					}
					giveUp := time.AfterFunc(patience, func() { o.over.Store(true) })
					defer giveUp.Stop()
					for range b.N {
						if took = append(took, way.do(ctx, loop)); time.Since(began) > patience {
							break
						}
						_ = guest.Sleep(ctx, time.Millisecond) // at another moment of another turn
					}
					return nil, nil
				}, nil)
				if err != nil {
					b.Fatal(err)
				}
				slices.Sort(took)
				at := func(part float64) float64 {
					return float64(took[int(part*float64(len(took)-1))]) / float64(time.Millisecond)
				}
				b.ReportMetric(at(0.5), "ms/p50")
				b.ReportMetric(at(0.99), "ms/p99")
				b.ReportMetric(at(1), "ms/worst")
				b.ReportMetric(float64(len(took)), "times")
				b.ReportMetric(0, "ns/op")
			})
		}
	}
}
