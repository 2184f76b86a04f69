//go:build cgo

package callback

// #include "callback.h"
import "C"

import (
	"slices"
	"sync"
	"sync/atomic"
)

// Stairs lead down through empty callbacks from C. They belong to one thread. Make them once,
// since they are never freed.
type Stairs struct {
	handle int // the index in all; it crosses C, since a Go pointer must not
	fn     func()
}

// All stairs. The list is copied when it grows, so that reading needs no lock. A cgo.Handle
// could be freed, but takes longer to look up.
var (
	making sync.Mutex
	all    atomic.Pointer[[]*Stairs]
)

// NewStairs makes stairs for one thread. Any goroutine. Never waits.
func NewStairs() *Stairs {
	making.Lock()
	defer making.Unlock()
	var list []*Stairs
	if p := all.Load(); p != nil {
		list = slices.Clone(*p)
	}
	s := &Stairs{handle: len(list)}
	list = append(list, s)
	all.Store(&list)
	return s
}

// Down calls fn at once, that many callbacks from C deeper than its caller. A level costs about
// 0.1 µs and no allocation. A panic or Goexit of fn passes on to the caller. Call it only on the
// stairs' thread, also inside fn.
func (s *Stairs) Down(levels int, fn func()) {
	if levels <= 0 {
		fn()
		return
	}
	s.fn = fn
	C.lodger_descend(C.uintptr_t(s.handle), C.int(levels))
}

//export lodgerDescended
func lodgerDescended(handle C.uintptr_t, levels C.int) {
	if levels > 1 {
		C.lodger_descend(handle, levels-1)
		return
	}
	s := at(handle)
	fn := s.fn
	s.fn = nil
	fn()
}

// at returns the stairs with the handle. If it were inlined, each walk of the stack would take
// about 80 ns longer for each level: the runtime then looks for inlined calls there.
//
//go:noinline
func at(handle C.uintptr_t) *Stairs { return (*all.Load())[handle] }
