package guest_test

import (
	"sync"
	"sync/atomic"
	"testing"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/host"
	"github.com/golodger/lodger/internal/looptest"
)

// needThreads skips the test where threads can't be told apart, and why says what then can't be.
func needThreads(t *testing.T, why string) {
	t.Helper()
	if host.CurrentThread() == 0 {
		t.Skip("threads can't be told apart here: " + why)
	}
}

// A testHost is the scripted loop, and fails the test when it is called from a wrong thread.
type testHost struct {
	looptest.Loop
	t *testing.T
}

func newTestHost(t *testing.T) *testHost { return &testHost{t: t} }

func (h *testHost) RunSyncSoonNotThreadsafe(fn func()) {
	if !h.OnThread() {
		h.t.Error("RunSyncSoonNotThreadsafe called on a wrong thread")
	}
	h.RunSyncSoonThreadsafe(fn)
}

func (h *testHost) DoneCallback(o host.Outcome) {
	if !h.OnThread() {
		h.t.Error("DoneCallback called on a wrong thread")
	}
	h.Loop.DoneCallback(o)
}

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
		defer looptest.Lock()()
		h.Enter()
		guests := begin()
		h.SpinUntil(func() bool {
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
