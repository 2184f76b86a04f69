//go:build cgo

package callback

// #include "callback.h"
import "C"

import (
	"slices"
	"sync"
	"sync/atomic"
)

// Stairs lead down through callbacks from C that do nothing. They belong to one thread; make
// them once, they are never freed.
type Stairs struct {
	handle int // what crosses C, since Go pointers must not: the index in all
	fn     func()
}

// All stairs. The list is copied when it grows, so that looking needs no lock. A cgo.Handle,
// which could be given back, takes longer to look up.
var (
	making sync.Mutex
	all    atomic.Pointer[[]*Stairs]
)

// NewStairs makes stairs for one thread. Any goroutine.
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

// Down calls fn that many callbacks from C deeper than it is called, at once. A level costs
// about 0.1 µs, and no allocation. A panic or Goexit of fn goes on in the caller. On the
// stairs' thread only, also inside fn.
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
	s := (*all.Load())[handle]
	fn := s.fn
	s.fn = nil
	fn()
}
