package guest

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/golodger/lodger/host"
)

// The inbox is where every goroutine leaves work for the pump. The queue and the awake flag change under one lock, so
// there is no moment in which a wake-up could be lost: whoever finds the pump not awake asks the host, and the pump falls
// asleep only while the lock shows it an empty queue. Closing is one more flag under that lock, and so a post either
// returns nil and will run, or returns ErrFinished and never will.
type inbox struct {
	pending atomic.Bool // something lies here; the pump looks before it takes the lock

	mu       sync.Mutex
	queue    queue
	orders   []func() // what the pump itself does at the start of its next batch: cancellations
	closed   bool
	awake    bool          // the pump runs, or the host has been asked for it
	answered bool          // the pump runs
	asked    time.Duration // when the host was asked, on the guest's clock
	unheard  int           // posts since then that found no answer

	doorbell atomic.Pointer[chan struct{}] // after the loop: rung instead of the host
}

// overdue is when a wake-up counts as lost by the host, and is asked for again. A repeated one is harmless.
const overdue = time.Second

// post leaves e for the pump, and asks the host for a wake-up if none is under way. Any goroutine. Never waits.
func (g *Guest) post(e entry) error {
	b := &g.inbox
	b.mu.Lock()
	if b.closed {
		b.mu.Unlock()
		return ErrFinished
	}
	b.queue.push(e)
	ask := g.rouse()
	b.mu.Unlock()
	if ask {
		g.ask()
	}
	return nil
}

// order leaves something for the pump itself to do, before the next batch. Any goroutine.
func (g *Guest) order(do func()) {
	b := &g.inbox
	b.mu.Lock()
	if b.closed {
		b.mu.Unlock()
		return
	}
	b.orders = append(b.orders, do)
	ask := g.rouse()
	b.mu.Unlock()
	if ask {
		g.ask()
	}
}

// poke wakes the pump without work: a deadline has come. Any goroutine.
func (g *Guest) poke() {
	b := &g.inbox
	b.mu.Lock()
	ask := !b.closed && g.rouse()
	b.mu.Unlock()
	if ask {
		g.ask()
	}
}

// rouse reports whether the host must be asked. The lock is held.
func (g *Guest) rouse() (ask bool) {
	b := &g.inbox
	if !b.pending.Load() {
		b.pending.Store(true)
	}
	if !b.awake {
		b.awake, b.answered, b.unheard = true, false, 0
		b.asked = g.since()
		return true
	}
	if b.answered {
		return false
	}
	// Asked, but no answer yet. Under a flood the clock is read now and then only.
	if b.unheard++; b.unheard > 64 && b.unheard%64 != 0 {
		return false
	}
	if now := g.since(); now-b.asked > overdue {
		b.asked = now
		return true
	}
	return false
}

// ask passes the one wake-up to the host. The lock is not held: a host may take its time, or call back.
func (g *Guest) ask() {
	if bell := g.inbox.doorbell.Load(); bell != nil {
		select {
		case *bell <- struct{}{}:
		default:
		}
		return
	}
	g.askHost(g.host.RunSyncSoonThreadsafe, g.wake)
}

// askHost calls the host, which may be broken in any way: a panic is its own fault and costs one wake-up, and a host
// that runs fn before the call has returned is found out by the asker that it leaves behind.
func (g *Guest) askHost(soon func(func()), fn func()) {
	if thread := host.CurrentThread(); thread != 0 && (marked() || g.thread.Load() == 0) {
		if g.asker.CompareAndSwap(0, uint64(thread)) {
			defer g.asker.Store(0)
		}
	}
	defer func() {
		if v := recover(); v != nil {
			g.hostBroke("its RunSyncSoon method panicked: " + quoteAny(v))
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
	}
	b.pending.Store(false)
	b.mu.Unlock()
}

// answer notes that the pump has come. UI thread only.
func (g *Guest) answer() {
	b := &g.inbox
	b.mu.Lock()
	b.awake, b.answered = true, true
	b.mu.Unlock()
}

// rest puts the pump to sleep if there is nothing to do; otherwise the host owes it another wake-up. UI thread only.
func (g *Guest) rest(more bool) (asleep bool) {
	b := &g.inbox
	b.mu.Lock()
	defer b.mu.Unlock()
	if more || b.pending.Load() {
		b.awake, b.answered, b.unheard = true, false, 0
		b.asked = g.since()
		return false
	}
	b.awake, b.answered = false, false
	return true
}

// close refuses all further posts; what was accepted is still in the queue. UI thread only.
func (g *Guest) close() {
	b := &g.inbox
	b.mu.Lock()
	b.closed = true
	b.mu.Unlock()
}
