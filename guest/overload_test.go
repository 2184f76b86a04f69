package guest_test

import (
	"bytes"
	"context"
	"log/slog"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/flow"
)

// overload keeps the UI thread busy until ctx is done: a task of the guest's own, and posts of
// another goroutine, each of which has more to do than there is time.
func overload(ctx context.Context) {
	const step = 60 * time.Microsecond
	guest.Go(ctx, func(ctx context.Context) error {
		for guest.Yield(ctx) == nil {
			time.Sleep(step)
		}
		return nil
	})
	g := guestOf(ctx)
	for range 40 {
		var again func()
		again = func() {
			time.Sleep(step)
			if ctx.Err() == nil {
				elsewhere(func() { _ = g.Post(again) })
			}
		}
		elsewhere(func() { _ = g.Post(again) })
	}
}

// overloaded runs fn as a task while the UI thread is overloaded.
func overloaded(t *testing.T, fn func(ctx context.Context)) {
	require.NoError(t, virtually(t, quiet(), func(ctx context.Context) error {
		return guest.Supervise(ctx, func(ctx context.Context) error {
			ctx, stop := context.WithCancel(ctx)
			defer stop()
			overload(ctx)
			_ = guest.Sleep(ctx, 20*time.Millisecond)
			fn(ctx)
			return nil
		})
	}))
}

// TestResultsDoNotOvertakeWhatTheirWorkHasLeft, whichever side goes first: posts, what a
// CallOnMain has posted, and the last progress.
func TestResultsDoNotOvertakeWhatTheirWorkHasLeft(t *testing.T) {
	for name, work := range map[string]func(ctx context.Context, fn func(ctx context.Context) (int, error)) (int, error){
		"Background": guest.Background[int],
		"Submit": func(ctx context.Context, fn func(ctx context.Context) (int, error)) (int, error) {
			return guest.Submit(ctx, fn).Wait(ctx)
		},
	} {
		t.Run(name, func(t *testing.T) {
			overloaded(t, func(ctx context.Context) {
				r := rand.New(rand.NewPCG(1, 2))
				for range 100 {
					pause := time.Duration(r.IntN(3*r.IntN(2000)+1)) * time.Microsecond
					asks := r.IntN(3)
					left, ran, last := 0, 0, 0
					_, err := work(ctx, func(ctx context.Context) (int, error) {
						p := flow.NewProgress(ctx, func(v int) { last = v })
						time.Sleep(pause)
						for range 3 {
							left++
							_ = guest.RunOnMain(ctx, func() { ran++ })
						}
						if asks > 0 {
							_, _ = guest.CallOnMain(ctx, func(ctx context.Context) (int, error) {
								for range 5 {
									left++
									_ = guestOf(ctx).Post(func() { ran++ })
								}
								p.Report(1)
								return 0, nil
							})
						}
						p.Report(2)
						return 0, nil
					})
					assert.NoError(t, err)
					assert.Equal(t, left, ran, "posts that have run when the result is there")
					assert.Equal(t, 2, last, "progress")
				}
			})
		})
	}
}

// TestEndOfATaskDoesNotOvertakeItsProgress, which its helpers report from other goroutines.
func TestEndOfATaskDoesNotOvertakeItsProgress(t *testing.T) {
	overloaded(t, func(ctx context.Context) {
		for n := range 50 {
			last := 0
			err := guest.Go(ctx, func(ctx context.Context) error {
				p := flow.NewProgress(ctx, func(v int) { last = v })
				if n%2 == 0 {
					p.Report(1)
				}
				elsewhere(func() { p.Report(2) })
				if n%3 == 0 {
					p.Report(3)
				}
				if n%3 == 1 {
					_, _ = guest.Background(ctx, func(context.Context) (int, error) { p.Report(3); return 0, nil })
				}
				p.Report(4)
				return nil
			}).Wait(ctx)
			assert.NoError(t, err)
			assert.Equal(t, 4, last)
		}
	})
}

// TestOwnWorkIsPromptInAnOverload: a child that is started and cancelled, a sleep, and a
// deadline.
func TestOwnWorkIsPromptInAnOverload(t *testing.T) {
	require.NoError(t, virtually(t, quiet(), func(ctx context.Context) error {
		g, stop := guestOf(ctx), false
		const posts, each, within = 1000, 2 * time.Millisecond, 12 * time.Millisecond
		elsewhere(func() {
			for range posts {
				_ = g.Post(func() {
					if !stop {
						time.Sleep(each)
					}
				})
			}
		})
		for range 20 {
			began := time.Now()
			err := guest.Supervise(ctx, func(ctx context.Context) error {
				child := guest.Go(ctx, guest.Park)
				child.Cancel(nil)
				assert.ErrorIs(t, child.Wait(ctx), context.Canceled)
				return nil
			})
			assert.NoError(t, err)
			assert.LessOrEqual(t, time.Since(began), 3*within)
			began = time.Now()
			assert.NoError(t, guest.Sleep(ctx, time.Millisecond))
			assert.LessOrEqual(t, time.Since(began), within)
			began = time.Now()
			soon, cancel := context.WithTimeout(ctx, time.Millisecond)
			assert.ErrorIs(t, guest.Park(soon), context.DeadlineExceeded)
			assert.LessOrEqual(t, time.Since(began), within)
			cancel()
		}
		stop = true
		return nil
	}))
}

// TestALongBacklogIsLoggedOnce: how many posts wait, and since when.
func TestALongBacklogIsLoggedOnce(t *testing.T) {
	var log bytes.Buffer
	opts := &guest.Options{Logger: slog.New(slog.NewTextHandler(&log, nil))}
	require.NoError(t, virtually(t, opts, func(ctx context.Context) error {
		g := guestOf(ctx)
		elsewhere(func() {
			for range 1500 {
				_ = g.Post(func() { time.Sleep(2 * time.Millisecond) })
			}
		})
		return guest.Sleep(ctx, 10*time.Second)
	}))
	require.Equal(t, 1, strings.Count(log.String(), "level="), log.String())
	require.Regexp(t, `other goroutines post faster .* waiting=9\d\d late=1\S*s since=`, log.String())
}
