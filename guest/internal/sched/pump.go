package sched

import "time"

// A Pump runs entries on the UI thread of a host, in the turns that the host gives it. Init
// makes it ready. The methods say where they may be called; "UI thread" means inside a turn, or
// inside a handler of the host.
type Pump struct {
	client Client
	steer  *Steer // of a test, or nil
	inbox  inbox  // any goroutine

	// The rest belongs to the UI thread.
	phase     phase
	inTurn    bool
	behind    bool   // the latest turn has left something to do
	turn      uint64 // the number of the turn among those of all pumps in the process
	current   *Coro  // that runs; nil in a posted function
	own       fifo   // ready entries of the guest itself
	others    fifo   // ready entries of other goroutines
	latest    tag    // when the latest of these has arrived
	batch     batch
	backlog   backlog
	controls  []Control
	beginning entry // for the coroutine that is to begin it
	watcher   *Watcher
	ran       any // what has begun last and returned, for the watcher
	clock     clock
	idle      []*Coro
	unneeded  unneeded // of idle
	deferred  deferred
	timers    timers
	begun     int // as the client counts; see Counted
}

// A phase is how far the pump has come. It only grows.
type phase uint8

const (
	open    phase = iota // posts are accepted
	ending               // End was called: the next batch refuses posts
	closed               // posts are refused; what was accepted runs
	stopped              // nothing runs any more
)

// Init makes p ready for posts. budget is how long a turn may last; steer may be nil.
func (p *Pump) Init(client Client, budget time.Duration, steer *Steer) {
	p.client, p.steer = client, steer
	if steer != nil && steer.Settle != nil {
		p.inbox.steer, p.clock.single = steer, true
	}
	p.clock.epoch, p.clock.budget = time.Now(), budget
	p.inbox.client, p.inbox.clock = client, &p.clock
	p.timers.poke = p.inbox.poke
	p.inbox.wakes = [2]func(){func() { p.wakeup(0) }, func() { p.wakeup(1) }}
}

// Post has fn called in a later batch. It reports false if posts are refused. Any goroutine.
func (p *Pump) Post(fn func()) bool { return p.inbox.post(entry{what: callback(fn), tag: calls}) }

// Start has r begun in a later batch. It reports false if posts are refused. Any goroutine.
func (p *Pump) Start(r Runnable) bool { return p.inbox.post(entry{what: r, tag: begins}) }

// Wake has c resumed in a later batch, if it still waits the wait seq then. Any goroutine.
func (p *Pump) Wake(c *Coro, seq uint32) { _ = p.inbox.post(entry{what: c, seq: seq}) }

// PostWith is Post for a caller that holds a lock of its own: it returns the wake-up that the
// caller passes to Request, unless it is nil, when it has given the lock back. refuse, if not
// nil, is asked under the pump's own lock whether to refuse fn. Any goroutine.
func (p *Pump) PostWith(fn func(), refuse func() bool) (wake func(), ok bool) {
	return p.inbox.postWith(entry{what: callback(fn), tag: calls}, refuse)
}

// Request passes on a wake-up that PostWith has returned. Any goroutine.
func (p *Pump) Request(wake func()) { p.inbox.request(wake) }

// PostQuietly is Post without a wake-up: fn is called in the next turn, whenever that comes. Any
// goroutine, also outside a synctest bubble that the pump lives in.
func (p *Pump) PostQuietly(fn func()) bool {
	return p.inbox.postQuietly(entry{what: callback(fn), tag: calls})
}

// Control leaves a message for the pump itself. Any goroutine.
func (p *Pump) Control(c Control) { p.inbox.control(c) }

// Poke asks for a turn without leaving work. Any goroutine.
func (p *Pump) Poke() { p.inbox.poke() }

// TakeOver makes the caller the one who runs the turns: from now on a wake-up rings bell, which
// has room for one, and the host is not asked. UI thread only.
func (p *Pump) TakeOver(bell chan struct{}) { p.inbox.doorbell.Store(&bell) }

// Nested says that the host has called inside a turn: a coroutine runs a loop of its own, which
// the watchdog does not report as a stall. UI thread only.
func (p *Pump) Nested() { p.inbox.nestedLoop() }

// Since reads the pump's clock, which counts from Init. Any goroutine.
func (p *Pump) Since() time.Duration { return p.clock.since() }

// Now returns the clock's latest reading, which costs nothing; it is late by a few steps at the
// most. UI thread only.
func (p *Pump) Now() time.Duration { return p.clock.now }

