//go:build cgo || windows

package host

import (
	"maps"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
)

// CallbackDepth returns how many C-to-Go callbacks are on the calling goroutine's stack. That is
// 0 in plain Go, 1 in a function that C has called, and 2 if that function called C and C called
// Go again. Rule 3 wants a constant depth. Any goroutine. Never waits.
//
// It walks the stack and compares program counters, which takes about 0.2 µs on a shallow stack.
// It sees only the goroutine's own stack. So in a task it does not count the callbacks below the
// scheduler.
func CallbackDepth() int {
	pcs := pcBuffers.Get().(*[128]uintptr)
	defer pcBuffers.Put(pcs)
	depth := 0
	for skip := 0; ; skip += len(pcs) {
		n := runtime.Callers(skip+2, pcs[:])
		for _, pc := range pcs[:n] {
			if isCallback(pc) {
				depth++
			}
		}
		if n < len(pcs) {
			return depth
		}
	}
}

// pcBuffers keeps the buffer off the stack: there may be many tasks, so their stacks should stay
// small.
var pcBuffers = sync.Pool{New: func() any { return new([128]uintptr) }}

// seenPCs records for each program counter whether it lies in the runtime's callback entry,
// since finding a function's name costs far more than a look-up. It is copied on write, since
// few call sites lie below a pump. When it is full, it starts again empty.
var seenPCs atomic.Pointer[map[uintptr]bool]

const maxSeenPCs = 1024

func isCallback(pc uintptr) bool {
	var seen map[uintptr]bool
	if p := seenPCs.Load(); p != nil {
		seen = *p
	}
	if is, ok := seen[pc]; ok {
		return is
	}
	f := runtime.FuncForPC(pc - 1)
	is := f != nil && strings.HasPrefix(f.Name(), "runtime.cgocallbackg1")
	next := make(map[uintptr]bool, len(seen)+1)
	if len(seen) < maxSeenPCs {
		maps.Copy(next, seen)
	}
	next[pc] = is
	seenPCs.Store(&next)
	return is
}
