package sched

import (
	"runtime"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/host"
)

func TestAnAcceptedPostRunsBeforeDrained(t *testing.T) {
	t.Run("also the very last", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			c, s := newClient(t), &story{t: t}
			c.onClosed = func() {
				s.step(4)
				elsewhere(func() { require.False(t, c.pump.Post(func() { t.Error("ran") })) })
			}
			c.onDrained = s.says(8)
			c.run(func(*task) {
				s.step(1)
				c.pump.Post(s.says(5)) // is in the inbox when the pump ends
				c.pump.Control(applied(func() {
					s.step(3)
					require.True(t, c.pump.Post(s.says(7))) // behind what is ready
				}))
				c.pump.Post(func() {
					s.step(6)
					require.False(t, c.pump.Post(func() { t.Error("ran") }), "too late: posts are refused")
				})
				s.step(2)
			})
			require.Equal(t, 1, c.heard.closed)
			require.Equal(t, 1, c.heard.drained)
		})
	})
	t.Run("also more than a turn takes", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			c, ran := newClient(t), 0
			const posts = 3 * maxSteps
			c.onDrained = func() { require.Equal(t, posts, ran) }
			c.run(func(*task) {
				for range posts {
					require.True(t, c.pump.Post(func() { ran++ }))
				}
			})
			require.Equal(t, posts, ran)
			require.GreaterOrEqual(t, c.main.Turns, int64(3))
		})
	})
	t.Run("also in a race", postsRaceWithTheEnd)
}

// postsRaceWithTheEnd lets posts race with the end of a pump, round after round.
func postsRaceWithTheEnd(t *testing.T) {
	const posters = 2
	until := time.Now().Add(200 * time.Millisecond)
	if long {
		until = until.Add(time.Hour)
	}
	var open atomic.Pointer[client]  // the client that gets this round's posts
	var ended atomic.Pointer[client] // the client whose Drained was called
	var ran, accepted, in atomic.Int64
	stop := make(chan struct{})
	stopped := make(chan struct{}, posters)
	post := func() {
		defer func() { stopped <- struct{}{} }()
		for last := (*client)(nil); ; {
			select {
			case <-stop:
				return
			default:
			}
			c := open.Load()
			if c == last {
				runtime.Gosched()
				continue
			}
			last = c
			for n := 1; ; n++ {
				late := ended.Load() == c
				if !c.pump.Post(func() { ran.Add(1) }) {
					break
				}
				accepted.Add(1)
				if late {
					t.Error("a post was accepted after Drained")
					break
				}
				if n%32 == 0 {
					runtime.Gosched() // give the end a chance to run
				}
			}
			in.Add(1)
		}
	}
	for range posters {
		go post()
	}
	round := 0
	for ; time.Now().Before(until); round++ {
		c := newClient(t)
		var atDrained int64
		c.onDrained = func() {
			atDrained = ran.Load()
			ended.Store(c)
		}
		c.run(func(t *task) {
			open.Store(c) // the race begins here
			before := accepted.Load()
			for n := 0; n < round%4 || round%4 == 0 && accepted.Load() == before; n++ {
				t.yield()
				runtime.Gosched()
			}
		})
		for in.Load() < int64(round+1)*posters {
			runtime.Gosched()
		}
		require.Equal(t, accepted.Load(), ran.Load(), "accepted and never run, in round %d", round)
		require.Equal(t, atDrained, ran.Load(), "run after Drained, in round %d", round)
	}
	close(stop)
	for range posters {
		<-stopped
	}
	require.Greater(t, accepted.Load(), int64(0))
	t.Logf("%d rounds, %d posts accepted, %d refused", round, accepted.Load(), in.Load())
}

func TestPostsOfAFloodAskForOneWakeup(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newClient(t)
		for range 1000 {
			c.pump.Post(func() {})
			c.pump.Control(applied(func() {}))
		}
		require.EqualValues(t, 1, c.main.Asked.Load())
		c.run(func(*task) {
			for range 1000 { // inside a turn a post asks for no wake-up
				c.pump.Post(func() {})
				c.pump.Control(applied(func() {}))
			}
			require.EqualValues(t, 1, c.main.Asked.Load())
		})
	})
}

// The host's method may take its time, and may call back.
func TestPostHoldsNoLockWhileTheHostIsAsked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newClient(t)
		requests, ran := 0, 0
		c.main.SetOnAsk(func(func()) bool {
			if !c.pump.inbox.mu.TryLock() {
				t.Error("the inbox is locked")
				return false
			}
			c.pump.inbox.mu.Unlock()
			if requests++; requests < 10 {
				c.pump.Post(func() { ran++ })
			}
			return false
		})
		c.run(func(t *task) {
			t.sleep(lostAfter / 3)
			for range 4 * maxSteps { // the pump itself asks, too
				t.yield()
			}
		})
		require.Equal(t, min(requests, 9), ran)
		require.Greater(t, c.heard.own, 1)
	})
}

func TestPostsOfManyGoroutinesRunOnTheOneThread(t *testing.T) {
	const posters, posts = 8, 2000
	c := newClient(t)
	next := make([]int, posters) // no lock: the race detector checks that only one thread uses it
	wrong, astray := 0, 0
	done := make(chan struct{}, posters)
	thread := host.Thread(0)
	c.pump.Post(func() { thread = host.CurrentThread() })
	for p := range posters {
		go func() {
			for i := range posts {
				c.pump.Post(func() {
					if next[p] != i {
						wrong++
					}
					next[p]++
					if host.CurrentThread() != thread {
						astray++
					}
				})
			}
			done <- struct{}{}
		}()
	}
	go func() {
		for range posters {
			<-done
		}
		c.cancel()
	}()
	c.spin()
	require.Zero(t, wrong, "lost, repeated or out of order")
	require.Zero(t, astray, "on another thread")
	for _, n := range next {
		require.Equal(t, posts, n)
	}
	require.LessOrEqual(t, c.main.Asked.Load(), 1+c.main.Turns)
}
