package guest

import (
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/golodger/lodger/host"
)

// The inbox is where every goroutine leaves work for the pump. The queue and the awake flag change under one lock, so
// there is no moment in which a wake-up could be lost: whoever finds the pump not awake asks the host, and the pump falls
// asleep only while the lock shows it an empty queue. Closing is one more flag under that lock, and so a post either
// returns nil and will run, or returns ErrFinished and never will. A wake-up that the host loses is the watch's business (watch.go).
type inbox struct {
	pending atomic.Bool // something lies here; the pump looks before it takes the lock

	mu       sync.Mutex
	queue    fifo
	orders   []order // what the pump itself does at the start of its next batch: cancellations
	closed   bool
	awake    bool   // the pump runs, or the host has been asked for it
	answered bool   // the pump runs
	turn     uint64 // which turn of it
	nth      uint8  // which of the guest's two wake-ups the host was asked for last
	watch    watch
	counts   counts // when the pump last rested

	doorbell atomic.Pointer[chan struct{}] // after the loop: rung instead of the host
}

// post leaves e for the pump, and asks the host for a wake-up if none is under way. Any goroutine. Never waits.
func (g *Guest) post(e entry) error {
	wake, ok := g.leave(e, nil)
	if !ok {
		return ErrFinished
	}
	if wake != nil {
		g.ask(wake)
	}
	return nil
}

// leave is post without asking the host: the caller does that, without any lock of its own. It refuses what belongs to a
// task that has ended.
func (g *Guest) leave(e entry, owner *Task) (wake func(), ok bool) {
	b := &g.inbox
	b.mu.Lock()
	if b.closed || owner != nil && owner.scope.live.Load() == 0 {
		b.mu.Unlock()
		return nil, false
	}
	b.queue.push(e)
	wake = g.rouse()
	b.mu.Unlock()
	return wake, true
}

// whisper is post without a wake-up: e is done in the next turn, whenever that comes, or before the guest ends. It reports false if the guest
// takes no more. Any goroutine, also outside of a synctest bubble that the guest lives in.
func (g *Guest) whisper(e entry) bool {
	b := &g.inbox
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return false
	}
	b.queue.push(e)
	b.pending.Store(true)
	return true
}

// An order is a cancellation, or something else that only the pump may do.
type order struct {
	scope *scope // to be cancelled
	why   *cancellation
	do    func() // instead
}

// order leaves something for the pump itself to do, before the next batch. Any goroutine. In the last turns there is nothing left to
// cancel, but the host may have lost the wake-up for them.
func (g *Guest) order(o order) {
	b := &g.inbox
	b.mu.Lock()
	if !b.closed {
		b.orders = append(b.orders, o)
	}
	wake := g.rouse()
	b.mu.Unlock()
	if wake != nil {
		g.ask(wake)
	}
}

// poke wakes the pump without work: a deadline has come. Any goroutine. It does not wait for the watch to find out that the host has lost
// the wake-up that it was asked for: who sleeps is not late then.
func (g *Guest) poke() {
	b := &g.inbox
	b.mu.Lock()
	wake := g.rouse()
	if wake == nil && !b.answered {
		wake = g.wakes[b.nth]
	}
	b.mu.Unlock()
	if wake != nil {
		g.ask(wake)
	}
}

// rouse returns the wake-up that the host must be asked for, or nil. The lock is held.
func (g *Guest) rouse() (wake func()) {
	b := &g.inbox
	if !b.pending.Load() {
		b.pending.Store(true)
	}
	if !b.awake {
		return g.nextWake()
	}
	return g.retry()
}

// nextWake notes that the host is about to be asked for the wake-up that it returns. There are two, taken in turns: so
// a host that runs one again, when it has been asked for the other, does not make the pump ask once more for it, and again
// for each of those. The lock is held.
func (g *Guest) nextWake() func() {
	b := &g.inbox
	b.awake, b.answered = true, false
	b.nth ^= 1
	g.beWatched()
	return g.wakes[b.nth]
}

// expects reports whether the host was asked for its nth wake-up, and has not run it since.
func (g *Guest) expects(nth uint8) bool {
	b := &g.inbox
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.awake && !b.answered && b.nth == nth
}

// ask passes the one wake-up to the host. The lock is not held: a host may take its time, or call back.
func (g *Guest) ask(wake func()) {
	if bell := g.inbox.doorbell.Load(); bell != nil {
		select {
		case *bell <- struct{}{}:
		default:
		}
		return
	}
	g.askHost(g.host.RunSyncSoonThreadsafe, wake)
}

// askHost calls the host, which may be broken in any way: a panic is its own fault and costs one wake-up, and a host
// that runs fn before the call has returned is found out by the asker that it leaves behind.
func (g *Guest) askHost(soon func(func()), fn func()) {
	known := g.thread.Load()
	if known == 0 && runtime.GOARCH != "wasm" {
		runtime.LockOSThread() // or the loop could start on this very thread meanwhile, and seem to be inside the call
		defer runtime.UnlockOSThread()
	}
	if !g.bound.Load() || marked() { // others are not on the host's thread
		thread := uint64(host.CurrentThread())
		if (known == 0 || thread == known) && thread != 0 && g.asker.CompareAndSwap(0, thread) {
			defer g.asker.Store(0)
		}
	}
	defer func() {
		if v := recover(); v != nil {
			g.hostBroke("its RunSyncSoon method panicked", "panic", quoteAny(v))
		}
	}()
	soon(fn)
}

// drain moves what lies in the inbox to the end of the ready queue. UI thread only.
func (g *Guest) drain() {
	b := &g.inbox
	b.mu.Lock()
	g.ready.take(&b.queue)
	if len(b.orders) > 0 {
		g.orders = append(g.orders, b.orders...)
		clear(b.orders)
		b.orders = b.orders[:0]
		if cap(b.orders) > chunkLen {
			b.orders = nil // a storm of cancellations does not keep its memory
		}
	}
	b.pending.Store(false)
	b.mu.Unlock()
}

// answer notes that the pump has come. UI thread only.
func (g *Guest) answer() {
	b := &g.inbox
	b.mu.Lock()
	b.awake, b.answered = true, true
	b.turn++
	g.beWatched()
	b.mu.Unlock()
}

// rest puts the pump to sleep if there is nothing to do; otherwise it returns the wake-up that the host owes. UI thread only.
func (g *Guest) rest(more bool) (wake func()) {
	b := &g.inbox
	b.mu.Lock()
	defer b.mu.Unlock()
	b.counts = g.countNow()
	if more || b.pending.Load() {
		return g.nextWake()
	}
	b.awake, b.answered = false, false
	return nil
}

// close refuses all further posts; what was accepted is still in the queue. UI thread only.
func (g *Guest) close() {
	b := &g.inbox
	b.mu.Lock()
	b.closed = true
	b.mu.Unlock()
}
