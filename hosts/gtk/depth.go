//go:build cgo

package gtkhost

import (
	"runtime"
	"strings"
	"sync"

	"github.com/golodger/lodger/host"
	"github.com/golodger/lodger/hosts/gtk/internal/callback"
)

// Go's coroutines can be resumed only at the number of C-to-Go callbacks on the thread at which
// they were made. GLib calls Go at different numbers: 1 from the loop, one or two more for each
// open modal dialog, and 0 before and after the loop. So there is one constant depth, deeper
// than all of these. Empty calls through C lead there from any place.
//
//	loop ► dispatch                                   1 ► 2 ► … ► depth ► fn
//	loop ► handler ► dialog.Run ► loop ► dispatch         2 ► … ► depth ► fn
//	after the loop: Finish ► Enter            0 ► 1 ► 2 ► … ► depth ► fn
//
// A call that comes deeper than that can't run its function. The source holds it back until it
// is called at a better place (source.c).

// depth is enough for four modal dialogs, one opened inside the other, with two levels each.
const depth = 9

// A thread counts what its callers can't see: a task is a coroutine with its own stack, and the
// callbacks below it are not on that stack. Hosts on one OS thread share it. Its fields belong
// to that thread.
type thread struct {
	id     host.Thread
	stairs *callback.Stairs
	level  int // how many functions run at the constant depth, one inside the other

	// the level at which a function was last called by the outermost loop, at one callback
	left  int
	calls int64 // the process's calls to C when that function had returned
}

var threads struct {
	sync.Mutex
	known map[host.Thread]*thread // never removed: they are few and small
}

// thisThread returns the calling thread.
func thisThread() *thread {
	id := host.CurrentThread()
	threads.Lock()
	defer threads.Unlock()
	t := threads.known[id]
	if t == nil {
		t = &thread{id: id, stairs: callback.NewStairs()}
		if threads.known == nil {
			threads.known = make(map[host.Thread]*thread)
		}
		threads.known[id] = t
	}
	return t
}

// here returns the number of callbacks at which the caller is, counted from the place where the
// host's loop runs. It also returns whether the caller is in a task.
func (h *Host) here() (deep int, inTask bool) {
	deep = host.CallbackDepth() - h.dead
	if h.thread.Load().level > h.level && deep < depth {
		// the caller is on another stack, below which is a function at the constant depth
		return depth + deep, true
	}
	return deep, false
}

// hereInLoop is here for code that a loop has called. To count the callbacks means to walk the
// stack, which takes longer than everything else in a turn. But a loop calls at one callback at
// least. If the last call was at one, and C has not been called since, this call is at one
// again: no callback can begin without a call to C. So a wake-up must not call C either, and
// rings a bell instead.
func (h *Host) hereInLoop() (deep int, inTask bool) {
	if t := h.thread.Load(); t.level == h.level && t.level == t.left && h.dead == 0 && t.calls == runtime.NumCgoCall() {
		return 1, false
	}
	return h.here()
}

// leave records that a function has returned which a loop had called at this depth.
func (t *thread) leave(deep int) {
	if t.calls = -1; deep == 1 {
		t.left, t.calls = t.level, runtime.NumCgoCall()
	}
}

// descend calls fn that many callbacks deeper than its caller: at the constant depth.
func (h *Host) descend(levels int, fn func()) {
	t := h.thread.Load()
	t.level++
	h.inside++
	defer func() { t.level--; h.inside-- }()
	t.stairs.Down(levels, fn)
}

// unwinding reports whether a panic or Goexit has left callbacks. They are still visible on the
// stack but no longer count, and nothing tells how many they are.
func unwinding() bool {
	pcs := make([]uintptr, 512)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(1, pcs)])
	leaves := false
	for {
		frame, more := frames.Next()
		switch {
		case frame.Function == "runtime.gopanic" || frame.Function == "runtime.Goexit":
			leaves = true
		case leaves && strings.HasPrefix(frame.Function, "runtime.cgocallback"):
			return true
		}
		if !more {
			return false
		}
	}
}
