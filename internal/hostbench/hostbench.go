// Package hostbench contains the work that the benchmarks of all adapters do.
package hostbench

import (
	"context"
	"testing"
	"time"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/internal/screentest"
)

// Flooded posts n functions from a goroutine, and waits until all have run. Must be called in a
// task.
func Flooded(ctx context.Context, n int, post func(func())) error {
	f, ran := guest.NewFuture[int](), 0
	one := func() {
		if ran++; ran == n {
			f.Resolve(n)
		}
	}
	go func() {
		for range n {
			post(one)
		}
	}()
	_, err := f.Wait(ctx)
	return err
}

// OnGoroutine calls do n times in a background function. Must be called in a task.
func OnGoroutine(ctx context.Context, n int, do func(ctx context.Context)) error {
	_, err := guest.Background(ctx, func(ctx context.Context) (int, error) {
		for range n {
			do(ctx)
		}
		return n, nil
	})
	return err
}

// Frames counts frames and switches for a while: of a window alone that draws as often as it
// may, of 100 000 ready tasks alone, and of both together. It prints the counts. drawn returns
// how often the window has drawn so far. move switches drawing on or off. Must be called in a
// task.
func Frames(ctx context.Context, drawn func() int, move func(bool)) error {
	const span, tasks = 2 * time.Second, 100_000
	window := func() (perSecond float64, err error) {
		move(true)
		defer move(false)
		if err := guest.Sleep(ctx, span/4); err != nil { // to warm up
			return 0, err
		}
		before := drawn()
		err = guest.Sleep(ctx, span)
		return float64(drawn()-before) / span.Seconds(), err
	}
	alone, err := window()
	if err != nil {
		return err
	}
	switches, both := 0, 0.0
	crowd := func(watch func() error) (perSecond float64, err error) {
		err = guest.Supervise(ctx, func(ctx context.Context) error {
			crowd := guest.Go(ctx, func(ctx context.Context) error {
				for range tasks {
					guest.Go(ctx, func(ctx context.Context) error {
						for guest.Yield(ctx) == nil {
							switches++
						}
						return nil
					})
				}
				return nil
			})
			if err := guest.Sleep(ctx, span/4); err != nil {
				return err
			}
			before, begin := switches, time.Now()
			if err := watch(); err != nil {
				return err
			}
			perSecond = float64(switches-before) / time.Since(begin).Seconds()
			crowd.Cancel(nil)
			return nil
		})
		return perSecond, err
	}
	free, err := crowd(func() error { return guest.Sleep(ctx, span) })
	if err != nil {
		return err
	}
	shared, err := crowd(func() (err error) { both, err = window(); return err })
	screentest.Say("frames/s-alone %f\nframes/s-both %f\nswitches/s-alone %f\nswitches/s-both %f", alone, both, free, shared)
	return err
}

// BenchmarkFrames plays the story "frames", which calls [Frames]. It reports how much of each
// is left when both run together.
func BenchmarkFrames(b *testing.B) {
	screentest.NeedDisplay(b)
	var frames, speed float64
	for range b.N {
		text := screentest.Start(b, "frames").Ended(0)
		b.Log(text)
		frames += screentest.Figure(b, text, "frames/s-both") / screentest.Figure(b, text, "frames/s-alone")
		speed += screentest.Figure(b, text, "switches/s-both") / screentest.Figure(b, text, "switches/s-alone")
	}
	b.ReportMetric(100*frames/float64(b.N), "%frames")
	b.ReportMetric(100*speed/float64(b.N), "%speed")
	b.ReportMetric(0, "ns/op")
}
