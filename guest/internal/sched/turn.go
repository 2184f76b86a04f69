package sched

import (
	"runtime/debug"
	"sync/atomic"
)

// wakeup is what the host is given to call, in two forms. To call it more often than asked is
// harmless.
func (l *Loop) wakeup(nth uint8) {
	if l.client.Admit() && l.expects(nth) {
		l.RunTurn()
	}
}

// turns numbers the turns of all loops in the process.
var turns atomic.Uint64

// RunTurn runs batches until nothing is left to do now, or the budget is spent. UI thread only, where
// the client admits it.
func (l *Loop) RunTurn() {
	defer func() {
		if v := recover(); v != nil {
			l.fault(v)
		}
	}()
	l.begin()
	for !l.runBatches() {
	}
	if l.phase == closed && l.ready.n == 0 {
		l.stopCoros()
		l.client.Drained()
		l.inTurn = false
		return
	}
	l.giveBack(l.more())
}

// begin starts a turn.
func (l *Loop) begin() {
	l.inTurn = true
	l.turn = turns.Add(1)
	l.startClock()
	l.arrived()
	l.flushDeferred()
}

// more reports whether there is something to do at once that is not in the inbox. If not, the timer
// is set.
func (l *Loop) more() bool {
	return l.ready.n > 0 || len(l.deferred) > 0 || len(l.controls) > 0 || l.phase == ending || l.setTimer()
}

// giveBack gives the thread back to the host: to be called again, or to sleep.
func (l *Loop) giveBack(more bool) {
	wake := l.rest(more)
	l.inTurn = false
	l.client.TurnEnded()
	if wake != nil && !l.ring() {
		l.client.RequestWakeup(wake, true)
	}
}

// fault passes on a panic of the loop itself. In a deferred call, where the stack is that of the
// panic, unless a coroutine has brought its own.
func (l *Loop) fault(v any) {
	if c, ok := v.(crash); ok {
		l.client.Fault(c.value, c.stack)
	} else {
		l.client.Fault(v, debug.Stack())
	}
	l.inTurn = false
}

// runBatches returns true when the loop should rest, and false when a coroutine has ended by Goexit,
// which left the loop by a panic: the caller goes on. There is one recover for all batches of the
// turn, since one for each switch would cost a third more.
func (l *Loop) runBatches() (over bool) {
	defer func() {
		l.current = nil
		if v := recover(); v != nil {
			mark, ok := v.(exited)
			if !ok {
				panic(v)
			}
			mark.c.seq = 0 // no wake-up is for it any more
			l.client.Exited(mark.c)
		}
	}()
	for l.left > 0 || l.nextBatch() {
		l.left--
		if c := l.coroFor(l.ready.pop()); c != nil {
			// Here and not a call deeper: after a switch, the processor guesses wrong where each
			// call returns to.
			l.current = c
			c.next()
			if c.idle {
				l.giveCoro(c)
			}
		}
		if l.Spent() {
			return true
		}
	}
	return true
}

// nextBatch makes a batch of all that is ready now. It reports whether there is anything.
func (l *Loop) nextBatch() bool {
	if l.inbox.pending.Load() {
		l.drain()
	}
	for len(l.controls) > 0 {
		controls := l.controls
		l.controls = nil
		for _, c := range controls {
			c.Apply()
		}
	}
	l.fireDue()
	if l.phase == ending {
		// Nothing will be started any more: refuse posts, then run those that were accepted.
		l.phase = closed
		l.close()
		l.client.Closed()
		l.drain()
		l.flushDeferred()
	}
	l.left = l.ready.n
	if l.shuffle != nil {
		l.shuffleBatch()
	}
	return l.left > 0
}

// coroFor returns the coroutine to resume for e, or nil if e comes too late, or a second time.
func (l *Loop) coroFor(e entry) *Coro {
	if e.begins() {
		l.beginning = e
		return l.takeCoro()
	}
	if c := e.what.(*Coro); c.seq == e.seq {
		return c
	}
	return nil
}

// nextBeginning pops the next entry of the batch if it is one that begins.
func (l *Loop) nextBeginning() (e entry, ok bool) {
	if l.left == 0 || !l.ready.peek().begins() || l.Spent() {
		return entry{}, false
	}
	l.left--
	return l.ready.pop(), true
}

// PostedCaller is how the name of the function ends that calls posted functions, for a search on the
// stack.
const PostedCaller = "/sched.(*Loop).callPosted"

func (l *Loop) callPosted(fn func()) {
	defer func() {
		if v := recover(); v != nil {
			l.client.Failed(v, debug.Stack())
		}
	}()
	fn()
}

// Ready readies c from the UI thread, behind what others have posted before, if it still waits the
// wait seq then.
func (l *Loop) Ready(c *Coro, seq uint32) {
	if l.inbox.pending.Load() {
		l.drain()
	}
	l.ready.push(entry{what: c, seq: seq})
}

// Requeue readies c for the wait that it is in, or is about to begin. UI thread only.
func (l *Loop) Requeue(c *Coro) { l.Ready(c, c.seq) }

// Push readies a function from the UI thread, ahead of what lies in the inbox.
func (l *Loop) Push(fn func()) { l.ready.push(entry{what: callback(fn), kind: calls}) }

// Begin readies a Runnable from the UI thread.
func (l *Loop) Begin(r Runnable) { l.ready.push(entry{what: r, kind: begins}) }

// PushOwn is Push for a function of the client's own, whose panic is a fault of the loop.
func (l *Loop) PushOwn(fn func()) { l.ready.push(entry{what: callback(fn), kind: callsOwn}) }

// Alone reports whether nothing but the running coroutine could run now. UI thread only.
func (l *Loop) Alone() bool {
	return l.ready.n == 0 && len(l.controls) == 0 && !l.inbox.pending.Load() && l.timers.next() == 0 && l.shuffle == nil
}

// Controls returns the control messages that have arrived and are not applied yet. UI thread only.
func (l *Loop) Controls() []Control {
	if l.inbox.pending.Load() {
		l.drain()
	}
	return l.controls
}
