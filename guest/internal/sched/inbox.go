package sched

import (
	"sync"
	"sync/atomic"
)

// The inbox is where any goroutine leaves work for the loop. The queue and the state of the wake-up
// change under one lock, so there is no moment in which a wake-up could be lost: a post that finds
// the loop asleep asks the host, and the loop falls asleep only while the lock shows it an empty
// queue. Closing is a flag under that lock, too, and so a post is either accepted, and will run, or
// refused, and never will. The watchdog asks again for a wake-up that the host has lost.
type inbox struct {
	pending atomic.Bool // something lies here; the loop looks before it takes the lock

	mu       sync.Mutex
	queue    fifo
	controls []Control
	closed   bool
	wakeup   wakeup
	turns    uint64 // of this loop, so far
	nth      uint8  // which of the two wake-ups the host was asked for last
	watchdog watchdog
	counts   Counts // at the end of the latest turn

	doorbell atomic.Pointer[chan struct{}] // rung instead of asking the host; see TakeOver
}

// A wakeup is where the loop and the host stand with each other.
type wakeup uint8

const (
	asleep  wakeup = iota // the host owes nothing: the next post asks it
	asked                 // the host owes a call
	running               // a turn runs
	never                 // the loop has stopped: the host is asked for nothing
)

// A Control is a message to the loop itself: Apply is called on the UI thread, before the next batch
// and before all posts. It must not run a user's code.
type Control interface{ Apply() }

// Post has fn called in a later batch. It reports false if posts are refused. Any goroutine.
func (l *Loop) Post(fn func()) bool { return l.post(entry{what: callback(fn), kind: calls}) }

// Start has r begun in a later batch. It reports false if posts are refused. Any goroutine.
func (l *Loop) Start(r Runnable) bool { return l.post(entry{what: r, kind: begins}) }

// Wake has c resumed in a later batch, if it still waits the wait seq then. Any goroutine.
func (l *Loop) Wake(c *Coro, seq uint32) { _ = l.post(entry{what: c, seq: seq}) }

func (l *Loop) post(e entry) bool {
	wake, ok := l.enqueue(e, nil)
	if wake != nil {
		l.Request(wake)
	}
	return ok
}

// PostWith is Post for a caller that holds a lock of its own: it returns the wake-up that the caller
// passes to Request, unless it is nil, when it has given the lock back. refuse, if not nil, is asked
// under the inbox's lock whether to refuse fn. Any goroutine.
func (l *Loop) PostWith(fn func(), refuse func() bool) (wake func(), ok bool) {
	return l.enqueue(entry{what: callback(fn), kind: calls}, refuse)
}

func (l *Loop) enqueue(e entry, refuse func() bool) (wake func(), ok bool) {
	b := &l.inbox
	b.mu.Lock()
	if b.closed || refuse != nil && refuse() {
		b.mu.Unlock()
		return nil, false
	}
	b.queue.push(e)
	wake = l.needWakeup()
	b.mu.Unlock()
	return wake, true
}

// PostQuietly is Post without a wake-up: fn is called in the next turn, whenever that comes. Any
// goroutine, also outside a synctest bubble that the loop lives in.
func (l *Loop) PostQuietly(fn func()) bool {
	b := &l.inbox
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return false
	}
	b.queue.push(entry{what: callback(fn), kind: calls})
	b.pending.Store(true)
	return true
}

// Control leaves a message for the loop itself. Once posts are refused it is dropped, but a wake-up
// is asked for all the same: the host may have lost that of the last turns. Any goroutine.
func (l *Loop) Control(c Control) {
	b := &l.inbox
	b.mu.Lock()
	if !b.closed {
		b.controls = append(b.controls, c)
	}
	wake := l.needWakeup()
	b.mu.Unlock()
	if wake != nil {
		l.Request(wake)
	}
}

// Poke asks for a turn without leaving work. It asks at once, also when the host still owes a turn,
// since it may have lost that: a deadline must not be late for it. Any goroutine.
func (l *Loop) Poke() {
	b := &l.inbox
	b.mu.Lock()
	wake := l.needWakeup()
	if wake == nil && b.wakeup == asked {
		wake = l.wakes[b.nth]
	}
	b.mu.Unlock()
	if wake != nil {
		l.Request(wake)
	}
}

// needWakeup notes that there is work, and returns the wake-up that the host must be asked for, or
// nil. The lock is held.
func (l *Loop) needWakeup() (wake func()) {
	b := &l.inbox
	if !b.pending.Load() {
		b.pending.Store(true)
	}
	if b.wakeup == asleep {
		return l.nextWakeup()
	}
	return l.retry()
}

// nextWakeup notes that the host is about to be asked for the wake-up that it returns. There are two
// that alternate: so a host that runs one again, when it has been asked for the other, does not make
// the loop ask for one more, and again for each of those. The lock is held.
func (l *Loop) nextWakeup() func() {
	b := &l.inbox
	b.wakeup = asked
	b.nth ^= 1
	l.watch()
	return l.wakes[b.nth]
}

// expects reports whether the host owes the nth wake-up.
func (l *Loop) expects(nth uint8) bool {
	b := &l.inbox
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.wakeup == asked && b.nth == nth
}

// Request passes a wake-up on to the host. No lock is held: a host may take its time, or call back.
// Any goroutine.
func (l *Loop) Request(wake func()) {
	if !l.ring() {
		l.client.RequestWakeup(wake, false)
	}
}

// TakeOver makes the caller the one who runs the turns: from now on a wake-up rings bell, which has
// room for one, and the host is not asked. UI thread only.
func (l *Loop) TakeOver(bell chan struct{}) { l.inbox.doorbell.Store(&bell) }

// ring rings the bell of TakeOver, if there is one.
func (l *Loop) ring() bool {
	bell := l.inbox.doorbell.Load()
	if bell == nil {
		return false
	}
	select {
	case *bell <- struct{}{}:
	default:
	}
	return true
}

// drain moves what lies in the inbox behind what is ready. UI thread only.
func (l *Loop) drain() {
	b := &l.inbox
	b.mu.Lock()
	l.ready.take(&b.queue)
	if len(b.controls) > 0 {
		l.controls = append(l.controls, b.controls...)
		clear(b.controls)
		b.controls = b.controls[:0]
		if cap(b.controls) > chunkLen {
			b.controls = nil // a storm of cancellations does not keep its memory
		}
	}
	b.pending.Store(false)
	b.mu.Unlock()
}

// arrived notes that the host has called. UI thread only.
func (l *Loop) arrived() {
	b := &l.inbox
	b.mu.Lock()
	b.wakeup = running
	b.turns++
	l.watch()
	b.mu.Unlock()
}

// rest puts the loop to sleep if there is nothing to do; otherwise it returns the wake-up that the
// host must be asked for. UI thread only.
func (l *Loop) rest(more bool) (wake func()) {
	b := &l.inbox
	b.mu.Lock()
	defer b.mu.Unlock()
	b.counts = l.countNow()
	if more || b.pending.Load() {
		return l.nextWakeup()
	}
	b.wakeup = asleep
	return nil
}

// close refuses all further posts; what was accepted is still queued. UI thread only.
func (l *Loop) close() {
	b := &l.inbox
	b.mu.Lock()
	b.closed = true
	b.mu.Unlock()
}

// stopWakeups ends all asking of the host. UI thread only.
func (l *Loop) stopWakeups() {
	b := &l.inbox
	b.mu.Lock()
	b.wakeup = never
	b.watchdog.stop()
	b.mu.Unlock()
}
