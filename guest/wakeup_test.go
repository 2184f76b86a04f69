package guest

import (
	"context"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest/internal/hooks"
)

// TestLostWakeUpIsAskedForAgain: at the latest two seconds after it was asked for, although
// nobody posts and no deadline comes.
func TestLostWakeUpIsAskedForAgain(t *testing.T) {
	for name, rest := range map[string]time.Duration{"while the guest is busy": lostAfter / 2, "after a long rest": time.Hour} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := &scriptLoop{}
				g, err := Start(l, nil, nil)
				require.NoError(t, err)
				var took time.Duration
				time.AfterFunc(rest, func() {
					l.Lose(func(nth int64) bool { return nth == 1 })
					asked, began := l.Asked.Load(), time.Now()
					assert.NoError(t, g.Post(func() { took = time.Since(began); g.Cancel(nil) }))
					assert.NoError(t, g.Post(func() {}))
					assert.Equal(t, asked+1, l.Asked.Load(), "too early to count as lost")
				})
				require.NoError(t, embedded(l, g).Err)
				require.GreaterOrEqual(t, took, lostAfter)
				require.LessOrEqual(t, took, 2*lostAfter)
			})
		})
	}
}

// TestHostThatLosesMostIsAskedEverySecond until it hears, and the next wake-up that it loses is
// not waited for any longer.
func TestHostThatLosesMostIsAskedEverySecond(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &scriptLoop{}
		g, err := Start(l, nil, nil)
		require.NoError(t, err)
		var took []time.Duration
		time.AfterFunc(time.Hour, func() {
			for _, lost := range []int64{100, 1, 0} {
				l.Lose(func(nth int64) bool { return nth <= lost })
				began := time.Now()
				assert.NoError(t, g.Post(func() { took = append(took, time.Since(began)) }))
				time.Sleep(time.Duration(lost+1) * lostAfter)
				synctest.Wait()
			}
			g.Cancel(nil)
		})
		require.NoError(t, embedded(l, g).Err)
		require.Equal(t, 100*lostAfter, took[0])
		require.LessOrEqual(t, took[1], 2*lostAfter)
		require.Zero(t, took[2])
	})
}

// deafen makes the loop lose all calls until the guest has given it up, hours later, and
// returns how often it was asked.
func deafen(l *scriptLoop, g *Guest, fn func()) (asked int64, err error) {
	l.Deaf.Store(true)
	defer l.Deaf.Store(false)
	before := l.Asked.Load()
	err = g.Post(fn)
	time.Sleep(12 * time.Hour)
	return l.Asked.Load() - before, err
}

// TestDeadHostIsAskedNoMoreUntilSomethingHappens: or time would run away in a test that hangs,
// and would never be found to.
func TestDeadHostIsAskedNoMoreUntilSomethingHappens(t *testing.T) {
	for name, happens := range map[string]func(g *Guest) error{
		"a post":         func(g *Guest) error { return g.Post(func() {}) },
		"a cancellation": func(g *Guest) error { g.Cancel(nil); return nil },
		"a deadline":     func(*Guest) error { time.Sleep(7 * time.Hour); return nil },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := &scriptLoop{}
				g, err := Start(l, func(ctx context.Context) error { return Sleep(ctx, 20*time.Hour) }, nil)
				require.NoError(t, err)
				ran := false
				time.AfterFunc(time.Hour, func() {
					asked, err := deafen(l, g, func() { ran = true })
					assert.NoError(t, err)
					assert.Equal(t, int64(1+inVain), asked)
					assert.NoError(t, happens(g))
					time.Sleep(lostAfter)
					synctest.Wait()
					assert.True(t, ran)
					g.Cancel(nil)
				})
				_ = embedded(l, g)
				time.Sleep(2 * lostAfter) // the cancellation has ended it before
			})
		})
	}
}

// TestDeadHostIsAskedOnceMoreInTheLastTurns: posts are refused by then.
func TestDeadHostIsAskedOnceMoreInTheLastTurns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &scriptLoop{}
		var g *Guest
		began, ran := time.Now(), 0
		g, err := Start(l, func(context.Context) error {
			for range 2*maxSteps + 1 {
				assert.NoError(t, g.Post(func() { ran++ }))
			}
			l.OnAsk = func(func()) bool {
				return g.life.is(closing) && time.Since(began) < time.Hour
			}
			return nil
		}, nil)
		require.NoError(t, err)
		time.AfterFunc(24*time.Hour, func() {
			g.Cancel(nil)
		})
		require.NoError(t, embedded(l, g).Err)
		require.Equal(t, 2*maxSteps+1, ran)
	})
}

