package sched

import (
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"
)

// The inbox is where any goroutine leaves work for the pump. The queue and the state of the
// wake-up change under one lock. So no wake-up can be lost: a post that finds the pump asleep
// asks the host, and the pump falls asleep only if it sees an empty queue under the lock.
// Closing sets a flag under the same lock. So a post is either accepted, and runs, or refused,
// and never runs. If the host loses a wake-up, the watchdog asks for it again.
type inbox struct {
	client Client
	clock  *clock
	steer  *Steer    // if it has a Settle
	wakes  [2]func() // the two functions for the host to call, in turn; made once

	arrivals // the pump looks at them before it takes the lock

	mu       sync.Mutex
	own      fifo     // what the guest itself starts and posts
	others   fifo     // what comes from other goroutines
	sources  []uint64 // the goroutines that left others; only with a steer
	apart    bool     // own and others are told apart; set in the first turn
	latest   tag      // when the latest entry has arrived
	controls []Control
	closed   bool
	standing standing
	turns    uint64 // how many turns have begun
	nth      uint8  // index in wakes of the wake-up last asked for
	watchdog watchdog
	sampler  sampler
	probe    probe
	counts   Counts // at the end of the latest turn

	owed  time.Duration // when the host was last asked for a turn
	began time.Duration // when the latest turn began

	askedAt time.Duration // when a sleeping pump asked to be woken; 0 once it is awake
	delays  recent        // the times from askedAt to the turn
	took    recent        // the lengths of the turns

	surplus bool // at the end of the latest turn: idle coroutines remain to be ended

	doorbell atomic.Pointer[chan struct{}] // rung instead of asking the host; see TakeOver
}

// What lies in the inbox: 0 is nothing.
type lying = uint32

const (
	something    lying = 1
	somethingOwn lying = 3 // something, and some of it is the guest's own
)

// The arrivals tell the pump what lies in the inbox, without the lock. The first arrival after the
// pump has taken in everything turns a bit of the word. So the pump takes note without an atomic
// store, which would cost as much as a lock.
type arrivals struct {
	word  atomic.Uint32 // what has arrived since the turn of the bit, and the bit
	known uint32        // the word when the pump last took note; only the UI thread changes it
}

const turned = somethingOwn + 1 // the bit

// note notes an arrival. The caller holds the lock.
func (a *arrivals) note(what lying) {
	switch l := a.word.Load(); {
	case l == a.known:
		a.word.Store(l&^somethingOwn ^ turned | what)
	case l&what != what:
		a.word.Store(l | what)
	}
}

// lie returns what lies here. UI thread only.
func (a *arrivals) lie() lying {
	if l := a.word.Load(); l != a.known {
		return l & somethingOwn
	}
	return 0
}

// see notes that the pump has taken in what lies here. UI thread only; the caller holds the
// lock.
func (a *arrivals) see() { a.known = a.word.Load() }

// A standing says what the host owes the pump.
type standing uint8

const (
	asleep  standing = iota // the host owes nothing: the next post asks it
	asked                   // the host owes a call
	running                 // a turn runs
	halted                  // the pump has stopped: it never asks the host again
)

// Counts says what a pump is busy with.
type Counts struct {
	Begun    int // what has begun and has not ended, as counted by the client
	Sleeping int // waits for a time
	Queued   int // entries that wait for their turn
}

// A Control is a message to the pump itself. The pump calls Apply on the UI thread, before the
// next batch and before all posts. A prompt one is also applied in the middle of a batch: at
// the start of a turn, and inside a running coroutine (ApplyPrompt). Apply must not run a
// user's code.
type Control interface {
	Apply()
	Prompt() bool
}

// post leaves e, and asks the host for a wake-up if none is under way. It reports false if
// posts are refused. Any goroutine; so are all methods here that do not say otherwise.
//
// It is a function of its own, because leave needs much stack, and request needs much, too: one
// inside the other would be too much for a new goroutine, whose stack would grow.
func (b *inbox) post(e entry) bool {
	wake, ok := b.leave(e, false, nil)
	if wake != nil {
		b.request(wake)
	}
	return ok
}

// leave leaves e, and returns the wake-up for which the caller asks the host with request, or nil.
// A caller that holds a lock releases that first. If refuse is not nil, leave calls it under the
// inbox's lock to ask whether to refuse e. With quiet there is no wake-up: e runs in the next
// turn, whenever that comes.
func (b *inbox) leave(e entry, quiet bool, refuse func() bool) (wake func(), ok bool) {
	// One call reads the mark if the guess is right: most tasks are started by tasks, and most
	// posts come from other goroutines.
	guess, lies := e.tag.kind() == begins, something
	marked := debug.SetPanicOnFault(guess)
	if marked != guess {
		debug.SetPanicOnFault(marked)
	}
	if marked && b.client.Own() {
		lies = somethingOwn
	}
	b.mu.Lock()
	if b.closed || refuse != nil && refuse() {
		b.mu.Unlock()
		return nil, false
	}
	q, at := b.line(lies)
	e.tag |= at
	q.push(e)
	if b.steer != nil {
		b.noteSource(lies)
	}
	if b.standing == running || quiet { // the usual case, without a call
		b.note(lies)
	} else {
		wake = b.needWakeup(lies)
	}
	b.mu.Unlock()
	return wake, true
}

