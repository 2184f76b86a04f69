package sched

import (
	"sync/atomic"
	"time"
)

// A Pump runs entries on the UI thread of a host, in the turns that the host gives it. Init
// makes it ready. Each method says where it may be called. "UI thread" means inside a turn, or
// inside a handler of the host.
type Pump struct {
	client Client
	steer  *Steer // only in tests; nil otherwise
	inbox  inbox  // any goroutine

	watcher atomic.Pointer[Watcher] // any goroutine; nil without a watcher

	// The other fields belong to the UI thread.
	taken
	phase     phase
	inTurn    bool
	behind    bool   // the latest turn left something to do
	turn      uint64 // number of the latest turn, counted over all pumps in the process
	current   *Coro  // the one that runs; nil in a posted function
	batch     batch
	backlog   backlog
	beginning entry // what the next coroutine begins
	watched   bool  // there was a watcher when the turn began
	ran       any   // what began last and has returned, if watched
	clock     clock
	idle      []*Coro
	visit     func()   // during Visit: what the coroutine calls
	unneeded  unneeded // which idle coroutines are not needed
	deferred  deferred
	timers    timers
	begun     int // counted by the client; see Counted
}

// taken is what the pump has taken out of the inbox, and what it has readied itself.
type taken struct {
	own      fifo // ready entries of the guest itself
	others   fifo // ready entries of other goroutines
	latest   tag  // arrival of the latest of these
	controls []Control
}

// A phase says how far the pump has come. It only grows.
type phase uint8

const (
	open    phase = iota // posts are accepted
	ending               // End was called: the next batch refuses posts
	closed               // posts are refused; accepted entries still run
	stopped              // nothing runs any more
)

// Init makes p ready for posts. budget is the longest time for a turn. steer may be nil.
func (p *Pump) Init(client Client, budget time.Duration, steer *Steer) {
	p.client, p.steer = client, steer
	if steer != nil && steer.Settle != nil {
		p.inbox.steer, p.clock.single = steer, true
	}
	p.clock.epoch, p.clock.budget, p.clock.slow = time.Now(), budget, p.stepped
	p.inbox.client, p.inbox.clock = client, &p.clock
	p.timers.poke = p.inbox.poke
	p.inbox.wakes = [2]func(){func() { p.wakeup(0) }, func() { p.wakeup(1) }}
}

// Post queues fn for a later batch. It reports false if posts are refused. Any goroutine.
func (p *Pump) Post(fn func()) bool { return p.inbox.post(entry{what: callback(fn), tag: calls}) }

// Start queues r to begin in a later batch. It reports false if posts are refused. Any
// goroutine.
func (p *Pump) Start(r Runnable) bool { return p.inbox.post(entry{what: r, tag: begins}) }

// Wake queues c to be resumed in a later batch, if it is still in the wait seq then. Any
// goroutine.
func (p *Pump) Wake(c *Coro, seq uint32) { _ = p.inbox.post(resumed(c, seq)) }

// PostWith is Post for a caller that holds a lock. It returns the wake-up, or nil; the caller
// passes it to Request after it has released its lock. If refuse is not nil, PostWith calls it
// under the pump's lock to ask whether to refuse fn. Any goroutine.
func (p *Pump) PostWith(fn func(), refuse func() bool) (wake func(), ok bool) {
	return p.inbox.leave(entry{what: callback(fn), tag: calls}, false, refuse)
}

// Request passes on a wake-up that PostWith returned. Any goroutine.
func (p *Pump) Request(wake func()) { p.inbox.request(wake) }

// PostQuietly is Post without a wake-up: fn runs in the next turn, whenever that comes. Any
// goroutine, including one outside the synctest bubble that the pump lives in.
func (p *Pump) PostQuietly(fn func()) bool {
	_, ok := p.inbox.leave(entry{what: callback(fn), tag: calls}, true, nil)
	return ok
}

// Control leaves a message for the pump itself. Any goroutine.
func (p *Pump) Control(c Control) { p.inbox.control(c) }

// Poke asks for a turn without leaving work. Any goroutine.
func (p *Pump) Poke() { p.inbox.poke() }

// TakeOver lets the caller run the turns. From now on a wake-up rings bell instead of asking
// the host. bell has room for one value. UI thread only.
func (p *Pump) TakeOver(bell chan struct{}) { p.inbox.doorbell.Store(&bell) }

// Nested says that the host has called inside a turn: a coroutine runs its own loop. The
// watchdog does not report that turn as a stall. UI thread only.
func (p *Pump) Nested() { p.inbox.nestedLoop() }

