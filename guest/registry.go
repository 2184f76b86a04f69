package guest

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/golodger/lodger/host"
)

// The guests that live in this process, oldest first: for finding the one on the calling thread, and the newest for code
// that was handed no context. The list is copied when it changes, so that looking needs no lock.
var (
	registry sync.Mutex
	live     atomic.Pointer[[]*Guest]
	alive    atomic.Int32
)

func liveGuests() []*Guest {
	if p := live.Load(); p != nil {
		return *p
	}
	return nil
}

func (g *Guest) enlist() {
	registry.Lock()
	defer registry.Unlock()
	list := append(slices.Clone(liveGuests()), g)
	live.Store(&list)
	alive.Add(1)
}

func (g *Guest) delist() {
	registry.Lock()
	defer registry.Unlock()
	list := slices.Clone(liveGuests())
	i := slices.Index(list, g)
	if i < 0 {
		return
	}
	list = slices.Delete(list, i, i+1)
	live.Store(&list)
	alive.Add(-1)
}

// guestHere returns a live guest whose UI thread is the calling one, or nil.
func guestHere() *Guest {
	list := liveGuests()
	if len(list) == 0 {
		return nil
	}
	thread := host.CurrentThread()
	for _, g := range list {
		if !g.over.Load() && g.onThreadIs(thread) {
			return g
		}
	}
	return nil
}

// markedGuest returns the guest on whose UI thread the caller seems to be, or nil: nearly for nothing elsewhere, and where one guest lives.
func markedGuest() *Guest {
	if !marked() {
		return nil
	}
	if list := liveGuests(); len(list) == 1 {
		return list[0]
	}
	return guestHere()
}

// resolve returns the guest of ctx, or else that of the calling thread, or else the process's newest that is not private, or nil.
func resolve(ctx context.Context) *Guest {
	if g, ok := FromContext(ctx); ok {
		return g
	}
	list := liveGuests()
	if len(list) == 1 && !list[0].opts.private() {
		return list[0]
	}
	if g := guestHere(); g != nil {
		return g
	}
	var newest *Guest
	several := false
	for _, g := range slices.Backward(list) {
		if g.opts.private() {
			continue
		}
		if newest != nil {
			several = true
			break
		}
		newest = g
	}
	if several {
		newest.once("several", func() {
			newest.opts.logger().Warn("guest: several guests live in this process, and a context names none of them; " +
				"the newest is taken. Pass the context of a task to choose")
		})
	}
	return newest
}
