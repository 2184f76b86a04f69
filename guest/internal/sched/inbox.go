package sched

import (
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"
)

// The inbox is where any goroutine leaves work for the pump. The queue and the state of the
// wake-up change under one lock, so there is no moment in which a wake-up could be lost: a post
// that finds the pump asleep asks the host, and the pump falls asleep only while the lock shows
// it an empty queue. Closing is a flag under that lock, too, and so a post is either accepted,
// and will run, or refused, and never will. The watchdog asks again for a wake-up that the host
// has lost.
type inbox struct {
	client Client
	clock  *clock
	steer  *Steer    // if it has a Settle
	wakes  [2]func() // what the host is given to call, alternating; made once

	pending atomic.Uint32 // what lies here; the pump looks before it takes the lock

	mu       sync.Mutex
	own      fifo     // what the guest itself starts and posts
	others   fifo     // what comes from other goroutines
	sources  []uint64 // of these, if there is a steer
	apart    bool     // the two are told apart: from the first turn on
	latest   tag      // when the latest entry has arrived
	controls []Control
	closed   bool
	standing standing
	turns    uint64 // so far
	nth      uint8  // which of the two wake-ups the host was asked for last
	watchdog watchdog
	sampler  sampler
	probe    probe
	counts   Counts // at the end of the latest turn

	owed  time.Duration // since when the host owes the turn, or owed it
	began time.Duration // when the latest turn began

	askedAt time.Duration // when a pump that slept was to be woken; 0 if that has happened
	delays  recent        // from there to the turn
	took    recent        // the turns

	surplus bool // likewise: whether there are idle coroutines to end later

	doorbell atomic.Pointer[chan struct{}] // rung instead of asking the host; see Pump.TakeOver
}

// What lies in the inbox.
type lying = uint32

const (
	something    lying = 1
	somethingOwn lying = 3 // and some of it is the guest's own
)

// marked returns what lies here when a caller has left something whose mark was just taken off
// to see it: most goroutines have none, and one call says so. A post must not become dearer.
func (b *inbox) marked() lying {
	debug.SetPanicOnFault(true)
	if b.client.Own() {
		return somethingOwn
	}
	return something
}

// A standing is how the pump and the host stand with each other.
type standing uint8

const (
	asleep  standing = iota // the host owes nothing: the next post asks it
	asked                   // the host owes a call
	running                 // a turn runs
	halted                  // the pump has stopped: the host is asked for nothing
)

// Counts are what a pump is busy with.
type Counts struct {
	Begun    int // what has begun and not ended, as the client counts
	Sleeping int // waits for a time
	Queued   int // entries that wait for their turn
}

// A Control is a message to the pump itself. Apply is called on the UI thread, before the next
// batch and before all posts; that of a prompt one also in the middle of a batch, at the start
// of a turn and inside a running coroutine (ApplyPrompt). It must not run a user's code.
type Control interface {
	Apply()
	Prompt() bool
}

// post leaves e, and asks the host for a wake-up if none is under way. It reports false if
// posts are refused. Any goroutine, as all methods that do not say otherwise.
func (b *inbox) post(e entry) bool {
	wake, ok := b.postWith(e, nil)
	if wake != nil {
		b.request(wake)
	}
	return ok
}

// postWith is post for a caller that holds a lock of its own: it returns the wake-up that the
// caller passes to request, unless it is nil, when it has given the lock back. refuse, if not
// nil, is asked under the lock whether to refuse e.
func (b *inbox) postWith(e entry, refuse func() bool) (wake func(), ok bool) {
	lies := something
	if debug.SetPanicOnFault(false) {
		lies = b.marked()
	}
	b.mu.Lock()
	if b.closed || refuse != nil && refuse() {
		b.mu.Unlock()
		return nil, false
	}
	b.line(&e, lies).push(e)
	if b.steer != nil {
		b.noteSource(lies)
	}
	if b.standing != running || b.pending.Load()&lies != lies {
		wake = b.needWakeup(lies)
	}
	b.mu.Unlock()
	return wake, true
}

