package finder

import (
	"context"
	"crypto/sha256"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/flow"
	"github.com/golodger/lodger/hosts/headless"
)

// BenchmarkTurnGaps measures how regularly a task on the UI thread gets its turn while the pool
// hashes on all the cores it has: the gaps between the turns of a task that sleeps 5 ms in a
// loop, and, in the same process at the same time, those of a bare goroutine that does the
// same.
func BenchmarkTurnGaps(b *testing.B) {
	b.Run("pool=cores-1", func(b *testing.B) { benchmarkTurnGaps(b, 0) })
	b.Run("pool=cores", func(b *testing.B) { benchmarkTurnGaps(b, runtime.GOMAXPROCS(0)) })
}

func benchmarkTurnGaps(b *testing.B, workers int) {
	const pause = 5 * time.Millisecond
	var task, bare []time.Duration
	_, err := headless.Run(func(ctx context.Context) (struct{}, error) {
		return struct{}{}, guest.Scope(ctx, func(ctx context.Context) error {
			busy := flow.WithExecutor(ctx, flow.NewPool(workers))
			hashing := guest.Go(busy, func(ctx context.Context) error {
				for range runtime.GOMAXPROCS(0) + 1 {
					guest.Go(ctx, hashForever)
				}
				return nil
			})
			defer hashing.Cancel(nil)

			stop := make(chan struct{})
			ticking := guest.Go(ctx, func(ctx context.Context) error {
				_, err := guest.Background(ctx, func(context.Context) (struct{}, error) {
					for last := time.Now(); ; {
						select {
						case <-stop:
							return struct{}{}, nil
						default:
						}
						time.Sleep(pause)
						now := time.Now()
						bare = append(bare, now.Sub(last))
						last = now
					}
				})
				return err
			})
			for last := time.Now(); b.Loop(); {
				if err := guest.Sleep(ctx, pause); err != nil {
					return err
				}
				now := time.Now()
				task = append(task, now.Sub(last))
				last = now
			}
			close(stop)
			return ticking.Wait(ctx)
		})
	}, nil)
	if err != nil {
		b.Fatal(err)
	}
	report := func(name string, quantile func([]time.Duration) time.Duration) {
		t, g := quantile(task), quantile(bare)
		b.ReportMetric(t.Seconds()*1000, "task-"+name+"-ms")
		b.ReportMetric(g.Seconds()*1000, "bare-"+name+"-ms")
		b.ReportMetric(t.Seconds()/g.Seconds(), name+"-ratio")
	}
	slices.Sort(task)
	slices.Sort(bare)
	report("median", func(gaps []time.Duration) time.Duration { return gaps[len(gaps)/2] })
	report("p99", func(gaps []time.Duration) time.Duration { return gaps[len(gaps)*99/100] })
	report("max", func(gaps []time.Duration) time.Duration { return gaps[len(gaps)-1] })
	b.ReportMetric(0, "ns/op") // it is the pause
}

// hashForever keeps one place of the pool busy until it is cancelled.
func hashForever(ctx context.Context) error {
	data, hash := make([]byte, bufferSize), sha256.New()
	for {
		if _, err := guest.Background(ctx, func(ctx context.Context) (struct{}, error) {
			for range 16 {
				hash.Write(data)
			}
			return struct{}{}, nil
		}); err != nil {
			return err
		}
	}
}
