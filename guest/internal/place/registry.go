package place

import (
	"slices"
	"sync"
	"sync/atomic"

	"github.com/golodger/lodger/host"
)

// The places where guests live in this process, oldest first. The list is copied when it
// changes, so that looking needs no lock.
var (
	registry sync.Mutex
	live     atomic.Pointer[[]*Place]
	alive    atomic.Int32
)

// Live returns the places where guests live, oldest first; it is not to be changed. Any goroutine.
func Live() []*Place {
	if p := live.Load(); p != nil {
		return *p
	}
	return nil
}

// Enlist says that a guest lives at p. Any goroutine.
func (p *Place) Enlist() {
	registry.Lock()
	defer registry.Unlock()
	list := append(slices.Clone(Live()), p)
	live.Store(&list)
	p.counted = true
	alive.Add(1)
}

// here is the calling thread, or where threads are nameless the goroutine, however many guests
// live.
func here() host.Thread {
	if nameless {
		return host.Thread(home())
	}
	return host.CurrentThread()
}

// uncount says that no guest lives at p, for those who ask how many do. Where threads are nameless
// the loop's goroutine keeps its mark until the place is vacated, and until then it counts.
func uncount(p *Place) {
	registry.Lock()
	defer registry.Unlock()
	if p.counted {
		p.counted = false
		alive.Add(-1)
	}
}

// Delist says that no guest lives at p any more, and unbinds the loop's goroutine. Where threads
// are nameless Vacate does that, since until then only the mark tells the UI thread. UI thread
// only.
func (p *Place) Delist() {
	registry.Lock()
	list := slices.Clone(Live())
	if i := slices.Index(list, p); i >= 0 {
		list = slices.Delete(list, i, i+1)
		live.Store(&list)
	}
	registry.Unlock()
	if !nameless {
		p.unbind()
	}
	if !nameless || p.vacated.Load() || !p.bound.Load() {
		uncount(p)
	}
}

// unbind takes the mark off the loop's goroutine if p has set it and no other guest lives there.
// UI thread only.
func (p *Place) unbind() {
	if p.bound.Load() && !p.wasMarked && !leaveMark() {
		unmark()
	}
}

// leaveMark leaves the mark to another guest that lives on the calling thread, and takes it off
// when it ends. It reports whether there is one. UI thread only.
func leaveMark() bool {
	thread := here()
	for _, p := range Live() {
		if p.bound.Load() && p.OnThreadIs(thread) {
			p.wasMarked = false
			return true
		}
	}
	return false
}

// Here returns a place where a guest lives and whose thread is the calling one, or nil. Any
// goroutine.
func Here() *Place {
	list := Live()
	if len(list) == 0 {
		return nil
	}
	thread := CurrentThread()
	for _, p := range list {
		if p.OnThreadIs(thread) {
			return p
		}
	}
	return nil
}

// RunsOn returns a place whose turns run on thread, the calling one, from the first turn until
// it is vacated; or nil. Any goroutine.
func RunsOn(thread host.Thread) *Place {
	for _, p := range Live() {
		if p.bound.Load() && p.OnThreadIs(thread) {
			return p
		}
	}
	return nil
}

// Sole reports whether the mark is proof enough: one guest lives, and the caller is marked.
func Sole() bool { return alive.Load() == 1 && Marked() }
