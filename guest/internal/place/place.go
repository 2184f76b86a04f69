package place

import (
	"runtime"
	"strings"
	"sync/atomic"

	"github.com/golodger/lodger/host"
)

// A Place is the place where a guest lives. Init makes it ready.
type Place struct {
	owner    any
	threader host.Threader // asks the host; may be nil

	// Any goroutine.
	thread atomic.Uint64 // the loop's thread, once known
	// the loop's thread, while it is inside a call that asks the host for a wake-up
	asker   atomic.Uint64
	asking  atomic.Int32  // running calls of that kind, where threads are nameless
	settled atomic.Bool   // SettleIfUnknown was called
	bound   atomic.Bool   // the loop's goroutine is marked
	home    atomic.Uint64 // that goroutine, where threads are nameless; in a task: the outer one
	loop    atomic.Uint64 // that goroutine in any case
	vacated atomic.Bool

	counted bool // among those alive; the registry's lock

	// UI thread only.
	wasMarked bool // before it was bound
	depth     depth
}

// Init makes p the place of owner. threader, if not nil, knows the thread of the loop. throughC
// says that the host's callbacks come through C, and that the host itself leads to a constant
// depth.
func (p *Place) Init(owner any, threader host.Threader, throughC bool) {
	p.owner, p.threader, p.depth.throughC = owner, threader, throughC
}

// Owner returns the owner that was passed to Init. Any goroutine.
func (p *Place) Owner() any { return p.owner }

// Settle makes thread the loop's. Before the loop starts.
func (p *Place) Settle(thread host.Thread) { p.thread.Store(uint64(thread)) }

// SettleIfHere makes the calling thread the loop's if the threader says that it is.
func (p *Place) SettleIfHere() {
	if p.threader != nil && p.threader.OnThread() {
		p.Settle(host.CurrentThread())
	}
}

// SettleIfUnknown makes thread the loop's if none is known. It reports whether thread is the
// loop's.
func (p *Place) SettleIfUnknown(thread host.Thread) bool {
	p.settled.Store(true)
	p.thread.CompareAndSwap(0, uint64(thread))
	return p.thread.Load() == uint64(thread)
}

// A Verdict says whether a call of the host may go on.
type Verdict uint8

// The verdicts.
const (
	Admitted Verdict = iota // go on
	// the place is vacated; the thread may serve another goroutine by now
	Gone
	WrongThread // the host has called on another thread than before
	Inline      // the host has called inside the call that asked for it
)

// Arrive checks a call of the host by its thread. If it admits the call, it binds the calling
// goroutine.
func (p *Place) Arrive() Verdict {
	thread := host.CurrentThread()
	switch {
	case p.asks(thread): // first, or the asker's thread would be taken for the loop's
		return Inline
	case !p.mayBe(thread):
		return WrongThread
	case p.vacated.Load():
		return Gone
	}
	p.Bind()
	return Admitted
}

// nameless says that threads have no ids here.
var nameless = host.CurrentThread() == 0

// asks reports whether thread is inside a call that asks the host for a wake-up. Where threads
// are nameless, the stack of the calling goroutine tells.
func (p *Place) asks(thread host.Thread) bool {
	if nameless {
		return p.asking.Load() > 0 && belowAsk()
	}
	return thread != 0 && p.asker.Load() == uint64(thread)
}

// belowAsk reports whether Ask has called the caller.
func belowAsk() bool {
	pcs := make([]uintptr, 512)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(1, pcs)])
	for {
		frame, more := frames.Next()
		if strings.HasSuffix(frame.Function, "place.(*Place).Ask") {
			return true
		}
		if !more {
			return false
		}
	}
}

// mayBe reports whether thread, the calling one, is the loop's. The first thread that may be the
// loop's becomes it.
func (p *Place) mayBe(thread host.Thread) bool {
	if known := p.thread.Load(); known != 0 {
		return known == uint64(thread)
	}
	if p.threader != nil && !p.threader.OnThread() && !(nameless && p.settled.Load()) {
		return false
	}
	return thread == 0 || p.thread.CompareAndSwap(0, uint64(thread))
}

// Bind marks the calling goroutine as the loop's. UI thread only.
func (p *Place) Bind() {
	if !p.bound.Load() {
		p.wasMarked = Mark()
		if nameless {
			own, _ := goroutines()
			p.loop.Store(own)
			if p.home.Store(own); p.wasMarked {
				p.home.Store(home()) // a task's
			}
		}
		p.bound.Store(true)
	}
}

// Ask calls soon, a method of the host, with wake. A host that calls wake before soon has
// returned breaks the contract; Arrive then returns Inline. Any goroutine.
func (p *Place) Ask(soon func(func()), wake func()) {
	if nameless {
		p.asking.Add(1)
		defer p.asking.Add(-1)
	}
	known := p.thread.Load()
	if known == 0 && runtime.GOARCH != "wasm" {
		// otherwise the loop could start on this very thread meanwhile, and seem to be inside
		// the call
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
	}
	if !p.bound.Load() || Marked() { // goroutines without the mark are not on the host's thread
		thread := uint64(host.CurrentThread())
		if (known == 0 || thread == known) && thread != 0 && p.asker.CompareAndSwap(0, thread) {
			defer p.asker.Store(0)
		}
	}
	soon(wake)
}

// OnThread reports whether the caller is on the loop's thread, while the guest lives. Any
// goroutine.
func (p *Place) OnThread() bool { return p.OnThreadIs(CurrentThread()) }

// OnThreadIs is OnThread for the calling thread, of which CurrentThread has just been asked.
func (p *Place) OnThreadIs(thread host.Thread) bool {
	switch known := p.thread.Load(); {
	case p.vacated.Load():
		return false
	case nameless: // the mark tells, and whose goroutine it is
		return Marked() && p.isHome(thread)
	case known != 0:
		return known == uint64(thread) && StillOn(thread)
	}
	return p.threader != nil && p.threader.OnThread()
}

// Hosts reports whether a turn of the place's guest may be on thread, which the caller has just
// read. It does not ask the threader.
func (p *Place) Hosts(thread host.Thread) bool {
	if nameless {
		return p.isHome(thread)
	}
	return p.thread.Load() == uint64(thread)
}

// StillOn reports whether the caller is still on the thread that it has read before, and that is
// some loop's thread. The caller may have been moved to another thread, and a loop may have
// started and locked this one. A marked goroutine can't be moved.
func StillOn(thread host.Thread) bool { return Marked() || host.CurrentThread() == thread }

// Vacate says that nothing may run here any more. UI thread only.
func (p *Place) Vacate() {
	p.vacated.Store(true)
	if nameless {
		p.unbind()
		uncount(p)
	}
}

// Vacated reports whether Vacate was called. Any goroutine.
func (p *Place) Vacated() bool { return p.vacated.Load() }