// Since reads the pump's clock, which counts from Init. Any goroutine.
func (p *Pump) Since() time.Duration { return p.clock.since() }

// Now returns the clock's latest reading. It costs nothing, and is at most a few steps late. UI
// thread only.
func (p *Pump) Now() time.Duration { return p.clock.now }

// Deadline returns the moment on the pump's clock that is d from now, or the latest moment that
// the clock can count. Any goroutine.
func (p *Pump) Deadline(d time.Duration) time.Duration { return p.clock.in(d) }

// WakeAt ends the wait that the running coroutine c is about to begin at the time when. UI
// thread only.
func (p *Pump) WakeAt(when time.Duration, c *Coro) { p.timers.add(when, c, c.seq) }

// BeginAt begins t at the time when, if it is still in the wait seq then. UI thread only.
func (p *Pump) BeginAt(when time.Duration, t Timed, seq uint32) { p.timers.add(when, t, seq) }

// Sleeps adds n to the number of waits for a time: 1 when one begins, -1 when it ends. UI
// thread only.
func (p *Pump) Sleeps(n int) { p.timers.sleeping += n }

// SetDeadline makes the pump call the client's DeadlinePassed at the time when. A later call
// replaces an earlier one. UI thread only.
func (p *Pump) SetDeadline(when time.Duration) { p.timers.limit = when }

// HasDeadline reports whether SetDeadline was called and its time has not come yet. UI thread
// only.
func (p *Pump) HasDeadline() bool { return p.timers.limit != 0 }

// Defer queues fn for the next turn, or until FlushDeferred is called for owner. UI thread
// only.
func (p *Pump) Defer(fn func(), owner any) {
	p.deferred.add(entry{what: callback(fn), tag: calls}, owner)
}

// ParkBehindDeferred parks the running coroutine until everything that is deferred now has run.
// If nothing is deferred, it does nothing. Must be called in a coroutine.
func (p *Pump) ParkBehindDeferred(c *Coro) {
	if len(p.deferred.list) > 0 {
		p.deferred.add(resumed(c, c.seq), nil)
		c.Park()
	}
}

// FlushDeferred takes in what lies in the inbox, and then readies what is deferred for owner.
// UI thread only.
func (p *Pump) FlushDeferred(owner any) {
	p.drain()
	p.flush(func(o any) bool { return o == owner })
}

// Counts returns the current counts on the UI thread. Elsewhere it returns those of the end of
// the latest turn. Both include what has arrived in the inbox. Any goroutine. The UI thread
// counts without a lock, and leaves a copy in the inbox at the end of a turn.
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

// counts returns the current counts, without the inbox. UI thread only.
func (p *Pump) counts() Counts {
	return Counts{p.begun, p.timers.sleeping, p.ready() + len(p.deferred.list)}
}

// ready returns how many entries the pump has taken in.
func (p *Pump) ready() int { return p.own.n + p.others.n }

// Counted adds n to what the client counts as begun. UI thread only.
func (p *Pump) Counted(n int) { p.begun += n }

// Current returns the coroutine that runs, or nil. UI thread only.
func (p *Pump) Current() *Coro { return p.current }

// SetCurrent sets what Current returns. It is nil inside a function that is not the coroutine's
// own code. UI thread only.
func (p *Pump) SetCurrent(c *Coro) { p.current = c }

// InTurn reports whether the caller runs inside a turn. UI thread only.
func (p *Pump) InTurn() bool { return p.inTurn }

// Turn returns the number of the pump's latest turn, counted over all pumps in the process. UI
// thread only. With several pumps on one thread, one may run inside another's coroutine: the
// innermost is the one with the latest turn.
func (p *Pump) Turn() uint64 { return p.turn }

// End says that no coroutine will need the pump again. From the next batch on posts are
// refused. When every accepted entry has run, the pump calls the client's Drained. UI thread
// only.
func (p *Pump) End() { p.phase = max(p.phase, ending) }

// Stop ends the pump: nothing runs any longer, and the pump asks the host for nothing more. UI
// thread only.
func (p *Pump) Stop() {
	p.phase = stopped
	p.inbox.stop()
	p.timers.stop()
}

// Abandon refuses posts and removes what has not run. It calls dropped for each posted
// function, and abandoned for each Runnable that has not begun. UI thread only, when no
// coroutine may be resumed.
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
				abandoned(e.what)
			}
		}
	}
}
