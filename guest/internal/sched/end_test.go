package sched

import (
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

func TestDrainedIsHeardOnceAfterClosed(t *testing.T) {
	onStage(t, func(t *testing.T) {
		c, s := newClient(t), &story{t: t}
		c.onClosed = s.says(2)
		c.onDrained = func() {
			s.step(4)
			require.True(t, c.pump.InTurn())
			require.Nil(t, c.pump.idle, "the coroutines have ended")
		}
		c.startMain(func(t *task) {
			t.sleep(time.Second)
			c.pump.Post(s.says(3))
			s.step(1)
		})
		c.spinLocked()
		for range 3 { // nothing of this may run after the end
			c.cancel()
			c.pump.Poke()
			c.pump.End()
			c.pump.wakeup(0)
			c.pump.wakeup(1)
			time.Sleep(time.Hour)
		}
		require.Equal(t, 1, c.heard.closed)
		require.Equal(t, 1, c.heard.drained)
		require.False(t, c.pump.InTurn())
		require.Equal(t, c.main.Asked.Load(), c.main.Turns)
		require.EqualValues(t, c.main.Turns-1, c.heard.turnEnds, "the last turn ends with Drained")
		s.step(5)
	})
}

// The pump calls TurnEnded outside the turn, and before it asks the host for the next one.
func TestTurnEndedIsHeardOutsideTheTurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newClient(t)
		c.onTurnEnded = func() {
			require.False(t, c.pump.InTurn())
			require.EqualValues(t, c.heard.turnEnds, c.main.Asked.Load())
		}
		c.run(func(t *task) {
			for range 3 * maxSteps {
				t.yield()
			}
		})
		require.GreaterOrEqual(t, c.heard.turnEnds, 2)
		require.Equal(t, c.heard.turnEnds, c.heard.own)
	})
}

// A pump that its owner has stopped asks the host for nothing.
func TestStoppedPumpAsksForNothing(t *testing.T) {
	onStage(t, func(t *testing.T) {
		c, wasSet := newClient(t), true
		c.pump.Post(func() {})
		c.pump.SetDeadline(c.pump.Deadline(time.Minute))
		time.AfterFunc(time.Second, func() {
			c.main.Post(func() {
				c.pump.Stop()
				wasSet = c.pump.timers.timer.Stop()
				c.main.Quit()
			})
		})
		c.spinLocked()
		defer c.pump.stopCoros()
		asked := c.main.Asked.Load()
		c.pump.Post(func() { t.Error("ran") })
		c.pump.Control(applied(func() { t.Error("applied") }))
		c.pump.Poke()
		time.Sleep(time.Hour)
		require.Equal(t, asked, c.main.Asked.Load())
		require.False(t, wasSet, "its timer does not run on")
		require.Empty(t, c.heard.deadlines)
	})
}

// After TakeOver the pump rings a bell instead of asking the host, whose loop has ended.
func TestTakenOverPumpRingsABell(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newClient(t)
		c.start((*task).park)
		c.startMain(func(t *task) {
			t.sleep(time.Hour)
			for range 4 * maxSteps { // the pump rings itself, too
				t.yield()
			}
		})
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		c.enter()
		c.main.SetOnAsk(func(func()) bool { t.Error("asked"); return true })
		bell := make(chan struct{}, 1)
		c.pump.TakeOver(bell)
		time.AfterFunc(2*time.Hour, c.cancel)
		start := time.Now()
		for c.heard.drained == 0 {
			c.pump.RunTurn()
			if c.heard.drained == 0 {
				<-bell
			}
		}
		require.Equal(t, 2*time.Hour, time.Since(start))
		require.Greater(t, c.heard.turnEnds, 3)
	})
}