// line returns the queue of an entry's side, and when the entry arrives. Everything that arrives
// before the first turn goes into one queue: the goroutine that will run the loop can't be told
// from others yet, and each goroutine's posts must keep their order. The caller holds the lock.
func (b *inbox) line(lies lying) (q *fifo, at tag) {
	b.latest += arrival
	if b.apart && lies == something {
		return &b.others, b.latest
	}
	return &b.own, b.latest
}

// noteSource notes for a steer which goroutine has just left an entry. It is not part of line,
// so that line can be inlined. The caller holds the lock.
func (b *inbox) noteSource(lies lying) {
	if lies == something && b.apart {
		b.sources = append(b.sources, b.steer.Source())
	}
}

// control leaves a message for the pump itself. Once posts are refused, it drops the message
// but still asks for a wake-up: the host may have lost that of the last turns.
func (b *inbox) control(c Control) {
	b.mu.Lock()
	if !b.closed {
		b.controls = append(b.controls, c)
	}
	wake := b.needWakeup(something)
	b.mu.Unlock()
	if wake != nil {
		b.request(wake)
	}
}

// poke asks for a turn without leaving work. It asks at once, even if the host still owes a
// turn: the host may have lost that one, and a deadline must not be late because of it.
func (b *inbox) poke() {
	b.mu.Lock()
	wake := b.needWakeup(something)
	if wake == nil && b.standing == asked {
		wake = b.wakes[b.nth]
	}
	b.mu.Unlock()
	if wake != nil {
		b.request(wake)
	}
}

// needWakeup notes that something lies here. It returns the wake-up to ask the host for, or
// nil. The caller holds the lock.
func (b *inbox) needWakeup(lies lying) (wake func()) {
	b.note(lies)
	if b.standing == asleep {
		b.askedAt = b.clock.since()
		return b.nextWakeup(b.askedAt)
	}
	return b.retry()
}

// nextWakeup notes that the host is being asked for a wake-up, and returns it. Two wake-ups
// alternate. So if a host repeats the old one after it was asked for the new one, the pump
// ignores the repetition and asks for nothing more. The caller holds the lock.
func (b *inbox) nextWakeup(now time.Duration) func() {
	b.standing, b.owed = asked, now
	b.nth ^= 1
	b.watch()
	b.probeSoon()
	return b.wakes[b.nth]
}

// expects reports whether the host owes the nth wake-up.
func (b *inbox) expects(nth uint8) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.standing == asked && b.nth == nth
}

// request passes a wake-up on to the host. The caller holds no lock: a host may take its time,
// or call back.
func (b *inbox) request(wake func()) {
	if !b.ring() {
		b.client.RequestWakeup(wake, false)
	}
}

// ring rings the bell of Pump.TakeOver, if there is one.
func (b *inbox) ring() bool {
	bell := b.doorbell.Load()
	if bell == nil {
		return false
	}
	select {
	case *bell <- struct{}{}:
	default:
	}
	return true
}

// drain moves what lies here behind what the pump has taken before. Unless all is set, entries of
// other goroutines stay here. With inTurn, the inbox tells the two sides apart from now on; first
// reports that it did not before. UI thread only.
func (b *inbox) drain(to *taken, all, inTurn bool) (first bool) {
	b.mu.Lock()
	to.own.take(&b.own)
	left := false
	switch {
	case b.others.n == 0:
	case !all:
		left = true
	default:
		if len(b.sources) > 0 {
			b.arrange()
		}
		to.others.take(&b.others)
	}
	if first = inTurn && !b.apart; first {
		b.apart = true
	}
	if len(b.controls) > 0 {
		to.controls = append(to.controls, b.controls...)
		clear(b.controls)
		b.controls = b.controls[:0]
		if cap(b.controls) > chunkLen {
			b.controls = nil // give back the memory of a flood of cancellations
		}
	}
	b.see()
	if left {
		b.note(something)
	}
	to.latest = b.latest
	b.mu.Unlock()
	return first
}

// fromOthers returns how many entries of other goroutines lie here.
func (b *inbox) fromOthers() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.others.n
}

// turnBegins notes that a turn begins, called by the host or by Finish. It returns what the
// probe saw while the host owed the turn. UI thread only.
func (b *inbox) turnBegins() (seen any) {
	b.mu.Lock()
	if b.askedAt != 0 {
		b.delays.add(b.clock.now - b.askedAt)
		b.askedAt = 0
	}
	seen = b.probe.of(held{b.turns, asked})
	b.standing, b.began = running, b.clock.now
	b.turns++
	b.watch()
	b.probeSoon()
	b.mu.Unlock()
	return seen
}

// rest puts the pump to sleep if there is nothing to do. Otherwise it returns the wake-up to
// ask the host for. now holds the counts for other goroutines to read. surplus tells the
// watchdog that idle coroutines remain to be ended. UI thread only.
func (b *inbox) rest(more, surplus bool, now Counts) (wake func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.counts, b.surplus = now, surplus
	b.took.add(b.clock.turn())
	if more || b.lie() != 0 {
		return b.nextWakeup(b.clock.now)
	}
	b.standing = asleep
	return nil
}

// close refuses all further posts. Accepted ones stay in the queue. UI thread only.
func (b *inbox) close() {
	b.mu.Lock()
	b.closed = true
	b.mu.Unlock()
}

// stop makes the inbox ask the host for nothing more. UI thread only.
func (b *inbox) stop() {
	b.mu.Lock()
	b.standing = halted
	b.watchdog.stop()
	b.sampler.stop()
	b.probe.stop()
	b.mu.Unlock()
}
