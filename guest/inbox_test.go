package guest

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/host"
	"github.com/golodger/lodger/internal/looptest"
)

func TestPostsFromManyGoroutinesRunOnceInOrderOnTheOneThread(t *testing.T) {
	posters, posts := 8, 20_000
	if long {
		posters, posts = 16, 100_000
	}
	l := &scriptLoop{}
	next := make([]int, posters) // no lock: the race detector sees that there is one thread
	wrong, astray := 0, 0
	_, err := Run(l, func(ctx context.Context) (any, error) {
		g, _ := FromContext(ctx)
		thread := host.CurrentThread()
		return Background(ctx, func(context.Context) (any, error) {
			var wg sync.WaitGroup
			for p := range posters {
				wg.Go(func() {
					for i := range posts {
						assert.NoError(t, g.Post(func() {
							if next[p] != i {
								wrong++
							}
							next[p]++
							if host.CurrentThread() != thread {
								astray++
							}
						}))
					}
				})
			}
			wg.Wait()
			return nil, nil
		})
	}, nil)
	require.NoError(t, err)
	require.Zero(t, wrong, "lost, repeated or out of order")
	require.Zero(t, astray, "on another thread")
	for _, n := range next {
		require.Equal(t, posts, n)
	}
	t.Logf("%d posts, %d wake-ups asked for, %d turns", posters*posts, l.Asked.Load(), l.Turns)
	require.LessOrEqual(t, l.Asked.Load(), 1+l.Turns)
}

// The five moments at which a wake-up is lost most easily.

func TestPostBeforeTheLoopStartsIsNotLost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, c := &scriptLoop{}, &chapters{t: t}
		g, err := Start(l, nil, nil)
		require.NoError(t, err)
		require.NoError(t, g.Post(func() { c.step(2) }))
		elsewhere(func() { require.NoError(t, g.Post(func() { c.step(3); g.Cancel(nil) })) })
		c.step(1)
		require.NoError(t, embedded(l, g).Err)
		c.step(4)
	})
}

func TestPostJustBeforeTheHostSleepsIsNotLost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &scriptLoop{}
		g, err := Start(l, nil, nil)
		require.NoError(t, err)
		posted, ran := 0, 0
		l.OnIdle = func() {
			switch {
			case posted == 100:
				elsewhere(func() { g.Cancel(nil) })
			case posted == ran:
				posted++
				elsewhere(func() { assert.NoError(t, g.Post(func() { ran++ })) })
			}
		}
		require.NoError(t, embedded(l, g).Err)
		require.Equal(t, 100, ran)
	})
}

func TestPostDuringTheLastStepIsNotLost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, c := &scriptLoop{}, &chapters{t: t}
		var g *Guest
		l.OnDone = func(host.Outcome) { c.step(5) }
		g, err := Start(l, func(context.Context) error {
			// The guest's last step: when main returns there is nothing else.
			elsewhere(func() { assert.NoError(t, g.Post(func() { c.step(3) })) })
			c.step(1)
			return nil
		}, nil)
		require.NoError(t, err)
		g.Go(func(context.Context) error {
			c.step(2)
			elsewhere(func() {
				assert.NoError(t, g.Post(func() {
					c.step(4)
					assert.ErrorIs(t, g.Post(func() { t.Error("ran") }), ErrFinished, "too late: the inbox is closed")
				}))
			})
			return nil
		})
		require.NoError(t, embedded(l, g).Err)
		c.step(6)
	})
}

func TestPostFromInsideAStepIsNotLost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, c := &scriptLoop{}, &chapters{t: t}
		g, err := Start(l, func(ctx context.Context) error {
			g, _ := FromContext(ctx)
			assert.NoError(t, g.Post(func() { // from a task
				c.step(2)
				asked := l.Asked.Load()
				// from a posted function
				assert.NoError(t, g.Post(func() { c.step(3); g.Cancel(nil) }))
				assert.Equal(t, asked, l.Asked.Load(), "what the pump makes itself asks for no wake-up")
			}))
			c.step(1)
			return Park(ctx)
		}, nil)
		require.NoError(t, err)
		require.ErrorIs(t, embedded(l, g).Err, ErrQuit)
		c.step(4)
	})
}

