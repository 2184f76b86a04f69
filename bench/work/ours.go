package work

import (
	"context"
	"time"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/host"
)

// Ours is Lodger on a host. ctx is the context of a background function of its guest.
func Ours(ctx context.Context, name string, h host.Host) Contender {
	g, _ := guest.FromContext(ctx)
	task := func(fn func(ctx context.Context)) {
		_, err := guest.CallOnMain(ctx, func(ctx context.Context) (any, error) { fn(ctx); return nil, nil })
		if err != nil {
			panic(err)
		}
	}
	post := func(fn func()) { _ = g.Post(fn) }
	return Contender{
		Name:      name,
		Post:      post,
		Meanwhile: oursMeanwhile(ctx, g, h),
		Call: func(n int, fn func()) {
			for range n {
				_, _ = guest.CallOnMain(ctx, func(context.Context) (any, error) { fn(); return nil, nil })
			}
		},
		Turn: func(n int) { chain(h.RunSyncSoonThreadsafe, h.RunSyncSoonNotThreadsafe)(n) },
		Background: func(n int) {
			task(func(ctx context.Context) {
				for range n {
					_, _ = guest.Background(ctx, func(context.Context) (any, error) { return nil, nil })
				}
			})
		},
		Switch: func(tasks, n int) (took time.Duration) {
			task(func(ctx context.Context) {
				left, started := n, 0
				var begin time.Time
				for range tasks {
					guest.Go(ctx, func(ctx context.Context) error {
						if started++; started == tasks {
							begin = time.Now()
						}
						for left > 0 {
							if started == tasks {
								left--
							}
							if err := guest.Yield(ctx); err != nil {
								return err
							}
						}
						if took == 0 {
							took = time.Since(begin)
						}
						return nil
					})
				}
			})
			return took
		},
		Spawn: func(n int) {
			task(func(ctx context.Context) {
				for ; n > 0; n -= Batch {
					for range min(Batch, n) {
						guest.Go(ctx, func(context.Context) error { return nil })
					}
					_ = guest.Join(ctx)
				}
			})
		},
		Sleep: func(n int, d func(i int) time.Duration) {
			task(func(ctx context.Context) {
				for i := range n {
					guest.Go(ctx, func(ctx context.Context) error { return guest.Sleep(ctx, d(i)) })
				}
			})
		},
		Park: func(n int) {
			started := 0
			task(func(ctx context.Context) {
				for range n {
					g.Go(func(ctx context.Context) error { started++; return guest.Park(ctx) })
				}
				for started < n && guest.Yield(ctx) == nil {
				}
			})
		},
		Flood: func(tasks int) (stop func()) {
			if tasks == 0 {
				return Posting(post)(0)
			}
			crowd := g.Go(func(ctx context.Context) error {
				for range tasks {
					guest.Go(ctx, func(ctx context.Context) error {
						for guest.Yield(ctx) == nil {
						}
						return nil
					})
				}
				return nil
			})
			return func() { crowd.Cancel(nil); _ = crowd.Wait(ctx) }
		},
	}
}

// OursByTimers starts functions with timers, as the peers do, and not tasks that sleep.
func OursByTimers(ctx context.Context, name string) Contender {
	return Contender{Name: name + ", After", Sleep: func(n int, d func(i int) time.Duration) {
		_, err := guest.CallOnMain(ctx, func(ctx context.Context) (any, error) {
			for i := range n {
				guest.After(ctx, d(i), func(context.Context) error { return nil })
			}
			return nil, nil
		})
		if err != nil {
			panic(err)
		}
	}}
}

// OursByPosts does only what the peers do: a post, and a channel for the answer.
func OursByPosts(ctx context.Context, name string) Contender {
	g, _ := guest.FromContext(ctx)
	return Contender{Name: name + ", Post and a channel", Call: Calling(func(fn func()) { _ = g.Post(fn) })}
}
