package sched

import "time"

// A Loop runs entries on the UI thread of a host, in the turns that the host gives it. Init makes it
// ready. The methods say where they may be called; "UI thread" means inside the loop, or inside a
// handler of the host.
type Loop struct {
	client  Client
	budget  time.Duration
	shuffle Shuffle
	epoch   time.Time
	wakes   [2]func() // what the host is given to call, alternating; made once

	inbox inbox // any goroutine

	// The rest belongs to the UI thread.
	phase     phase
	inTurn    bool
	turn      uint64 // the number of the turn among those of all loops in the process
	current   *Coro  // that runs; nil in a posted function
	ready     fifo
	left      int // entries of ready that belong to this batch
	controls  []Control
	deferred  []deferredEntry
	beginning entry // for the coroutine that is to begin it
	idle      []*Coro
	clock     clock
	timers    timers
	counts    Counts
}

// A phase is how far the loop has come. It only grows.
type phase uint8

const (
	open    phase = iota // posts are accepted
	ending               // End was called: the next batch refuses posts
	closed               // posts are refused; what was accepted runs
	stopped              // nothing runs any more
)

// Init makes l ready for posts. budget is how long a turn may last; shuffle may be nil.
func (l *Loop) Init(client Client, budget time.Duration, shuffle Shuffle) {
	l.client, l.budget, l.shuffle, l.epoch = client, budget, shuffle, time.Now()
	l.wakes = [2]func(){func() { l.wakeup(0) }, func() { l.wakeup(1) }}
}

// Current returns the coroutine that runs, or nil. UI thread only.
func (l *Loop) Current() *Coro { return l.current }

// SetCurrent says that the running coroutine is c for a while: none, inside a function that is not
// the coroutine's own code. UI thread only.
func (l *Loop) SetCurrent(c *Coro) { l.current = c }

// InTurn reports whether the loop is on the stack, below the caller. UI thread only.
func (l *Loop) InTurn() bool { return l.inTurn }

// Turn returns the number of the loop's latest turn among those of all loops in the process. UI
// thread only. Of several loops on one thread, one may run inside another's coroutine: the one with
// the latest turn is innermost.
func (l *Loop) Turn() uint64 { return l.turn }

// End says that no coroutine will need the loop again: from the next batch on posts are refused, and
// when all that was accepted has run, the client hears Drained. UI thread only.
func (l *Loop) End() { l.phase = max(l.phase, ending) }

// Stop ends the loop: nothing runs, and the host is asked for nothing more. UI thread only.
func (l *Loop) Stop() {
	l.phase = stopped
	l.stopWakeups()
	l.timers.stop()
}

// Abandon refuses posts and removes what has not run: dropped is called for each posted function,
// abandoned for each Runnable that has not begun. UI thread only, when nothing may be resumed.
func (l *Loop) Abandon(dropped func(), abandoned func(Runnable)) {
	l.close()
	l.drain()
	l.flushDeferred()
	for l.ready.n > 0 {
		switch e := l.ready.pop(); e.kind {
		case calls:
			dropped()
		case begins:
			abandoned(e.what.(Runnable))
		}
	}
}