// TestPostEitherRunsBeforeDoneCallbackOrIsRefused lets posts race with the end of a guest,
// round after round.
func TestPostEitherRunsBeforeDoneCallbackOrIsRefused(t *testing.T) {
	const posters = 2
	rounds, until := 100_000, time.Now().Add(time.Second)
	if long {
		until = until.Add(time.Hour)
	}
	var (
		open              atomic.Pointer[Guest] // that this round's posts go to
		ran, accepted, in atomic.Int64
		stop              atomic.Bool
		wg                sync.WaitGroup
	)
	for range posters {
		wg.Go(func() {
			var last *Guest
			for !stop.Load() {
				g := open.Load()
				if g == last {
					runtime.Gosched()
					continue
				}
				last = g
				var err error
				for n := 1; err == nil; n++ {
					if n%32 == 0 {
						runtime.Gosched() // the end must get its chance
					}
					if err = g.Post(func() { ran.Add(1) }); err == nil {
						accepted.Add(1)
					} else if err != ErrFinished {
						t.Errorf("Post returned %v", err)
					}
				}
				in.Add(1)
			}
		})
	}
	defer looptest.Lock()()
	round := 0
	for ; round < rounds && time.Now().Before(until); round++ {
		l := &scriptLoop{}
		var atDone int64
		l.OnDone = func(host.Outcome) { atDone = ran.Load() }
		var g *Guest
		g, err := Start(l, func(ctx context.Context) error {
			open.Store(g) // from now on they race
			if round%2 == 0 {
				runtime.Gosched() // or on one processor nobody would
			}
			for range round % 4 {
				_ = Yield(ctx)
			}
			return nil
		}, nil)
		require.NoError(t, err)
		require.NoError(t, l.Mainloop(nil))
		<-g.Done()
		for in.Load() < int64(round+1)*posters {
			runtime.Gosched()
		}
		require.Equal(t, accepted.Load(), ran.Load(), "accepted and never run, in round %d", round)
		require.Equal(t, atDone, ran.Load(), "run after DoneCallback, in round %d", round)
	}
	stop.Store(true)
	wg.Wait()
	require.Greater(t, accepted.Load(), int64(0))
	t.Logf("%d rounds, %d posts accepted, %d refused", round, accepted.Load(), in.Load())
}

// TestPostThatPostsItselfAndATaskThatYieldsForEverStarveNobody: not each other, not the host,
// not the end.
func TestPostThatPostsItselfAndATaskThatYieldsForEverStarveNobody(t *testing.T) {
	l := &scriptLoop{}
	var posts, yields, handlers int
	var longest time.Duration
	var g *Guest
	g, err := Start(l, func(ctx context.Context) error {
		for {
			yields++
			if err := Yield(ctx); err != nil {
				return err
			}
		}
	}, &Options{Budget: time.Millisecond})
	require.NoError(t, err)
	var again func()
	again = func() {
		posts++
		_ = g.Post(again)
	}
	require.NoError(t, g.Post(again))
	last := time.Now()
	var handler func() // one of the host's own, as redraws are
	handler = func() {
		now := time.Now()
		longest, last = max(longest, now.Sub(last)), now
		if handlers++; handlers == 50 {
			g.Cancel(nil)
		}
		l.Post(handler)
	}
	l.Post(handler)
	require.ErrorIs(t, embedded(l, g).Err, ErrQuit)
	require.GreaterOrEqual(t, handlers, 50)
	require.Greater(t, yields, 1000)
	require.InEpsilon(t, yields, posts, 0.01, "each batch runs both once")
	t.Logf("%d yields, %d posts, %d handlers, longest wait of the host %v", yields, posts, handlers, longest)
}

func TestFloodWhileTheUIIsBlockedIsDrainedInSlicesAndItsMemoryComesBack(t *testing.T) {
	posts := 1_000_000
	l := &scriptLoop{}
	heap := func() int64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return int64(m.HeapAlloc)
	}
	var before, peak, after, turns int64
	ran := 0
	_, err := Run(l, func(ctx context.Context) (any, error) {
		g, _ := FromContext(ctx)
		one := func() { ran++ }
		before = heap()
		elsewhere(func() { // this thread is blocked meanwhile
			for range posts {
				_ = g.Post(one)
			}
		})
		peak, turns = heap(), l.Turns
		for ran < posts {
			if err := Yield(ctx); err != nil {
				return nil, err
			}
		}
		turns = l.Turns - turns
		after = heap()
		return nil, nil
	}, nil)
	require.NoError(t, err)
	t.Logf("%d posts: %.1f bytes each, %d bytes kept, drained in %d turns",
		posts, float64(peak-before)/float64(posts), after-before, turns)
	require.LessOrEqual(t, peak-before, int64(posts)*32)
	require.LessOrEqual(t, after-before, int64(1<<20))
	require.GreaterOrEqual(t, turns, int64(posts/maxSteps)-1, "the host must get its turns in between")
}
