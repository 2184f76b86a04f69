package console

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"testing"
	"time"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/hosts/headless"
)

// BenchmarkYield is what a console costs the tasks: none, one that nobody looks at, and one whose
// page is open and asks as often as it may. Two tasks give way, beside those that sleep.
func BenchmarkYield(b *testing.B) {
	for _, asleep := range []int{0, 10_000} {
		b.Run(strconv.Itoa(asleep), func(b *testing.B) {
			b.Run("alone", func(b *testing.B) { benchYield(b, asleep, func(*guest.Guest) {}) })
			b.Run("attached", func(b *testing.B) { benchYield(b, asleep, func(g *guest.Guest) { served(b, g) }) })
			b.Run("page", func(b *testing.B) { benchYield(b, asleep, func(g *guest.Guest) { open(b, g) }) })
		})
	}
}

// BenchmarkSpawn is the same for a task that does nothing, and a wait for it.
func BenchmarkSpawn(b *testing.B) {
	spawns := func(ctx context.Context, n int) {
		for range n {
			_ = guest.Go(ctx, func(context.Context) error { return nil }).Wait(ctx)
		}
	}
	b.Run("alone", func(b *testing.B) { benchWork(b, 0, func(*guest.Guest) {}, spawns) })
	b.Run("page", func(b *testing.B) { benchWork(b, 0, func(g *guest.Guest) { open(b, g) }, spawns) })
}

// open is a console with a page, until the benchmark ends.
func open(b *testing.B, g *guest.Guest) {
	c, stop, stopped := served(b, g), make(chan struct{}), make(chan struct{})
	go func() { defer close(stopped); lookOn(c, stop) }()
	b.Cleanup(func() { close(stop); <-stopped })
}

func benchYield(b *testing.B, asleep int, with func(g *guest.Guest)) {
	benchWork(b, asleep, with, func(ctx context.Context, n int) {
		for range 2 {
			guest.Go(ctx, func(ctx context.Context) error {
				for ; n > 0; n-- {
					_ = guest.Yield(ctx)
				}
				return nil
			})
		}
		_ = guest.Join(ctx)
	})
}

func benchWork(b *testing.B, asleep int, with func(g *guest.Guest), work func(ctx context.Context, n int)) {
	_, _ = headless.Run(func(ctx context.Context) (any, error) {
		g, _ := guest.FromContext(ctx)
		for range asleep {
			g.Go(sleeper)
		}
		_ = guest.Yield(ctx)
		with(g)
		_ = guest.Sleep(ctx, 2*pace) // a page has looked, and the guest is watched
		b.ResetTimer()
		work(ctx, b.N)
		b.StopTimer()
		return nil, nil
	}, nil)
}

// lookOn asks as the page does.
func lookOn(c *Console, stop <-chan struct{}) {
	var f struct{ Every int64 }
	for every := pace; ; {
		if r, err := http.Get(c.URL() + "state.json"); err == nil {
			_ = json.NewDecoder(r.Body).Decode(&f)
			_ = r.Body.Close()
			every = time.Duration(f.Every) * time.Millisecond
		}
		select {
		case <-stop:
			return
		case <-time.After(every):
		}
	}
}

// BenchmarkState is a whole look, from the question to the JSON. The first one has all stacks to
// read; on-ui is what the UI thread pays for each of those that follow.
func BenchmarkState(b *testing.B) {
	for name, tasks := range map[string]int{"30": 30, "10000": 10_000} {
		b.Run(name, func(b *testing.B) { benchState(b, tasks) })
	}
}

func benchState(b *testing.B, tasks int) {
	g := world(b, nil)
	g.Go(func(ctx context.Context) error {
		for range tasks {
			guest.Go(ctx, sleeper)
		}
		return guest.Park(ctx)
	})
	v := newViewer(b.Context(), g)
	var took time.Duration
	var size int
	b.ReportAllocs()
	for b.Loop() {
		l := &look{done: make(chan struct{}), begun: time.Now()}
		v.take(l)
		took += l.shot.Took
		size = len(l.json)
	}
	b.ReportMetric(float64(took.Nanoseconds())/float64(b.N), "on-ui-ns/op")
	b.ReportMetric(float64(size), "bytes")
}
