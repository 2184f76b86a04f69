//go:build cgo

package gtkhost_test

import (
	"context"
	"fmt"
	"runtime"
	"testing"
	"time"

	"github.com/gotk3/gotk3/glib"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/host"
	gtkhost "github.com/golodger/lodger/hosts/gtk"
	"github.com/golodger/lodger/internal/hostbench"
)

// Each figure has today's way beside it, in the same run: one glib.IdleAdd for each function.

func BenchmarkGTK(b *testing.B) {
	idle := func(fn func()) { glib.IdleAdd(fn) }
	for _, m := range []struct {
		name string
		run  func(ctx context.Context, n int) error
	}{
		{"flood/guest", func(ctx context.Context, n int) error {
			g, _ := guest.FromContext(ctx)
			return hostbench.Flooded(ctx, n, func(fn func()) { _ = g.Post(fn) })
		}},
		{"flood/glib.IdleAdd", func(ctx context.Context, n int) error { return hostbench.Flooded(ctx, n, idle) }},
		{"round-trip/guest", func(ctx context.Context, n int) error {
			return hostbench.OnGoroutine(ctx, n, func(ctx context.Context) {
				_, _ = guest.CallOnMain(ctx, func(context.Context) (int, error) { return 0, nil })
			})
		}},
		{"round-trip/guest.Post", func(ctx context.Context, n int) error {
			g, _ := guest.FromContext(ctx)
			return answered(ctx, n, func(fn func()) { _ = g.Post(fn) })
		}},
		{"round-trip/glib.IdleAdd", func(ctx context.Context, n int) error { return answered(ctx, n, idle) }},
		{"background/guest", func(ctx context.Context, n int) error {
			for range n {
				if _, err := guest.Background(ctx, func(context.Context) (int, error) { return 0, nil }); err != nil {
					return err
				}
			}
			return nil
		}},
		{"background/go+glib.IdleAdd", func(ctx context.Context, n int) error {
			f := guest.NewFuture[int]()
			var next func()
			next = func() {
				if n--; n < 0 {
					f.Resolve(0)
					return
				}
				go idle(next)
			}
			idle(next)
			_, err := f.Wait(ctx)
			return err
		}},
		{"switch/guest", func(ctx context.Context, n int) error {
			const tasks = 100
			return guest.Scope(ctx, func(ctx context.Context) error {
				for range tasks {
					guest.Go(ctx, func(ctx context.Context) error {
						for range n/tasks + 1 {
							if err := guest.Yield(ctx); err != nil {
								return err
							}
						}
						return nil
					})
				}
				return nil
			})
		}},
	} {
		b.Run(m.name, func(b *testing.B) {
			err := gtkhost.Run(func(ctx context.Context) error {
				b.ReportAllocs()
				b.ResetTimer()
				used := cpu() // less shy of other programs than the clock
				defer func() { b.ReportMetric(float64(cpu()-used)/float64(b.N), "cpu-ns/op") }()
				return m.run(ctx, b.N)
			}, nil)
			if err != nil {
				b.Fatal(err)
			}
		})
	}
}

func answered(ctx context.Context, n int, post func(func())) error {
	back := make(chan struct{}, 1)
	return hostbench.OnGoroutine(ctx, n, func(context.Context) {
		post(func() { back <- struct{}{} })
		<-back
	})
}

// BenchmarkTurn is the price of one turn of the loop that calls one function of ours: at the
// constant depth, and at the native one, where nothing leads anywhere. With dialogs open there
// is less to lead, and more to count.
func BenchmarkTurn(b *testing.B) {
	b.Run("outermost/constant", func(b *testing.B) {
		turnsOf(b, func(h *gtkhost.Host, fn func()) { h.RunSyncSoonNotThreadsafe(fn) })
	})
	b.Run("outermost/glib.IdleAdd", func(b *testing.B) {
		turnsOf(b, func(_ *gtkhost.Host, fn func()) { glib.IdleAdd(fn) })
	})
	for _, dialogs := range []int{0, 1, 2, 4} {
		for name, post := range map[string]func(h *gtkhost.Host, fn func()){
			"constant": (*gtkhost.Host).RunSyncSoonThreadsafe,
			"native":   (*gtkhost.Host).RunSyncSoonNative,
		} {
			b.Run(fmt.Sprintf("dialogs=%d/%s", dialogs, name), func(b *testing.B) {
				h, err := gtkhost.New()
				if err != nil {
					b.Fatal(err)
				}
				err = guest.RunTask(h, func(ctx context.Context) error {
					return guest.Modal(ctx, func() {
						var open func(n int)
						open = func(n int) {
							loop := glib.MainLoopNew(nil, false)
							if n > 0 {
								glib.IdleAdd(func() { open(n - 1); loop.Quit() })
							} else {
								turns := 0
								var turn func()
								turn = func() {
									if turns++; turns > b.N {
										loop.Quit()
										return
									}
									post(h, turn)
								}
								b.ResetTimer()
								turn()
							}
							loop.Run()
						}
						open(dialogs)
						b.StopTimer()
					})
				}, nil)
				if err != nil {
					b.Fatal(err)
				}
			})
		}
	}
}

// turnsOf runs turns of the outermost loop, each of which asks for the next.
func turnsOf(b *testing.B, post func(h *gtkhost.Host, fn func())) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	h, err := gtkhost.New()
	if err != nil {
		b.Fatal(err)
	}
	turns := 0
	var turn func()
	turn = func() {
		if turns++; turns > b.N {
			h.DoneCallback(host.Outcome{})
			return
		}
		post(h, turn)
	}
	b.ReportAllocs()
	b.ResetTimer()
	if err := h.Mainloop(func() error { post(h, turn); return nil }); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkStarvation shows what a guest that always works leaves to an idle function of
// GLib's, and that function to the guest.
func BenchmarkStarvation(b *testing.B) {
	const span = 300 * time.Millisecond
	var idles, speed float64
	for range b.N {
		err := gtkhost.Run(func(ctx context.Context) error {
			alone, busy, both, switches := 0, 0, 0, 0
			count := func(n *int) (stop func()) {
				over := false
				glib.IdleAdd(func() bool { // a redraw's worth of work
					for end := time.Now().Add(time.Millisecond); time.Now().Before(end); {
					}
					*n++
					return !over
				})
				return func() { over = true }
			}
			work := func(n *int) *guest.Task {
				return guest.Go(ctx, func(ctx context.Context) error {
					for range 2 {
						guest.Go(ctx, func(ctx context.Context) error {
							for guest.Yield(ctx) == nil {
								*n++
							}
							return nil
						})
					}
					return nil
				})
			}
			stop := count(&alone)
			if err := guest.Sleep(ctx, span); err != nil {
				return err
			}
			stop()
			crowd := work(&busy)
			if err := guest.Sleep(ctx, span); err != nil {
				return err
			}
			crowd.Cancel(nil)
			stop, crowd = count(&both), work(&switches)
			if err := guest.Sleep(ctx, span); err != nil {
				return err
			}
			stop()
			crowd.Cancel(nil)
			idles += float64(both) / float64(alone)
			speed += float64(switches) / float64(busy)
			return nil
		}, nil)
		if err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(100*idles/float64(b.N), "%idles")
	b.ReportMetric(100*speed/float64(b.N), "%speed")
	b.ReportMetric(0, "ns/op")
}
