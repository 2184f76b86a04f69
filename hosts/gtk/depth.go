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
// they were made. GLib calls us at many: 1 from the loop, one or two more for each modal dialog
// that is open, 0 before and after the loop. So there is one constant depth, deeper than all of
// these: from wherever we are called, calls through C that do nothing else lead there.
//
//	loop ► dispatch                                   1 ► 2 ► … ► depth ► fn
//	loop ► handler ► dialog.Run ► loop ► dispatch         2 ► … ► depth ► fn
//	after the loop: Finish ► Enter            0 ► 1 ► 2 ► … ► depth ► fn
//
// What is called deeper than that can't run: it is held back until its source is asked at a
// better place (source.c).

// depth is enough for four modal dialogs, one opened inside the other, at two levels each.
const depth = 9

// A thread counts what its callers can't see: a task is a coroutine, with a stack of its own,
// and the callbacks below it are not on that stack. Hosts on one OS thread share it. Its fields
// belong to that thread.
type thread struct {
	id     host.Thread
	stairs *callback.Stairs
	level  int // how many functions at the constant depth are under way, one inside the other

	// the level at which a function was last called by the outermost loop, at one callback
	left  int
	calls int64 // the process's calls to C when that had returned
}

var threads struct {
	sync.Mutex
	known map[host.Thread]*thread // for good: a few, and small
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

// here returns at how many callbacks the caller is, seen from where the host's loop runs, and
// whether it is in a task.
func (h *Host) here() (deep int, inTask bool) {
	deep = host.CallbackDepth() - h.dead
	if h.thread.Load().level > h.level && deep < depth {
		// on a stack of its own, below which is a function at the constant depth
		return depth + deep, true
	}
	return deep, false
}

// hereInLoop is here for who was called by a loop. To count the callbacks means to walk the
// stack, which takes longer than all else in a turn. But a loop calls at one callback at least;
// and where the last call was at one, and C has not been called since, it is at one again:
// without a call to C no callback can have begun. So a wake-up must not call C either, and
// rings a bell.
func (h *Host) hereInLoop() (deep int, inTask bool) {
	if t := h.thread.Load(); t.level == h.level && t.level == t.left && h.dead == 0 && t.calls == runtime.NumCgoCall() {
		return 1, false
	}
	return h.here()
}

// leave notes that a function has returned that a loop had called that deep.
func (t *thread) leave(deep int) {
	if t.calls = -1; deep == 1 {
		t.left, t.calls = t.level, runtime.NumCgoCall()
	}
}

// descend calls fn that many callbacks deeper than it is called: at the constant depth.
func (h *Host) descend(levels int, fn func()) {
	t := h.thread.Load()
	t.level++
	h.inside++
	defer func() { t.level--; h.inside-- }()
	t.stairs.Down(levels, fn)
}

// unwinding reports whether a panic or Goexit has left callbacks: they are seen on the stack as
// before, but do not count any more, and how many that are can't be told.
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
