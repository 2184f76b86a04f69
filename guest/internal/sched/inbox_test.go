package sched

import (
	"runtime"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// The moments at which a wake-up is lost most easily.

func TestPostBetweenFlagAndDrainIsNotLost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newClient(t)
		p := &c.pump
		ran := 0
		post := func() { elsewhere(func() { require.True(t, p.Post(func() { ran++ })) }) }
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()

		// The turn, by hand.
		c.enter()
		post()
		p.begin()
		post() // after the flag, before the drain
		for !p.runBatches() {
		}
		require.Equal(t, 2, ran)
		asked := c.main.Asked.Load()
		post() // after the drain, before it falls asleep
		require.Equal(t, asked, c.main.Asked.Load())
		require.NotNil(t, p.inbox.rest(false, false, p.counts()), "it must not fall asleep over a post")
		p.inTurn = false
		p.RunTurn()
		require.Equal(t, 3, ran)
		post() // asleep
		require.Equal(t, asked+1, c.main.Asked.Load())
		c.cancel()
		c.spinLocked()
		require.Equal(t, 4, ran)
	})
}

func TestPostJustBeforeTheHostSleepsIsNotLost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newClient(t)
		posted, ran := 0, 0
		c.main.OnIdle = func() {
			switch {
			case posted == 100:
				c.cancel()
			case posted == ran:
				posted++
				elsewhere(func() { require.True(t, c.pump.Post(func() { ran++ })) })
			}
		}
		c.main.Post(func() {})
		c.spin()
		require.Equal(t, 100, ran)
	})
}

// A goroutine posts twice: the second time at some moment of the turn that runs the first post.
// Nothing is posted after that. The watchdog is off, because it would ask for a lost wake-up
// again.
func TestPostAtAnyMomentOfATurnIsNotLost(t *testing.T) {
	const patience = 20 * time.Second
	rounds := 20_000
	if long {
		rounds = 1_000_000
	}
	c := newClient(t)
	unwatch(&c.pump)
	lost := make(chan int, 1)
	go func() {
		defer c.cancel()
		late := time.NewTimer(patience)
		defer late.Stop()
		ran := make(chan struct{}, 2)
		answer := func() { ran <- struct{}{} }
		for round := range rounds {
			late.Reset(patience)
			var began atomic.Bool
			c.pump.Post(func() { began.Store(true); answer() })
			for n := 0; n < 7*round%20_011 && !began.Load(); n++ { // a different moment each round
			}
			c.pump.Post(answer)
			for range 2 {
				select {
				case <-ran:
				case <-late.C:
					lost <- round
					return
				}
			}
		}
	}()
	c.spin()
	select {
	case round := <-lost:
		t.Errorf("a post of round %d was lost, or took %v", round, patience)
	default:
	}
}

func TestPostQuietlyAsksForNoWakeup(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newClient(t)
		ran, refused := 0, false
		c.onClosed = func() { refused = !c.pump.PostQuietly(func() { t.Error("ran") }) }
		c.start(func(t *task) {
			t.sleep(time.Hour)
			require.Equal(t.client.t, 1, ran, "and runs in the next turn")
			c.pump.PostQuietly(func() { ran++; c.cancel() })
		})
		go func() {
			time.Sleep(time.Minute)
			asked := c.main.Asked.Load()
			require.True(t, c.pump.PostQuietly(func() { ran++ }))
			time.Sleep(time.Minute)
			require.Equal(t, asked, c.main.Asked.Load())
			require.Zero(t, ran)
			require.Equal(t, 1, c.pump.Counts(false).Queued)
		}()
		c.spin()
		require.Equal(t, 2, ran, "a turn does not rest over it")
		require.True(t, refused)
	})
}

func TestPostWithAsksWhetherToRefuse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, ran := newClient(t), 0
		wake, ok := c.pump.PostWith(func() { t.Error("ran") }, func() bool { return true })
		require.Nil(t, wake)
		require.False(t, ok)
		wake, ok = c.pump.PostWith(func() { ran++; c.cancel() }, func() bool { return false })
		require.NotNil(t, wake)
		require.True(t, ok)
		again, ok := c.pump.PostWith(func() { ran++ }, nil)
		require.Nil(t, again, "the first will do")
		require.True(t, ok)
		require.Zero(t, c.main.Asked.Load(), "the caller asks")
		c.pump.Request(wake)
		c.spin()
		require.Equal(t, 2, ran)
		_, ok = c.pump.PostWith(func() { t.Error("ran") }, func() bool { t.Error("asked"); return false })
		require.False(t, ok)
	})
}

// Control messages have a separate list, which gives its memory back after a flood.
func TestControlsOfAFloodGiveTheirMemoryBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, applications, kept := newClient(t), 0, 0
		c.run(func(t *task) {
			for range 100_000 {
				c.pump.Control(applied(func() { applications++ }))
			}
			for range 3 {
				t.yield()
				c.pump.Control(applied(func() { applications++ }))
			}
			kept = cap(c.pump.inbox.controls) + cap(c.pump.controls)
		})
		require.LessOrEqual(t, kept, 1024)
		require.Equal(t, 100_003, applications)
	})
}

func TestControlsCanBeReadBeforeTheyAreApplied(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, applications := newClient(t), 0
		c.run(func(t *task) {
			require.Empty(c.t, c.pump.Controls())
			for n := range 3 {
				c.pump.Control(applied(func() { applications++ }))
				require.Len(c.t, c.pump.Controls(), n+1)
			}
			require.Zero(c.t, applications)
			t.yield()
			require.Empty(c.t, c.pump.Controls())
			require.Equal(c.t, 3, applications)
		})
	})
}