// line stamps e and returns the queue of its side. What arrives before the first turn is all on
// one: the goroutine that will run the loop can't be told from others then, and each
// goroutine's posts keep their order. The lock is held.
func (b *inbox) line(e *entry, lies lying) *fifo {
	b.latest += arrival
	e.tag |= b.latest
	if b.apart && lies == something {
		return &b.others
	}
	return &b.own
}

// noteSource notes who has just left an entry, for a steer. Not in line, which is inlined. The
// lock is held.
func (b *inbox) noteSource(lies lying) {
	if lies == something && b.apart {
		b.sources = append(b.sources, b.steer.Source())
	}
}

// postQuietly is post without a wake-up.
func (b *inbox) postQuietly(e entry) bool {
	lies := something
	if debug.SetPanicOnFault(false) {
		lies = b.marked()
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return false
	}
	b.line(&e, lies).push(e)
	if b.steer != nil {
		b.noteSource(lies)
	}
	b.pending.Or(lies)
	return true
}

// control leaves a message for the pump itself. Once posts are refused it is dropped, but a
// wake-up is asked for all the same: the host may have lost that of the last turns.
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

// poke asks for a turn without leaving work. It asks at once, also when the host still owes a
// turn, since it may have lost that: a deadline must not be late for it.
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

// needWakeup notes that something lies here, and returns the wake-up that the host must be
// asked for, or nil. The lock is held.
func (b *inbox) needWakeup(lies lying) (wake func()) {
	if p := b.pending.Load(); p&lies != lies {
		b.pending.Store(p | lies)
	}
	if b.standing == asleep {
		b.askedAt = b.clock.since()
		return b.nextWakeup(b.askedAt)
	}
	return b.retry()
}

// nextWakeup notes that the host is asked now for the wake-up that it returns. There are two
// that alternate: so a host that runs one again, when it has been asked for the other, does not
// make the pump ask for one more, and again for each of those. The lock is held.
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

// request passes a wake-up on to the host. No lock is held: a host may take its time, or call
// back.
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

// drain moves what lies here behind what is ready, and returns controls with those that lie
// here, and when the latest entry has arrived. What comes from other goroutines stays if others
// is nil. In a turn it has the two sides told apart from
// now on; first says that they were not before. UI thread only.
func (b *inbox) drain(own, others *fifo, controls []Control, inTurn bool) (all []Control, latest tag, first bool) {
	b.mu.Lock()
	own.take(&b.own)
	left := lying(0)
	switch {
	case others != nil:
		if len(b.sources) > 0 {
			b.arrange()
		}
		others.take(&b.others)
	case b.others.n > 0:
		left = something
	}
	first = inTurn && !b.apart
	b.apart = b.apart || inTurn
	if len(b.controls) > 0 {
		controls = append(controls, b.controls...)
		clear(b.controls)
		b.controls = b.controls[:0]
		if cap(b.controls) > chunkLen {
			b.controls = nil // a storm of cancellations does not keep its memory
		}
	}
	b.pending.Store(left)
	latest = b.latest
	b.mu.Unlock()
	return controls, latest, first
}

// fromOthers counts what lies here from other goroutines.
func (b *inbox) fromOthers() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.others.n
}

// turnBegins notes that a turn begins: the host has called, or Finish runs it. It returns what
// the probe has seen while the host owed it. UI thread only.
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

// rest puts the pump to sleep if there is nothing to do; otherwise it returns the wake-up that
// the host must be asked for. now are the counts to be left for other goroutines; surplus
// tells the watchdog that there are idle coroutines to end later. UI thread only.
func (b *inbox) rest(more, surplus bool, now Counts) (wake func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.counts, b.surplus = now, surplus
	b.took.add(b.clock.turn())
	if more || b.pending.Load() != 0 {
		return b.nextWakeup(b.clock.now)
	}
	b.standing = asleep
	return nil
}

// close refuses all further posts; what was accepted is still queued. UI thread only.
func (b *inbox) close() {
	b.mu.Lock()
	b.closed = true
	b.mu.Unlock()
}

// stop ends all asking of the host. UI thread only.
func (b *inbox) stop() {
	b.mu.Lock()
	b.standing = halted
	b.watchdog.stop()
	b.sampler.stop()
	b.probe.stop()
	b.mu.Unlock()
}