// Deadline returns the moment on the pump's clock that is d from now, as far as the clock can
// count. Any goroutine.
func (p *Pump) Deadline(d time.Duration) time.Duration { return p.clock.in(d) }

// WakeAt ends the wait that the running coroutine c is about to begin, when the time has come. UI
// thread only.
func (p *Pump) WakeAt(when time.Duration, c *Coro) { p.timers.add(when, c, c.seq) }

// BeginAt begins t when the time has come, if it still waits the wait seq then. UI thread only.
func (p *Pump) BeginAt(when time.Duration, t Timed, seq uint32) { p.timers.add(when, t, seq) }

// Sleeps counts a wait for a time in, or out with -1. UI thread only.
func (p *Pump) Sleeps(n int) { p.timers.sleeping += n }

// SetDeadline has the client told when the time has come; a later call replaces an earlier one. UI
// thread only.
func (p *Pump) SetDeadline(when time.Duration) { p.timers.limit = when }

// HasDeadline reports whether SetDeadline was called, and the time has not come. UI thread only.
func (p *Pump) HasDeadline() bool { return p.timers.limit != 0 }

// Defer has fn called in the next turn, or when FlushDeferred is called for owner. UI thread only.
func (p *Pump) Defer(fn func(), owner any) {
	p.deferred.add(entry{what: callback(fn), tag: calls}, owner)
}

// ParkBehindDeferred parks the running coroutine until what is deferred now has run, if there is
// anything. In a coroutine.
func (p *Pump) ParkBehindDeferred(c *Coro) {
	if len(p.deferred.list) > 0 {
		p.deferred.add(entry{what: c, seq: c.seq}, nil)
		c.Park()
	}
}

// FlushDeferred readies what is deferred for owner, and takes what lies in the inbox in before
// that. UI thread only.
func (p *Pump) FlushDeferred(owner any) {
	p.drain()
	p.flush(func(o any) bool { return o == owner })
}

// Counts returns the counts: of this moment on the UI thread, elsewhere those of the end of the
// latest turn, and what has arrived since. Any goroutine. The UI thread counts without a lock,
// and leaves a copy with the inbox at the end of a turn.
func (p *Pump) Counts(onThread bool) Counts {
	b := &p.inbox
	b.mu.Lock()
	c, arrived := b.counts, b.own.n+b.others.n
	b.mu.Unlock()
	if onThread {
		c = p.counts()
	}
	c.Queued += arrived
	return c
}

// counts are those of this moment, but for the inbox. UI thread only.
func (p *Pump) counts() Counts {
	return Counts{p.begun, p.timers.sleeping, p.ready() + len(p.deferred.list)}
}

// ready counts the entries that the pump has taken in.
func (p *Pump) ready() int { return p.own.n + p.others.n }

// Counted counts n more of what the client calls begun. UI thread only.
func (p *Pump) Counted(n int) { p.begun += n }

// Current returns the coroutine that runs, or nil. UI thread only.
func (p *Pump) Current() *Coro { return p.current }

// SetCurrent says that the running coroutine is c for a while: none, inside a function that is
// not the coroutine's own code. UI thread only.
func (p *Pump) SetCurrent(c *Coro) { p.current = c }

// InTurn reports whether a turn is on the stack, below the caller. UI thread only.
func (p *Pump) InTurn() bool { return p.inTurn }

// Turn returns the number of the pump's latest turn among those of all pumps in the process. UI
// thread only. Of several pumps on one thread, one may run inside another's coroutine: the one
// with the latest turn is innermost.
func (p *Pump) Turn() uint64 { return p.turn }

// End says that no coroutine will need the pump again: from the next batch on posts are
// refused, and when all that was accepted has run, the client hears Drained. UI thread only.
func (p *Pump) End() { p.phase = max(p.phase, ending) }

// Stop ends the pump: nothing runs, and the host is asked for nothing more. UI thread only.
func (p *Pump) Stop() {
	p.phase = stopped
	p.inbox.stop()
	p.timers.stop()
}

// Abandon refuses posts and removes what has not run: dropped is called for each posted function,
// abandoned for each Runnable that has not begun. UI thread only, when nothing may be resumed.
func (p *Pump) Abandon(dropped func(), abandoned func(Runnable)) {
	p.inbox.close()
	p.takeIn()
	p.flush(all)
	for _, q := range []*fifo{&p.own, &p.others} {
		for q.n > 0 {
			switch e := q.pop(); e.tag.kind() {
			case calls:
				dropped()
			case begins:
				abandoned(e.what.(Runnable))
			}
		}
	}
}
