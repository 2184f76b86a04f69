//go:build cgo

package gtkhost

import (
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"sync/atomic"

	"github.com/gotk3/gotk3/glib"

	"github.com/golodger/lodger/host"
)

// Posted functions wait in a host.Queue. GLib only learns that there is something to do, through
// one source for each host (source.go). depth.go leads to the place where the functions run.
//
//	post ──► host.Queue ──(not asked yet)──► source.wake
//	                                        │
//	loop, also a nested one ──► run ◄───────┘    on its thread, not too deep
//	                             ├─► functions, at the constant depth
//	                             └─► one native function, right here

// A Host is GLib's default main context, as a host.Mainloop, host.Threader, host.Looper,
// host.Enterer and host.Native. [New] makes one.
type Host struct {
	runLoop, quitLoop func()
	// depth of GLib's dispatches at the place where the loop runs: of New or, after its call,
	// Mainloop
	mainDepth int
	source    *source
	thread    atomic.Pointer[thread]
	queue     *host.Queue

	runBatch, guarded func() // of queue; made once, so that a turn allocates nothing

	// UI thread only.
	natives []func()
	ended   bool

	level  int  // of the thread, at the place where the loop runs
	dead   int  // callbacks that a panic or Goexit has left, but that are still on the stack
	inside int  // how many of this host's functions run at the constant depth
	ours   bool // Mainloop runs the loop
	used   bool // Mainloop was called
	inTurn bool // a loop has called run for posted functions

	quitOwn func() // quits a loop that the program runs itself; nil: it goes on
}

// Before main begins, this locks its goroutine to the process's first thread, which is the UI
// thread unless the program chooses another. GLFW's packages do the same; gotk3 does not. A
// goroutine that moved to another thread between New and the loop would leave its tasks behind.
func init() { runtime.LockOSThread() }

var (
	errTwice = errors.New("gtkhost: Mainloop called twice; make a new host with New")
	errEnded = errors.New("gtkhost: Mainloop called after DoneCallback; make a new host with New")

	errElsewhere = errors.New("gtkhost: GLib's main loop runs on another thread; start tasks in its guest with (*guest.Guest).Go, " +
		"or make the host on the loop's own thread")
)

// New returns a host for GLib's default main context, whatever loop iterates it: the program's
// own gtk.Main, GtkApplication or GMainLoop, or the GMainLoop that Mainloop runs. Call it on the
// thread that runs the loop or will run it, with the goroutine locked to that thread
// (runtime.LockOSThread). UI thread only. Never waits.
//
// A thread can have several hosts, each for its own guest. While a loop runs on another thread,
// New and Mainloop return an error.
func New() (*Host, error) {
	l := newLoop()
	h, err := NewLoop(l.run, l.quit)
	if err != nil {
		return nil, err
	}
	runtime.AddCleanup(h, loop.free, l)
	return h, nil
}

// NewLoop is [New] for a loop that Mainloop runs in another way. run iterates the default main
// context until quit is called. quit is called on the same thread, below run. UI thread only.
// Never waits.
func NewLoop(run, quit func()) (*Host, error) {
	if run == nil || quit == nil {
		panic("gtkhost: NewLoop called with a nil function; use New for a plain GMainLoop")
	}
	if host.CurrentThread() == 0 {
		return nil, fmt.Errorf("gtkhost: not supported on %s: its threads can't be told apart", runtime.GOOS)
	}
	if loopElsewhere() {
		return nil, errElsewhere
	}
	h := &Host{runLoop: run, quitLoop: quit, mainDepth: glib.MainDepth()}
	h.thread.Store(thisThread())
	h.source = attach(h)
	h.queue = host.NewQueue(h.wake)
	h.runBatch, h.guarded = func() { h.queue.Run() }, h.runQueue
	h.queue.Begin() // a source may be woken before its loop runs
	adoptFinalizers()
	return h, nil
}

// RunSyncSoonThreadsafe implements host.Host. Any goroutine. Never waits.
func (h *Host) RunSyncSoonThreadsafe(fn func()) { h.queue.Post(fn) }

// RunSyncSoonNotThreadsafe implements host.Host. UI thread only. Never waits.
func (h *Host) RunSyncSoonNotThreadsafe(fn func()) {
	if h.queue.Add(fn) {
		h.source.wakeHere()
	}
}

// wake makes the source call run. Any goroutine.
func (h *Host) wake() {
	if h.OnThread() {
		h.source.wakeHere()
	} else {
		h.source.wake()
	}
}

// RunSyncSoonNative implements host.Native: fn may run a nested loop, in which all tasks go on.
// UI thread only. Never waits.
func (h *Host) RunSyncSoonNative(fn func()) {
	if !h.ended {
		h.natives = append(h.natives, fn)
		h.source.wakeHere()
	}
}

// The source calls mayRun at a new place if run was not possible before.
func (h *Host) mayRun() bool {
	deep, inTask := h.here()
	return deep <= depth || inTask && h.inside > 0
}

// The source calls hasRoom at a new place if native functions were not possible before.
func (h *Host) hasRoom() bool {
	deep, _ := h.here()
	return deep < depth
}

