package guest

import (
	"runtime"

	"github.com/golodger/lodger/host"
)

// The pump must run at one depth of C callbacks, and a task must not wait in a callback of its own: the runtime would end the
// process. To count the callbacks means to walk the stack, which takes a microsecond or two. But C calls Go only while Go has called
// C, and the runtime counts those calls. While the count stands still, no callback can have begun.

// atDepth reports whether the calling pump stands at the run's depth; the first one sets it. UI thread only.
func (g *Guest) atDepth() bool {
	calls := runtime.NumCgoCall()
	if g.throughC {
		g.cCalls = calls
		return true // an Enterer leads there itself, down a long stack: to count again would cost more than the turn
	}
	if g.depthKnown && g.depth == 0 && calls == g.cCalls {
		return true // nor can one have ended
	}
	depth := host.CallbackDepth() - g.dead
	if !g.depthKnown {
		g.depth, g.depthKnown = depth, true
	}
	if depth != g.depth {
		return false
	}
	g.cCalls = calls
	return true
}

// insideC reports whether the running task is in a callback from a C function that it has called itself. UI thread only.
func (g *Guest) insideC() bool {
	calls := runtime.NumCgoCall()
	if calls == g.cCalls {
		return false
	}
	if host.CallbackDepth() > 0 {
		return true
	}
	if marked() { // the task's own goroutine, not an iterator's
		g.cCalls = calls // for the tasks that run next, too: none of them has parked in a callback
	}
	return false
}
