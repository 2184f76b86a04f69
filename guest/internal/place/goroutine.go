package place

import (
	"bytes"
	"runtime"
	"strconv"
	"sync"

	"github.com/golodger/lodger/host"
)

// Where threads have no ids, as on js/wasm, the mark says that a goroutine belongs to a guest, but
// not to which one. While one guest lives, that is enough. While several live, goroutine ids take
// the place of thread ids. A coroutine's id differs from its loop's, so each coroutine notes the
// id of its loop. Guests whose loops run on one goroutine share that id.

// homes has the loop's goroutine of each coroutine. Both are ids. A plain map takes a third of a
// sync.Map's memory, and there are as many entries as parked tasks.
var homes struct {
	sync.RWMutex
	of map[uint64]uint64
}

// CurrentThread is the calling thread. Where threads are nameless it is the goroutine of the loop
// that the caller belongs to, if the caller has the mark and several guests live: that costs some
// microseconds, more on a deep stack. Else it is 0. Any goroutine.
func CurrentThread() host.Thread {
	if !nameless || alive.Load() <= 1 || !Marked() {
		return host.CurrentThread()
	}
	return host.Thread(home())
}

// home is the goroutine of the loop that the caller belongs to; that of no loop is its own.
func home() uint64 {
	id := goroutine()
	homes.RLock()
	defer homes.RUnlock()
	if loop, ok := homes.of[id]; ok {
		return loop
	}
	return id
}

// goroutine is the caller's id. Package runtime tells it only in the text of a stack. If that
// can't be read, it is 0, and all goroutines are taken for the same.
func goroutine() uint64 {
	var b [40]byte
	text, _ := bytes.CutPrefix(b[:runtime.Stack(b[:], false)], []byte("goroutine "))
	number, _, _ := bytes.Cut(text, []byte(" "))
	id, _ := strconv.ParseUint(string(number), 10, 64)
	return id
}

// Enter notes that the calling goroutine is a coroutine of the place, until it calls Leave. UI
// thread only.
func (p *Place) Enter() {
	if !nameless {
		return
	}
	id := goroutine()
	homes.Lock()
	defer homes.Unlock()
	if homes.of == nil {
		homes.of = make(map[uint64]uint64)
	}
	homes.of[id] = p.home.Load()
}

// Leave takes Enter back. In the coroutine.
func (p *Place) Leave() {
	if !nameless {
		return
	}
	id := goroutine()
	homes.Lock()
	defer homes.Unlock()
	if delete(homes.of, id); len(homes.of) == 0 {
		homes.of = nil // or a crowd that has gone would keep its memory
	}
}

// isHome reports whether the caller, which has the mark, is on the place's loop or in one of its
// coroutines, or in those of a guest that shares the loop. thread is what CurrentThread has said.
// Where threads are nameless.
func (p *Place) isHome(thread host.Thread) bool {
	return p.bound.Load() && (thread == 0 || p.home.Load() == uint64(thread))
}
