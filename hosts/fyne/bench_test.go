package fynehost_test

import (
	"context"
	"fmt"
	"image/color"
	"iter"
	"maps"
	"os"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"
	"fyne.io/fyne/v2/canvas"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	fynehost "github.com/golodger/lodger/hosts/fyne"
	"github.com/golodger/lodger/internal/hostbench"
	"github.com/golodger/lodger/internal/screentest"
)

// Each figure has today's way beside it, in the same process: slices of both in turns, and the
// medians count, since other programs use the machine, too. One iteration is one process that
// measures for itself, since Fyne wants the main goroutine; -benchtime=5x is plenty.

func init() {
	stories.Add("measure", measure)
	stories.Add("frames", frames)
	stories.Add("idle", idle)
}

// A comparison is the same work done n times our way, and as it is done without us. Both run in
// a task of an app without a window.
type comparison struct {
	n         int
	ours, old func(ctx context.Context, n int) error
}

var comparisons = map[string]comparison{
	"flood/fyne.Do": {200_000,
		func(ctx context.Context, n int) error {
			g, _ := guest.FromContext(ctx)
			return hostbench.Flooded(ctx, n, func(fn func()) { _ = g.Post(fn) })
		},
		func(ctx context.Context, n int) error { return hostbench.Flooded(ctx, n, fyne.Do) },
	},
	"round-trip-by-post/fyne.DoAndWait": {500,
		func(ctx context.Context, n int) error {
			g, _ := guest.FromContext(ctx)
			done := make(chan struct{})
			answer := func() { done <- struct{}{} }
			return hostbench.OnGoroutine(ctx, n, func(context.Context) {
				_ = g.Post(answer)
				<-done
			})
		},
		func(ctx context.Context, n int) error {
			return hostbench.OnGoroutine(ctx, n, func(context.Context) { fyne.DoAndWait(func() {}) })
		},
	},
	"round-trip/fyne.DoAndWait": {500,
		func(ctx context.Context, n int) error {
			return hostbench.OnGoroutine(ctx, n, func(ctx context.Context) {
				_, _ = guest.CallOnMain(ctx, func(context.Context) (int, error) { return 0, nil })
			})
		},
		func(ctx context.Context, n int) error {
			return hostbench.OnGoroutine(ctx, n, func(context.Context) { fyne.DoAndWait(func() {}) })
		},
	},
	"background/go+fyne.Do": {500,
		func(ctx context.Context, n int) error {
			for range n {
				if _, err := guest.Background(ctx, func(context.Context) (int, error) { return 0, nil }); err != nil {
					return err
				}
			}
			return nil
		},
		func(ctx context.Context, n int) error {
			f := guest.NewFuture[int]()
			var next func()
			next = func() {
				if n--; n < 0 {
					f.Resolve(0)
					return
				}
				go func() { fyne.Do(next) }()
			}
			fyne.Do(next)
			_, err := f.Wait(ctx)
			return err
		},
	},
	"switch/iter.Pull": {100_000,
		func(ctx context.Context, n int) error {
			const tasks = 100
			return guest.Scope(ctx, func(ctx context.Context) error {
				for range tasks {
					guest.Go(ctx, func(ctx context.Context) error {
						for range n / tasks {
							if err := guest.Yield(ctx); err != nil {
								return err
							}
						}
						return nil
					})
				}
				return nil
			})
		},
		func(ctx context.Context, n int) error {
			next, stop := iter.Pull(func(yield func(int) bool) {
				for i := 0; yield(i); i++ {
				}
			})
			defer stop()
			for range n {
				next()
			}
			return nil
		},
	},
}

