package sched

import (
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// unwatch switches the pump's watchdog off, so that it can't repair the fault that a test looks
// for. Any goroutine.
func unwatch(p *Pump) {
	p.inbox.mu.Lock()
	defer p.inbox.mu.Unlock()
	p.inbox.watchdog.stop()
	p.inbox.watchdog.timer = time.NewTimer(aLifetime)
}

// The pump asks again for a lost wake-up, at most two seconds after the first request, even if
// nothing is posted and no deadline comes.
func TestALostWakeupIsAskedForAgain(t *testing.T) {
	for name, rest := range map[string]time.Duration{
		"while the pump is awake": lostAfter / 2, "after a long rest": time.Hour,
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := newClient(t)
				var took time.Duration
				c.pump.Post(func() {})
				time.AfterFunc(rest, func() {
					c.main.Lose(func(nth int64) bool { return nth == 1 })
					asked, began := c.main.Asked.Load(), time.Now()
					c.pump.Post(func() { took = time.Since(began); c.cancel() })
					c.pump.Post(func() {})
					require.Equal(t, asked+1, c.main.Asked.Load(), "too early to count as lost")
				})
				c.spin()
				require.GreaterOrEqual(t, took, lostAfter)
				require.LessOrEqual(t, took, 2*lostAfter)
			})
		})
	}
	t.Run("by the next deadline", func(t *testing.T) {
		for _, after := range []time.Duration{lostAfter / 2, 2 * lostAfter} {
			synctest.Test(t, func(t *testing.T) {
				c := newClient(t)
				began := time.Now()
				go func() {
					synctest.Wait()
					c.main.Lose(func(nth int64) bool { return nth == 1 })
					c.pump.Post(func() {})
				}()
				c.run(func(t *task) { t.sleep(after) })
				require.Equal(t, after, time.Since(began))
			})
		}
	})
	t.Run("in the last turns", func(t *testing.T) { // the pump refuses posts by then
		synctest.Test(t, func(t *testing.T) {
			const posts = 2*maxSteps + 1
			c := newClient(t)
			ran, lost := 0, atomic.Int32{}
			c.onClosed = func() {
				c.main.SetOnAsk(func(func()) bool { return lost.Add(1) <= 2 })
			}
			began := time.Now()
			c.run(func(*task) {
				for range posts {
					c.pump.Post(func() { ran++ })
				}
			})
			require.Equal(t, posts, ran)
			require.Greater(t, lost.Load(), int32(2))
			require.LessOrEqual(t, time.Since(began), 3*lostAfter)
			time.Sleep(3 * lostAfter)
			require.Equal(t, c.main.Turns+2, c.main.Asked.Load(), "the host is not asked after the end")
		})
	})
}

// A host that loses most wake-ups is asked every second until it answers. The next wake-up that
// it loses is asked for again just as soon.
func TestHostThatLosesMostWakeupsIsAskedEverySecond(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newClient(t)
		var took []time.Duration
		time.AfterFunc(time.Hour, func() {
			for _, lost := range []int64{100, 1, 0} {
				c.main.Lose(func(nth int64) bool { return nth <= lost })
				began := time.Now()
				c.pump.Post(func() { took = append(took, time.Since(began)) })
				time.Sleep(time.Duration(lost+1) * lostAfter)
				synctest.Wait()
			}
			c.cancel()
		})
		c.spin()
		require.Equal(t, 100*lostAfter, took[0])
		require.LessOrEqual(t, took[1], 2*lostAfter)
		require.Zero(t, took[2])
	})
}

// deafen makes the main loop lose all requests until the watchdog gives it up, hours later. It
// returns how often the loop was asked.
func (c *client) deafen(fn func()) (asked int64) {
	c.main.Lose(func(int64) bool { return true })
	defer c.main.SetOnAsk(nil)
	before := c.main.Asked.Load()
	c.pump.Post(fn)
	time.Sleep(12 * time.Hour)
	return c.main.Asked.Load() - before
}

// The watchdog gives up a dead host until something happens. Otherwise time would run away in a
// test that hangs.
func TestDeadHostIsGivenUpUntilSomethingHappens(t *testing.T) {
	for name, happens := range map[string]func(c *client){
		"a post":            func(c *client) { c.pump.Post(func() {}) },
		"a wake-up":         func(c *client) { c.pump.Wake(new(Coro), 1) },
		"a control message": func(c *client) { c.pump.Control(applied(func() {})) },
		"a deadline":        func(*client) { time.Sleep(7 * time.Hour) },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := newClient(t)
				ran := false
				time.AfterFunc(time.Hour, func() {
					require.EqualValues(t, 1+inVain, c.deafen(func() { ran = true }))
					happens(c)
					time.Sleep(lostAfter)
					synctest.Wait()
					require.True(t, ran)
					c.cancel()
				})
				c.run(func(t *task) { t.sleep(20 * time.Hour) })
				time.Sleep(2 * lostAfter) // the deadline has ended it by then
			})
		})
	}
}

