package guest

import (
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/golodger/lodger/host"
)

// A scriptLoop is a main loop that keeps the contract, except where its script takes a call
// over. It works in a synctest bubble. Its parent reads turns and outcomes on the loop's
// thread, or after the loop.
type scriptLoop struct {
	mu     sync.Mutex
	cond   sync.Cond
	queue  []func()
	ended  bool
	thread atomic.Uint64

	asked    atomic.Int64   // calls that the guest asked for
	deaf     atomic.Bool    // they are lost
	turns    int64          // functions that the loop has run
	outcomes []host.Outcome // what DoneCallback was told

	onAsk  func(fn func()) bool    // true: it has dealt with the call
	onTurn func()                  // before each function
	onIdle func()                  // before the loop looks whether it may sleep, and holds no lock
	onDone func(host.Outcome)      // in DoneCallback
	onMain func(func() error) bool // in Mainloop; true: go on as usual
	err    error                   // what Mainloop returns
	stays  bool                    // DoneCallback does not end the loop
}

var _ interface {
	host.Mainloop
	host.Threader
} = (*scriptLoop)(nil)

func (l *scriptLoop) RunSyncSoonThreadsafe(fn func()) {
	l.asked.Add(1)
	if !l.deaf.Load() && (l.onAsk == nil || !l.onAsk(fn)) {
		l.post(fn)
	}
}

func (l *scriptLoop) RunSyncSoonNotThreadsafe(fn func()) { l.RunSyncSoonThreadsafe(fn) }

// post queues a function, as the contract says.
func (l *scriptLoop) post(fn func()) {
	l.mu.Lock()
	if !l.ended {
		l.queue = append(l.queue, fn)
	}
	l.mu.Unlock()
	l.cond.Signal()
}

// lose makes the loop lose calls, by their number from now on.
func (l *scriptLoop) lose(which func(nth int64) bool) {
	from := l.asked.Load()
	l.onAsk = func(func()) bool { return which(l.asked.Load() - from) }
}

// postFirst queues a function before all others.
func (l *scriptLoop) postFirst(fn func()) {
	l.mu.Lock()
	if !l.ended {
		l.queue = slices.Insert(l.queue, 0, fn)
	}
	l.mu.Unlock()
	l.cond.Signal()
}

func (l *scriptLoop) DoneCallback(o host.Outcome) {
	l.outcomes = append(l.outcomes, o)
	if !l.stays {
		l.quit()
	}
	if l.onDone != nil {
		l.onDone(o)
	}
}

// quit ends the loop and drops what is queued. Any goroutine.
func (l *scriptLoop) quit() {
	l.mu.Lock()
	l.ended, l.queue = true, nil
	l.mu.Unlock()
	l.cond.Signal()
}

func (l *scriptLoop) OnThread() bool {
	thread := l.thread.Load()
	return thread != 0 && thread == uint64(host.CurrentThread())
}

func (l *scriptLoop) Mainloop(startGuest func() error) error {
	l.cond.L = &l.mu
	l.thread.Store(uint64(host.CurrentThread()))
	defer l.quit()
	if l.onMain != nil && !l.onMain(startGuest) {
		return l.err
	}
	if startGuest != nil {
		if err := startGuest(); err != nil {
			return err
		}
	}
	for fn := l.next(true); fn != nil; fn = l.next(true) {
		l.run(fn)
	}
	return l.err
}

func (l *scriptLoop) run(fn func()) {
	l.turns++
	if l.onTurn != nil {
		l.onTurn()
	}
	fn()
}

// nest runs what is queued now, in a nested loop.
func (l *scriptLoop) nest() {
	for fn := l.next(false); fn != nil; fn = l.next(false) {
		l.run(fn)
	}
}

func (l *scriptLoop) next(wait bool) func() {
	if l.onIdle != nil && wait {
		l.onIdle()
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for wait && len(l.queue) == 0 && !l.ended {
		l.cond.Wait()
	}
	if l.ended || len(l.queue) == 0 {
		return nil
	}
	fn := l.queue[0]
	l.queue[0] = nil
	l.queue = l.queue[1:]
	return fn
}

// embedded runs the loop as a program does that has its own: Start, the loop, Finish.
func (l *scriptLoop) embedded(g *Guest) Report {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	_ = l.Mainloop(nil)
	return g.Finish()
}

// elsewhere calls fn on another goroutine than the caller's, and waits for it.
func elsewhere(fn func()) {
	var wg sync.WaitGroup
	wg.Go(fn)
	wg.Wait()
}

// chapters fails the test when a step is made out of turn.
type chapters struct {
	t  *testing.T
	at atomic.Int32
}

func (c *chapters) step(n int32) {
	c.t.Helper()
	if at := c.at.Add(1); at != n {
		c.t.Errorf("step %d came as number %d", n, at)
	}
}
