package guest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestHostMayDieAtAnyStep ends the loop at each of 200 steps of a busy program.
func TestHostMayDieAtAnyStep(t *testing.T) {
	steps := 200
	for n := 1; n <= steps; n++ {
		ok := t.Run(fmt.Sprint("step ", n), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { dieAt(t, int64(n)) })
		})
		if !ok {
			return
		}
	}
	synctest.Test(t, func(t *testing.T) {
		require.Greater(t, dieAt(t, 1<<40), int64(steps), "the story is long enough")
	})
}

func dieAt(t *testing.T, deadly int64) int64 {
	const grace = 2 * time.Second
	l := &scriptLoop{}
	var at atomic.Int64
	tick := func() {
		if at.Add(1) == deadly {
			l.Quit()
		}
	}
	l.OnTurn = tick
	begun, undone := 0, 0 // without a lock: all tasks are on one thread
	task := func(fn func(ctx context.Context) error) func(ctx context.Context) error {
		return func(ctx context.Context) error {
			begun++
			defer func() { undone++; tick() }()
			tick()
			return fn(ctx)
		}
	}
	release := make(chan struct{}) // for what heeds nothing
	var waiters sync.WaitGroup
	bg := context.Background()
	wait := func(fn func() error) {
		waiters.Go(func() {
			err := fn()
			if err != nil && !errors.Is(err, ErrHostGone) && !errors.Is(err, ErrFinished) && !errors.Is(err, context.Canceled) {
				t.Errorf("a waiting goroutine got %v", err)
			}
		})
	}
	var died time.Time
	l.OnMain = func(start func() error) bool {
		if err := start(); err != nil {
			return false
		}
		l.Spin()
		died = time.Now()
		return false
	}
	stubborn := 0
	var g *Guest
	_, err := Run(l, task2(task, func(ctx context.Context) error {
		g, _ = FromContext(ctx)
		ch := make(chan int)
		go func() {
			defer close(ch)
			for i := range 10 {
				select {
				case ch <- i:
				case <-ctx.Done():
					return
				}
				time.Sleep(100 * time.Millisecond)
			}
		}()
		sleeper := Go(ctx, task(func(ctx context.Context) error {
			for range 20 {
				if err := Sleep(ctx, 70*time.Millisecond); err != nil {
					return err
				}
				tick()
			}
			return nil
		}))
		Go(ctx, task(func(ctx context.Context) error {
			for range 20 {
				if err := Yield(ctx); err != nil {
					return err
				}
				tick()
			}
			return nil
		}))
		Go(ctx, task(func(ctx context.Context) error {
			for {
				if _, ok, err := receive(ctx, ch); !ok || err != nil {
					return err
				}
				tick()
			}
		}))
		Go(ctx, task(func(ctx context.Context) error { // modal
			for range 10 {
				if err := Modal(ctx, func() { tick(); l.Nest(); tick() }); err != nil {
					return err
				}
				if err := Sleep(ctx, 90*time.Millisecond); err != nil {
					return err
				}
			}
			return nil
		}))
		Go(ctx, task(func(ctx context.Context) error { // background, and back from there
			for range 10 {
				_, err := Background(ctx, func(ctx context.Context) (int, error) {
					tick()
					time.Sleep(50 * time.Millisecond)
					assert.Contains(t, []error{nil, ErrFinished}, RunOnMain(ctx, tick))
					return CallOnMain(ctx, func(ctx context.Context) (int, error) {
						return 0, task(func(ctx context.Context) error { return Sleep(ctx, 10*time.Millisecond) })(ctx)
					})
				})
				if err != nil {
					return err
				}
			}
			return nil
		}))
		Go(ctx, task(func(ctx context.Context) error { // shielded clean-up, longer than the grace
			defer func() {
				shielded := context.WithoutCancel(ctx)
				for range 5 {
					if err := Sleep(shielded, time.Second); err != nil {
						return
					}
					tick()
				}
			}()
			return Sleep(ctx, 800*time.Millisecond)
		}))
		Go(ctx, task(func(ctx context.Context) error { // a background function that heeds nothing
			if err := Sleep(ctx, 300*time.Millisecond); err != nil {
				return nil
			}
			stubborn++
			_, err := Background(ctx, func(context.Context) (int, error) {
				select {
				case <-release:
				case <-time.After(time.Minute):
				}
				return 0, nil
			})
			if errors.Is(err, errAbandoned) {
				return nil
			}
			return err
		}))
		joiner := Async(ctx, func(ctx context.Context) (int, error) { // joining
			return 1, task(func(ctx context.Context) error {
				return Scope(ctx, func(ctx context.Context) error {
					for range 5 {
						Go(ctx, task(func(ctx context.Context) error {
							tick()
							return Sleep(ctx, 400*time.Millisecond)
						}))
					}
					return sleeper.Wait(ctx)
				})
			})(ctx)
		})
		wait(func() error { return sleeper.Wait(bg) })
		wait(func() error { _, err := joiner.Wait(bg); return err })
		wait(func() error { return g.Wait(bg) })
		wait(func() error { <-ctx.Done(); return nil })
		wait(func() error {
			for range 20 {
				_, err := CallOnMain(context.WithoutCancel(ctx), func(ctx context.Context) (int, error) {
					return 0, task(func(ctx context.Context) error { return Sleep(ctx, 30*time.Millisecond) })(ctx)
				})
				if err != nil {
					return err
				}
			}
			return nil
		})
		wait(func() error { // posts, until it is told that it is over
			for {
				if err := g.Post(tick); err != nil {
					return err
				}
				time.Sleep(40 * time.Millisecond)
			}
		})
		return Sleep(ctx, 1200*time.Millisecond)
	}), &Options{Grace: grace, Logger: mute()})
	_ = err // whatever came first

	require.LessOrEqual(t, time.Since(died), 3*grace)
	require.Equal(t, begun, undone, "deferred calls")
	require.Len(t, l.Outcomes, 1)
	if g != nil {
		report := g.Finish()
		require.Empty(t, report.Leaked)
		require.Zero(t, report.Dropped)
		for name, n := range report.Abandoned {
			require.Equal(t, 1, n)
			require.Equal(t, 1, stubborn)
			require.Contains(t, name, "dieAt")
		}
	}
	synctest.Wait()
	close(release)
	waiters.Wait() // or the bubble fails
	return at.Load()
}

// task2 makes a main function with a result of a plain one.
func task2(task func(func(context.Context) error) func(context.Context) error, fn func(context.Context) error) func(context.Context) (int, error) {
	return func(ctx context.Context) (int, error) { return 0, task(fn)(ctx) }
}
