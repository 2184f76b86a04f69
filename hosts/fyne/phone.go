package fynehost

import (
	"reflect"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"

	"fyne.io/fyne/v2"

	"github.com/golodger/lodger/host"
)

// Fyne's driver for phones is another loop than the desktop's:
//
//	main goroutine: app.Run ── draws ─────────────────────────────────► returns, on X11 only
//	Fyne's own:          └─ Settings ─► events and posts ─► Lifecycle ─┘
//	                        arrive                          depart
//
// It runs on a goroutine of Fyne's own, which no one has locked to a thread, and which is gone
// when App.Run returns. Before it has made its queue, a post runs on the caller. So Fyne is asked
// for nothing before it asks its current app for the settings: that is the first thing it does
// with its queue made. There the goroutine is locked, and all that was posted runs, before the
// first event: Fyne throws events away until there is a window. When the app is over Fyne asks for
// the lifecycle. There the guests are finished, since nothing can resume their tasks later.

// phone reports whether the driver is that for phones: one for tests says where its loop is.
func phone(thread host.Threader) bool { return onPhone && thread == nil }

// phoneThread is the thread of Fyne's loop on a phone; 0 until it runs.
var phoneThread atomic.Uint64

// arrive notes that the loop runs, if the caller is the loop. Any goroutine.
func (e *ending) arrive() {
	if phoneThread.Load() != 0 || !e.calledByLoop() {
		return
	}
	runtime.LockOSThread() // never undone: the goroutine ends with the loop
	e.phase = running
	phoneThread.Store(uint64(host.CurrentThread()))
	for _, h := range slices.Clone(e.hosts) { // one whose guest ends at once leaves the list
		h.arrive()
	}
}

// arrive starts what has waited for the loop. UI thread only.
func (h *Host) arrive() {
	if h.start != nil {
		h.start()
	}
	if h.asked.Load() {
		h.run()
	}
}

// depart looks whether Fyne asks for the lifecycle at the end: when the system says that the app
// is over, or as the loop's last act, which a phone never comes to. UI thread only.
func (e *ending) depart() {
	last := e.calledByLoop()
	if !last && !strings.HasSuffix(asker(), ").onStop") {
		return
	}
	e.gone.Store(last)
	if e.phase != over {
		e.take()
		e.phase = over
		e.finishGuests()
		e.settle()
	}
}

// lateDriver is the driver once the loop has ended. Fyne's preferences post a tenth of a second
// after each save, to a queue that is closed by then, and a panic would end the program.
type lateDriver struct{ fyne.Driver }

func (d lateDriver) DoFromGoroutine(fn func(), wait bool) {
	defer func() { _ = recover() }()
	d.Driver.DoFromGoroutine(fn, wait)
}

// finishGuests finishes those that QuitWhenDone and its like were told of.
func (e *ending) finishGuests() {
	watches.Range(func(key, _ any) bool {
		if w := key.(watched); w.driver == e.driver {
			w.guest.Finish()
		}
		return true
	})
	for _, h := range e.hosts {
		h.end()
	}
}

// calledByLoop reports whether the loop itself has called into this package, and no handler.
func (e *ending) calledByLoop() bool {
	run, ok := reflect.TypeOf(e.driver).MethodByName("Run")
	if !ok {
		return false
	}
	return strings.HasPrefix(asker(), runtime.FuncForPC(run.Func.Pointer()).Name()+".")
}

// asker is the function that has called into this package.
func asker() string {
	pcs := make([]uintptr, 16)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(2, pcs)])
	for {
		frame, more := frames.Next()
		if !strings.HasPrefix(frame.Function, room) || !more {
			return frame.Function
		}
	}
}

// room is what the names of this package's functions begin with.
var room = reflect.TypeFor[ending]().PkgPath() + "."

// mainloopOnPhone is Mainloop with a loop on a goroutine of its own.
func (h *Host) mainloopOnPhone(startGuest func() error) (err error) {
	h.start = func() {
		h.begin()
		if err = startGuest(); err != nil {
			h.ending.done(h)
		}
	}
	h.app.Run()
	runtime.UnlockOSThread() // on X11, where alone it returns, the driver has locked once more
	return err
}
