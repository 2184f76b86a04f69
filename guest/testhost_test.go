package guest_test

import (
	"runtime"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/host"
)

// A testHost is the smallest main loop: a channel of functions. It fails the test when it is
// called from a wrong thread, counts the wake-ups that it is asked for, can spin nested loops,
// and ends when all who live in it have ended.
type testHost struct {
	t      *testing.T
	soon   chan func()
	thread host.Thread
	asked  atomic.Int32
	done   atomic.Int32
}

func newTestHost(t *testing.T) *testHost { return &testHost{t: t, soon: make(chan func(), 1<<16)} }

func (h *testHost) RunSyncSoonThreadsafe(fn func()) { h.asked.Add(1); h.soon <- fn }

func (h *testHost) RunSyncSoonNotThreadsafe(fn func()) {
	if !h.OnThread() {
		h.t.Error("RunSyncSoonNotThreadsafe called on a wrong thread")
	}
	h.RunSyncSoonThreadsafe(fn)
}

func (h *testHost) DoneCallback(host.Outcome) {
	if !h.OnThread() {
		h.t.Error("DoneCallback called on a wrong thread")
	}
	h.done.Add(1)
}

func (h *testHost) OnThread() bool { return h.thread != 0 && h.thread == host.CurrentThread() }

// spin runs functions until stop says so: the loop itself, or a nested one.
func (h *testHost) spin(stop func() bool) {
	for !stop() {
		(<-h.soon)()
	}
}

func (h *testHost) Mainloop(startGuest func() error) error {
	h.thread = host.CurrentThread()
	if err := startGuest(); err != nil {
		return err
	}
	h.spin(func() bool { return h.done.Load() > 0 })
	return nil
}

var _ host.Mainloop = (*testHost)(nil)

// A tenant is one more host value on the thread of a testHost.
type tenant struct {
	*testHost
	gone atomic.Bool
}

func (h *tenant) DoneCallback(host.Outcome) {
	if !h.OnThread() || h.gone.Swap(true) {
		h.t.Error("DoneCallback called twice or on a wrong thread")
	}
}

// loopFor runs the host's loop on a thread of its own until the guests have ended, and finishes
// them there.
func (h *testHost) loopFor(begin func() []*guest.Guest) {
	var wg sync.WaitGroup
	wg.Go(func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		h.thread = host.CurrentThread()
		guests := begin()
		h.spin(func() bool {
			for _, g := range guests {
				select {
				case <-g.Done():
				default:
					return false
				}
			}
			return true
		})
		for _, g := range guests {
			g.Finish()
		}
	})
	wg.Wait()
}
