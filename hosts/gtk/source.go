//go:build cgo

package gtkhost

// #cgo pkg-config: glib-2.0 gobject-2.0
// #cgo nocallback lodger_wakeup
// #include "source.h"
import "C"

import (
	"log/slog"
	"runtime"
	"runtime/cgo"
	"runtime/debug"
	"sync"
	"sync/atomic"

	"github.com/golodger/lodger/internal/stacks"
)

// A source is what stands between Go and the C file: it has its queue's owner called by
// whatever loop iterates GLib's default context on the right thread. Across the border go
// handles and numbers, never a Go pointer.
type source struct {
	c      *C.lodger_source
	handle cgo.Handle
}

// A runner is what a source calls, on its thread.
type runner interface {
	run() verdict
	mayRun() bool  // the question after tooDeep
	hasRoom() bool // the question after wantsRoom
}

// A verdict says what became of a run.
type verdict C.int

const (
	tooDeep   verdict = C.LODGER_TOO_DEEP   // it can't run here; ask at another place
	done      verdict = C.LODGER_DONE       // it has run
	wantsRoom verdict = C.LODGER_WANTS_ROOM // likewise; the rest waits for a place less deep
)

// priority is that of GDK's redraws. With a better one a busy guest would let no redraw
// through, with a worse one constant redraws no guest.
const priority = 120

// attach makes a source for r and puts it into the default context. The calling thread is its own.
func attach(r runner) *source {
	s := &source{handle: cgo.NewHandle(r)}
	s.c = C.lodger_attach(C.uintptr_t(s.handle), priority)
	runtime.AddCleanup(s, func(c *C.lodger_source) { C.lodger_free(c) }, s.c)
	return s
}

// adopt makes the calling thread the source's own.
func (s *source) adopt() { C.lodger_adopt(s.c) }

// wake has the source call its runner soon, once. Any goroutine. Never waits.
func (s *source) wake() {
	s.wakeHere()
	if fd := bell(); fd >= 0 {
		ring(fd)
	} else {
		C.lodger_wakeup()
	}
}

// wakeHere is wake on the source's own thread, where nothing sleeps: the loop looks before it
// does.
func (s *source) wakeHere() {
	atomic.StoreInt32((*int32)(&s.c.woken), 1)
	runtime.KeepAlive(s)
}

// bell returns the descriptor whose ringing ends the sleep of a loop on the default context, or
// -1 where there is none. It is never closed.
var bell = sync.OnceValue(func() int { return int(C.lodger_bell()) })

// destroy takes the source out of the loop; wake does nothing then. Any goroutine, once.
func (s *source) destroy() {
	C.lodger_destroy(s.c)
	if k := last.Load(); k != nil && k.handle == s.handle {
		last.CompareAndSwap(k, nil)
	}
	s.handle.Delete()
}

//export lodgerRun
func lodgerRun(handle C.uintptr_t) C.int {
	v := done // also when it panics
	guard(func() { v = runnerOf(cgo.Handle(handle)).run() })
	return C.int(v)
}

// A known is a source's runner, and the handle that stands for it in C.
type known struct {
	handle cgo.Handle
	runner runner
}

// last is what was looked up last: nearly always the one that runs next. Handles are not used
// twice, so it can't be out of date, but it must not keep a runner that has gone.
var last atomic.Pointer[known]

func runnerOf(handle cgo.Handle) runner {
	if k := last.Load(); k != nil && k.handle == handle {
		return k.runner
	}
	k := &known{handle, handle.Value().(runner)}
	last.Store(k)
	return k.runner
}

//export lodgerMayRun
func lodgerMayRun(handle C.uintptr_t) (may C.gboolean) {
	guard(func() { may = boolean(cgo.Handle(handle).Value().(runner).mayRun()) })
	return may
}

//export lodgerHasRoom
func lodgerHasRoom(handle C.uintptr_t) (has C.gboolean) {
	guard(func() { has = boolean(cgo.Handle(handle).Value().(runner).hasRoom()) })
	return has
}

//export lodgerAstray
func lodgerAstray() {
	guard(func() {
		slog.Error("gtkhost: GLib's main loop runs on another thread than its host, and no task runs; lock the goroutine to its thread before it " +
			"makes the host (runtime.LockOSThread), and run the loop there")
	})
}

func boolean(b bool) C.gboolean {
	if b {
		return 1
	}
	return 0
}

// guard keeps a panic from crossing GLib, which would be left in the middle of what it does. A
// Goexit can't be kept: it ends the thread of the loop, and all that can be done is to say why.
func guard(fn func()) {
	returned := false
	defer func() {
		if returned {
			return
		}
		if v := recover(); v != nil {
			slog.Error("gtkhost: a function panicked; the loop goes on without it", "panic", v, "stack", stacks.Line(debug.Stack()))
			return
		}
		slog.Error("gtkhost: a function on the UI thread called runtime.Goexit (t.FailNow and require do), which ends the thread of "+
			"the loop; call it in a task", "stack", stacks.Line(debug.Stack()))
	}()
	fn()
	returned = true
}

// A loop is a GMainLoop on the default context.
type loop struct{ c *C.GMainLoop }

func newLoop() loop { return loop{C.g_main_loop_new(nil, 0)} }

func (l loop) run()  { C.g_main_loop_run(l.c) }
func (l loop) quit() { C.g_main_loop_quit(l.c) }
func (l loop) free() { C.g_main_loop_unref(l.c) }

// loopElsewhere reports whether another thread runs a loop on the default context.
func loopElsewhere() bool { return C.lodger_elsewhere() != 0 }
