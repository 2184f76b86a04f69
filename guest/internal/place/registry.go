package place

import (
	"slices"
	"sync"
	"sync/atomic"

	"github.com/golodger/lodger/host"
)

// The places of the guests in this process, oldest first. The list is copied when it changes, so
// that reading needs no lock.
var (
	registry sync.Mutex
	live     atomic.Pointer[[]*Place]
	alive    atomic.Int32
)

// Live returns the places of the guests, oldest first. Do not change the list. Any goroutine.
func Live() []*Place {
	if p := live.Load(); p != nil {
		return *p
	}
	return nil
}

// Enlist adds p to the places. Any goroutine.
func (p *Place) Enlist() {
	registry.Lock()
	defer registry.Unlock()
	list := append(slices.Clone(Live()), p)
	live.Store(&list)
	p.counted = true
	alive.Add(1)
}

// here returns the calling thread. Where threads are nameless, it returns the goroutine, however
// many guests live.
func here() host.Thread {
	if nameless {
		return host.Thread(home())
	}
	return host.CurrentThread()
}

// uncount removes p from the count of places with a guest. Where threads are nameless, the loop's
// goroutine keeps its mark until the place is vacated, and p counts until then.
func uncount(p *Place) {
	registry.Lock()
	defer registry.Unlock()
	if p.counted {
		p.counted = false
		alive.Add(-1)
	}
}

// Delist removes p from the places, and unbinds the loop's goroutine. Where threads are
// nameless, Vacate unbinds it, since until then only the mark identifies the UI thread. UI
// thread only.
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

// unbind removes the mark from the loop's goroutine if p has set it and no other guest lives
// there. UI thread only.
func (p *Place) unbind() {
	if p.bound.Load() && !p.wasMarked && !leaveMark() {
		unmark()
	}
}

// leaveMark leaves the mark to another guest on the calling thread, which removes it at its end.
// It reports whether there is one. UI thread only.
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

// Here returns the place of a guest whose thread is the calling one, or nil. Any goroutine.
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

// RunsOn returns a place whose turns run on thread, the calling one, or nil. It counts from the
// place's first turn until it is vacated. Any goroutine.
func RunsOn(thread host.Thread) *Place {
	for _, p := range Live() {
		if p.bound.Load() && p.OnThreadIs(thread) {
			return p
		}
	}
	return nil
}

// Sole reports whether the mark is sufficient proof: there is one guest, and the caller is
// marked.
func Sole() bool { return alive.Load() == 1 && Marked() }
