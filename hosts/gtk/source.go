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

// A source connects Go and the C file. Any loop that iterates GLib's default context on the
// right thread calls it, and it calls its runner. Only handles and numbers cross the border,
// never a Go pointer.
type source struct {
	c      *C.lodger_source
	handle cgo.Handle
}

// A runner is the interface that a source calls, on its thread.
type runner interface {
	run() verdict
	mayRun() bool  // asked after tooDeep
	hasRoom() bool // asked after wantsRoom
}

// A verdict is the result of a run.
type verdict C.int

const (
	tooDeep   verdict = C.LODGER_TOO_DEEP   // it can't run here; call again at another place
	done      verdict = C.LODGER_DONE       // it has run
	wantsRoom verdict = C.LODGER_WANTS_ROOM // it has run; the rest waits for a less deep place
)

// priority is that of GDK's redraws. With a higher priority, a busy guest would let no redraw
// through. With a lower one, constant redraws would let no guest through.
const priority = 120

// attach makes a source for r and puts it into the default context. The source belongs to the
// calling thread.
func attach(r runner) *source {
	s := &source{handle: cgo.NewHandle(r)}
	s.c = C.lodger_attach(C.uintptr_t(s.handle), priority)
	runtime.AddCleanup(s, func(c *C.lodger_source) { C.lodger_free(c) }, s.c)
	return s
}

// adopt makes the source belong to the calling thread.
func (s *source) adopt() { C.lodger_adopt(s.c) }

// wake makes the source call its runner soon, once. Any goroutine. Never waits.
func (s *source) wake() {
	s.wakeHere()
	if fd := bell(); fd >= 0 {
		ring(fd)
	} else {
		C.lodger_wakeup()
	}
}

// wakeHere is wake on the source's own thread. Nothing sleeps there: the loop checks its sources
// before it sleeps.
func (s *source) wakeHere() {
	atomic.StoreInt32((*int32)(&s.c.woken), 1)
	runtime.KeepAlive(s)
}

// bell returns the descriptor that wakes a loop on the default context, or -1 if there is none.
// It is never closed.
var bell = sync.OnceValue(func() int { return int(C.lodger_bell()) })

// destroy removes the source from the loop. After that wake does nothing. Any goroutine. Call it
// once.
func (s *source) destroy() {
	C.lodger_destroy(s.c)
	if k := last.Load(); k != nil && k.handle == s.handle {
		last.CompareAndSwap(k, nil)
	}
	s.handle.Delete()
}

//export lodgerRun
func lodgerRun(handle C.uintptr_t) C.int {
	v := done // also if it panics
	guard(func() { v = runnerOf(cgo.Handle(handle)).run() })
	return C.int(v)
}

// A known is a source's runner, and its handle in C.
type known struct {
	handle cgo.Handle
	runner runner
}

// last is the result of the last look-up, and nearly always the next one, too. It is never out
// of date, since handles are not used twice. But it must not keep a runner that has gone.
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
		slog.Error("gtkhost: GLib's main loop runs on another thread than its host, so no task runs; lock the goroutine to its thread before it " +
			"makes the host (runtime.LockOSThread), and run the loop there")
	})
}

func boolean(b bool) C.gboolean {
	if b {
		return 1
	}
	return 0
}

// guard stops a panic before it crosses GLib, which would be left in an inconsistent state. A
// Goexit can't be stopped: it ends the loop's thread. So guard only logs the reason.
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
		slog.Error("gtkhost: a function on the UI thread called runtime.Goexit (as t.FailNow and require do), which ends the thread of "+
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