// The source calls run, from any loop that iterates the context.
func (h *Host) run() verdict {
	switch deep, inTask := h.hereInLoop(); {
	case deep <= depth:
		h.descend(depth-deep, h.guarded)
		if deep < depth { // otherwise all tasks would wait for the end of a nested loop in fn
			h.runNative()
		}
		h.thread.Load().leave(deep)
		if deep == depth && len(h.natives) > 0 {
			return wantsRoom
		}
		return done
	case inTask && h.inside > 0:
		// A task of this host runs a nested loop, and the constant depth is out of reach until
		// that returns. The guest refuses to run, but must be called so that it can report the
		// fault.
		h.runQueue()
		return done
	}
	return tooDeep
}

// runQueue runs the posted functions. After a panic the rest waits for the next turn.
func (h *Host) runQueue() {
	before := h.inTurn
	h.inTurn = true
	defer func() { h.inTurn = before }() // also if a Goexit ends the loop
	guard(h.runBatch)
}

// runNative runs one native function, which may take long. Other work goes on in its nested
// loop.
func (h *Host) runNative() {
	if len(h.natives) == 0 {
		return
	}
	fn := h.natives[0]
	h.natives[0] = nil
	h.natives = h.natives[1:]
	h.wakeForNatives()
	guard(fn)
	h.wakeForNatives() // native functions that came too deep in fn
}

// wakeForNatives wakes the loop for the next native function, if there is one.
func (h *Host) wakeForNatives() {
	if len(h.natives) > 0 {
		h.source.wakeHere()
	}
}

// end drops the queued functions, and all later ones. UI thread only.
func (h *Host) end() {
	if h.ended {
		return
	}
	h.ended, h.natives = true, nil
	h.queue.End()
	h.source.destroy()
}

// DoneCallback implements host.Host. It ends the loop if Mainloop runs it. A loop that the
// program runs goes on without this host, unless QuitWhenDone was called. The host then takes no
// more functions. UI thread only. Waits for GSettings only.
func (h *Host) DoneCallback(host.Outcome) {
	if h.ours {
		h.Quit()
		return
	}
	h.end()
	glib.SettingsSync()
	if h.inTurn { // otherwise the loop has ended, and another may run next
		h.Quit()
	}
}

// Quit ends the loop, whether the guest has ended or not, as the toolkit's own way to quit does.
// In a loop that the program runs itself it calls the function of QuitWhenDone; without one
// nothing happens. UI thread only, in the loop. Never waits.
func (h *Host) Quit() {
	switch {
	case h.ours:
		h.quitLoop()
	case h.quitOwn != nil:
		h.quitOwn()
	}
}

// QuitWhenDone makes a loop that the program runs itself end when the guest ends. Then quit is
// called on the UI thread, below that loop. If the loop has ended before, quit is not called.
// Quit calls it, too, and then the guest still lives. A loop that Mainloop runs ends anyway. A
// later call replaces quit. For GTK's loops use gtkui.QuitWhenDone. UI thread only. Never waits.
func (h *Host) QuitWhenDone(quit func()) {
	if quit == nil {
		panic("gtkhost: QuitWhenDone called with a nil function; pass the function that quits the loop")
	}
	h.quitOwn = quit
	if h.ended && !h.used && glib.MainDepth() > 0 {
		quit()
	}
}

// OnThread implements host.Threader: it reports whether the caller is on the thread that called
// New or, after its call, Mainloop, in a task or not. Any goroutine. Never waits.
func (h *Host) OnThread() bool { return h.thread.Load().id == host.CurrentThread() }

// InLoop implements host.Looper: it reports whether GLib's loop has called the caller, in a
// handler or in a posted function. UI thread only. Never waits.
func (h *Host) InLoop() bool { return glib.MainDepth() > h.mainDepth && host.CallbackDepth() > 0 }

// Enter implements host.Enterer. Call it in plain Go or in a posted function. UI thread only.
// Waits for fn.
func (h *Host) Enter(fn func()) {
	if !h.OnThread() {
		panic("gtkhost: Enter called on another thread than the host's; call it where the loop runs, or ran")
	}
	if !h.used && unwinding() {
		slog.Error("gtkhost: tasks can't be unwound while a panic or Goexit leaves the program's own loop; " +
			"call Finish after the loop, not in a deferred function, or run the loop with guest.Run")
		return
	}
	deep, _ := h.here()
	if deep > depth {
		panic("gtkhost: Enter called too deep in callbacks from C; call it before the loop, or after")
	}
	h.descend(depth-deep, fn)
}

// Mainloop implements host.Mainloop. It calls startGuest before the loop. Call it once, on a
// goroutine that is locked to its thread. Waits until the loop has ended.
func (h *Host) Mainloop(startGuest func() error) error {
	if h.used {
		return errTwice
	}
	switch {
	case h.ended:
		return errEnded
	case loopElsewhere():
		return errElsewhere // GLib would wait until that loop ends
	}
	h.used, h.ours = true, true
	t := thisThread()
	h.thread.Store(t)
	h.level = t.level // not 0 inside a task of another guest
	h.mainDepth = glib.MainDepth()
	h.source.adopt()
	adoptFinalizers()
	before := host.CallbackDepth()
	defer func() { // also if a handler's panic ends the loop
		h.dead = host.CallbackDepth() - before
		h.ours = false
		h.end()
		// GSettings writes on another thread, and unfinished writes are lost when the process
		// ends. This is not only in DoneCallback, since a session manager may kill a program
		// that does not end soon. It does nothing if nothing was written.
		glib.SettingsSync()
	}()
	if err := startGuest(); err != nil {
		return err
	}
	h.runLoop()
	return nil
}
