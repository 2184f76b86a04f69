package guest_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/flow"
	"github.com/golodger/lodger/hosts/headless"
)

// A timedLoop notes the longest function that it ran: how long the window has not been drawn.
type timedLoop struct {
	*headless.Loop
	longest time.Duration
}

func (l *timedLoop) RunSyncSoonThreadsafe(fn func()) {
	l.Loop.RunSyncSoonThreadsafe(func() {
		began := time.Now()
		fn()
		l.longest = max(l.longest, time.Since(began))
	})
}

func (l *timedLoop) RunSyncSoonNotThreadsafe(fn func()) { l.RunSyncSoonThreadsafe(fn) }

// draw is what a callback does to a window: it takes a while.
func draw(int) {
	for began := time.Now(); time.Since(began) < 20*time.Microsecond; {
	}
}

// report reports b.N values, a million a second at the most.
func report(b *testing.B, to func(int)) {
	began := time.Now()
	for i := range b.N {
		to(i)
		if i%1000 == 999 {
			time.Sleep(time.Duration(i)*time.Microsecond - time.Since(began))
		}
	}
}

// BenchmarkProgress is a million updates a second, and a callback that takes twenty times as
// long. posts is a post for each, as programs do it; plain is the same by hand, a mutex and a
// flag and a post when there is none; the longest turn is how long a window would stand still.
func BenchmarkProgress(b *testing.B) {
	b.Run("plain", func(b *testing.B) {
		loop := &timedLoop{Loop: headless.New()}
		calls := 0
		onLockedThread(func() {
			_ = loop.Mainloop(func() error {
				go func() {
					var mu sync.Mutex
					newest, posted := 0, false
					report(b, func(v int) {
						mu.Lock()
						defer mu.Unlock()
						newest = v
						if !posted {
							posted = true
							loop.RunSyncSoonThreadsafe(func() {
								mu.Lock()
								v := newest
								posted = false
								mu.Unlock()
								calls++
								draw(v)
							})
						}
					})
					loop.RunSyncSoonThreadsafe(loop.Quit)
				}()
				return nil
			})
		})
		reportTurns(b, loop, calls)
	})
	b.Run("guest", func(b *testing.B) {
		loop := &timedLoop{Loop: headless.New()}
		calls := 0
		_, _ = guest.Run(loop, func(ctx context.Context) (any, error) {
			p := flow.NewProgress(ctx, func(v int) { calls++; draw(v) })
			return guest.Background(ctx, func(context.Context) (any, error) {
				report(b, p.Report)
				return nil, nil
			})
		}, nil)
		reportTurns(b, loop, calls)
	})
	b.Run("posts", func(b *testing.B) {
		loop := &timedLoop{Loop: headless.New()}
		calls := 0
		_, _ = guest.Run(loop, func(ctx context.Context) (any, error) {
			return guest.Background(ctx, func(ctx context.Context) (any, error) {
				report(b, func(v int) { _ = guest.RunOnMain(ctx, func() { calls++; draw(v) }) })
				return nil, nil
			})
		}, nil)
		reportTurns(b, loop, calls)
	})
}

func reportTurns(b *testing.B, loop *timedLoop, calls int) {
	b.ReportMetric(float64(loop.longest)/float64(time.Millisecond), "ms/longest-turn")
	b.ReportMetric(float64(calls)/b.Elapsed().Seconds(), "deliveries/s")
}