// A dead host is asked once more in the last turns, although the pump drops control messages by
// then.
func TestDeadHostIsAskedOnceMoreInTheLastTurns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const posts = 2*maxSteps + 1
		c := newClient(t)
		began, ran := time.Now(), 0
		c.onClosed = func() {
			c.main.SetOnAsk(func(func()) bool { return time.Since(began) < time.Hour })
		}
		time.AfterFunc(24*time.Hour, func() { c.pump.Control(applied(func() { t.Error("applied") })) })
		c.run(func(*task) {
			for range posts {
				c.pump.Post(func() { ran++ })
			}
		})
		require.Equal(t, posts, ran)
		require.Equal(t, 24*time.Hour, time.Since(began))
	})
}

// A host that comes back is watched again from its first turn on.
func TestHostThatComesBackIsWatchedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newClient(t)
		time.AfterFunc(time.Hour, func() {
			c.deafen(func() { time.Sleep(2 * stalled) })
			c.main.Post(c.pump.inbox.wakes[c.pump.inbox.nth]) // the host was not asked for it now
			time.Sleep(time.Hour)
			c.cancel()
		})
		c.spin()
		require.Len(t, c.stalls(), 1)
	})
}

// A repeated wake-up does not multiply. Otherwise a busy pump would ask for one more each time,
// on a host that runs a call twice.
func TestRepeatedWakeupDoesNotMultiply(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newClient(t)
		c.main.SetOnAsk(func(wake func()) bool { c.main.Post(wake); c.main.Post(wake); return true })
		longest, turnsAtEnd := 0, int64(0)
		c.main.OnTurn = func() {
			longest = max(longest, c.main.Queued())
			if c.main.Turns == 50 {
				turnsAtEnd = c.main.Turns
				c.cancel()
			}
		}
		c.run(func(t *task) {
			for n := 0; !t.cancelled && n < 100*maxSteps; n++ {
				t.yield()
			}
		})
		require.EqualValues(t, 50, turnsAtEnd, "turns until it is cancelled")
		require.LessOrEqual(t, longest, 4)
		require.LessOrEqual(t, c.main.Asked.Load(), c.main.Turns)
	})
}

// A wake-up that was not asked for runs nothing, asks for nothing and moves no deadline.
func TestUnexpectedWakeupDoesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newClient(t)
		began := time.Now()
		time.AfterFunc(time.Minute, func() {
			synctest.Wait()
			asked, turns := c.main.Asked.Load(), c.pump.inbox.turns
			for range 100 {
				c.main.Post(c.pump.inbox.wakes[0])
				c.main.Post(c.pump.inbox.wakes[1])
			}
			synctest.Wait()
			require.Equal(t, asked, c.main.Asked.Load())
			require.Equal(t, turns, c.pump.inbox.turns)
		})
		c.run(func(t *task) { t.sleep(time.Hour) })
		require.Equal(t, time.Hour, time.Since(began))
	})
}

// A caller with another clock sets no watchdog: it is in a bubble and the pump is not, or the
// other way round. The timer would run on the wrong clock, and might never fire.
func TestWatchdogOfAnotherClockIsNotSet(t *testing.T) {
	watched := func(c *client) bool {
		c.pump.inbox.mu.Lock()
		defer c.pump.inbox.mu.Unlock()
		return c.pump.inbox.watch()
	}
	stop := func(c *client) { c.pump.Stop() }

	c := newClient(t)
	synctest.Test(t, func(t *testing.T) { require.False(t, watched(c)) })
	require.True(t, watched(c))
	stop(c)

	clients, answers := make(chan *client), make(chan bool)
	go func() { answers <- watched(<-clients) }()
	synctest.Test(t, func(t *testing.T) {
		c := newClient(t)
		clients <- c
		require.False(t, <-answers)
		require.True(t, watched(c))
		stop(c)
	})
}

// An idle pump costs nothing: it asks the host for no turn, and no timer runs.
func TestWatchdogLeavesAnIdlePumpAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newClient(t)
		go func() {
			time.Sleep(time.Hour)
			asked := c.main.Asked.Load()
			c.pump.inbox.mu.Lock()
			require.Nil(t, c.pump.inbox.watchdog.timer)
			c.pump.inbox.mu.Unlock()
			time.Sleep(1000 * time.Hour)
			require.Equal(t, asked, c.main.Asked.Load())
			c.cancel()
		}()
		c.run((*task).park)
		require.Empty(t, c.stalls())
	})
}