func TestLostWakeUpIsAskedForAgainByTheNextTimer(t *testing.T) {
	for name, after := range map[string]time.Duration{"within a second": lostAfter / 2, "later": 2 * lostAfter} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := &scriptLoop{}
				g, err := Start(l, func(ctx context.Context) error { return Sleep(ctx, after) }, nil)
				require.NoError(t, err)
				go func() {
					synctest.Wait()
					l.Lose(func(nth int64) bool { return nth == 1 })
					assert.NoError(t, g.Post(func() {}))
				}()
				began := time.Now()
				require.NoError(t, embedded(l, g).Err)
				require.Equal(t, after, time.Since(began))
			})
		})
	}
}

// TestLostWakeUpOfTheLastTurnsIsAskedForAgain: posts are refused by then, and there may be no
// deadline.
func TestLostWakeUpOfTheLastTurnsIsAskedForAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const posts = 2*maxSteps + 1
		ran := 0
		var lost atomic.Int32
		l := &scriptLoop{}
		var g *Guest
		g, err := Start(l, func(context.Context) error {
			for range posts {
				assert.NoError(t, g.Post(func() { ran++ }))
			}
			l.OnAsk = func(func()) bool {
				return g.life.is(closing) && lost.Add(1) <= 2
			}
			return nil
		}, nil)
		require.NoError(t, err)
		began := time.Now()
		require.NoError(t, embedded(l, g).Err)
		require.Equal(t, posts, ran)
		require.Greater(t, lost.Load(), int32(2))
		require.LessOrEqual(t, time.Since(began), 3*lostAfter)
		time.Sleep(3 * lostAfter)
		require.Equal(t, l.Turns+2, l.Asked.Load(), "nobody is asked after the end")
	})
}

// TestRepeatedWakeUpDoesNotMultiply: or else a busy guest on a host that runs a call twice
// would ask for one more each time.
func TestRepeatedWakeUpDoesNotMultiply(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &scriptLoop{}
		l.OnAsk = func(fn func()) bool { l.Post(fn); l.Post(fn); return true }
		g, err := Start(l, func(ctx context.Context) error {
			for {
				if err := Yield(ctx); err != nil {
					return err
				}
			}
		}, nil)
		require.NoError(t, err)
		longest := 0
		l.OnTurn = func() {
			longest = max(longest, l.Queued())
			if l.Turns == 200 {
				g.Cancel(nil)
			}
		}
		require.ErrorIs(t, embedded(l, g).Err, ErrQuit)
		require.LessOrEqual(t, longest, 4)
		require.LessOrEqual(t, l.Asked.Load(), l.Turns)
	})
}

// TestWakeUpThatNobodyAskedForIsNoActivity: it runs nothing, asks for nothing and moves no
// deadline, whenever it comes.
func TestWakeUpThatNobodyAskedForIsNoActivity(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &scriptLoop{}
		var wakes []func()
		l.OnAsk = func(fn func()) bool { wakes = append(wakes, fn); return false }
		shuffled := 0 // which is for every batch that has tasks
		g, err := Start(l, func(ctx context.Context) error { return Sleep(ctx, time.Hour) },
			&Options{Context: hooks.With(context.Background(), hooks.Hooks{Shuffle: func(int, func(int, int)) { shuffled++ }})})
		require.NoError(t, err)
		began := time.Now()
		time.AfterFunc(time.Minute, func() {
			synctest.Wait()
			asked, batches, stats := l.Asked.Load(), shuffled, g.Stats()
			old := slices.Clone(wakes)
			for range 100 {
				for _, wake := range old {
					l.Post(wake)
				}
			}
			synctest.Wait()
			assert.Equal(t, asked, l.Asked.Load())
			assert.Equal(t, batches, shuffled)
			assert.Equal(t, stats, g.Stats())
			assert.Equal(t, "running", g.State())
		})
		require.NoError(t, embedded(l, g).Err)
		require.Equal(t, time.Hour, time.Since(began))
	})
}

func TestPostAfterALongRestAsksOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &scriptLoop{}
		g, err := Start(l, nil, nil)
		require.NoError(t, err)
		go func() {
			time.Sleep(time.Hour)
			l.OnAsk = func(fn func()) bool { time.AfterFunc(lostAfter/2, func() { l.Post(fn) }); return true }
			asked := l.Asked.Load()
			for range 10 {
				require.NoError(t, g.Post(func() {}))
			}
			require.Equal(t, asked+1, l.Asked.Load())
			g.Cancel(nil)
		}()
		require.NoError(t, embedded(l, g).Err)
	})
}