func measure() int {
	const rounds = 100
	what := comparisons[os.Getenv("WHAT")]
	err := fynehost.Run(app.NewWithID("test"), func(ctx context.Context) error {
		var ours, old []float64
		for range rounds {
			// in any order
			for times, run := range map[*[]float64]func(context.Context, int) error{&ours: what.ours, &old: what.old} {
				begin := time.Now()
				if err := run(ctx, what.n); err != nil {
					return err
				}
				*times = append(*times, float64(time.Since(begin).Nanoseconds())/float64(what.n))
			}
		}
		slices.Sort(ours)
		slices.Sort(old)
		screentest.Say("ns/op %f", ours[rounds/2])
		screentest.Say("ns/old %f", old[rounds/2])
		screentest.Say("quartiles %.0f %.0f %.0f, old %.0f %.0f %.0f", ours[rounds/4], ours[rounds/2], ours[rounds*3/4], old[rounds/4], old[rounds/2], old[rounds*3/4])
		return nil
	}, nil)
	if err != nil {
		panic(err)
	}
	return 0
}

func BenchmarkFyne(b *testing.B) {
	screentest.NeedDisplay(b)
	for _, name := range slices.Sorted(maps.Keys(comparisons)) {
		b.Run(name, func(b *testing.B) {
			ours, old := 0.0, 0.0
			for range b.N {
				text := screentest.Start(b, "measure", "WHAT="+name).Ended(0)
				ours += screentest.Figure(b, text, "ns/op")
				old += screentest.Figure(b, text, "ns/old")
			}
			b.ReportMetric(ours/float64(b.N), "ns/op")
			b.ReportMetric(old/float64(b.N), "ns/old")
			b.ReportMetric(ours/old, "of-old")
		})
	}
}

// frames counts frames and switches: of the window alone, of 100 000 ready tasks alone, and of
// both.
func frames() int {
	err := fynehost.Run(app.NewWithID("test"), func(ctx context.Context) error {
		a := fyne.CurrentApp()
		w := a.NewWindow("frames")
		drawn := 0
		picture := canvas.NewRasterWithPixels(func(x, y, _, _ int) color.Color {
			if x == 0 && y == 0 {
				drawn++
			}
			return color.Black
		})
		w.SetContent(picture)
		w.Resize(fyne.NewSize(40, 40))
		w.Show()
		moving := fyne.NewAnimation(time.Second, func(float32) { picture.Refresh() })
		moving.RepeatCount = fyne.AnimationRepeatForever
		return hostbench.Frames(ctx, func() int { return drawn }, func(on bool) {
			if on {
				moving.Start()
			} else {
				moving.Stop()
			}
		})
	}, nil)
	if err != nil {
		panic(err)
	}
	return 0
}

func BenchmarkFrames(b *testing.B) { hostbench.BenchmarkFrames(b) }

// A counted host counts what the guest asks of it.
type counted struct {
	*fynehost.Host
	asked *atomic.Int64
}

func (h counted) RunSyncSoonThreadsafe(fn func()) {
	h.asked.Add(1)
	h.Host.RunSyncSoonThreadsafe(fn)
}

func (h counted) RunSyncSoonNotThreadsafe(fn func()) { h.RunSyncSoonThreadsafe(fn) }

// idle: a guest whose tasks all wait asks for nothing.
func idle() int {
	h, err := fynehost.New(app.NewWithID("test"))
	if err != nil {
		panic(err)
	}
	var asked atomic.Int64
	_, err = guest.Run(counted{h, &asked}, func(ctx context.Context) (int, error) {
		for range 1000 {
			guest.Go(ctx, guest.Park)
		}
		guest.Go(ctx, func(ctx context.Context) error { return guest.Sleep(ctx, time.Hour) })
		if err := guest.Sleep(ctx, 10*time.Millisecond); err != nil {
			return 0, err
		}
		_, err := guest.Background(ctx, func(ctx context.Context) (int64, error) {
			// the turn that has started this function ends, and another if it asked for that
			for range 2 {
				fyne.DoAndWait(func() {})
			}
			before := asked.Load()
			time.Sleep(300 * time.Millisecond)
			screentest.Say("asked %d", asked.Load()-before)
			return 0, nil
		})
		g, _ := guest.FromContext(ctx)
		g.Cancel(nil)
		return 0, err
	}, nil)
	if err != nil {
		fmt.Println(err)
	}
	return 0
}

func TestIdleGuestAsksForNothing(t *testing.T) {
	require.Contains(t, "\n"+screentest.Start(t, "idle").Ended(0), "\nasked 0\n")
}
