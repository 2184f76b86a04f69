package fynehost

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"sync/atomic"

	"fyne.io/fyne/v2"

	"github.com/golodger/lodger/host"
)

// Fyne's queue can't be trusted with more than a wake-up. It runs a function inline before the
// loop, throws it away at quit, runs it on whatever goroutine posts after that, and panics
// when the post meets the very end. So the functions wait in a host.Queue, Fyne holds one call
// to run at most, and run looks where it is before it does anything. What comes on a wrong
// thread, or on the stack of the post itself, means that the loop has ended.
//
//	post ──► host.Queue ──wake──► driver.DoFromGoroutine(run)
//	                                      │
//	               Fyne's loop ◄──────────┴──────► inline, after quit
//	               run: batch                      run: the end

// mainThread is where a desktop's loop runs: packages are initialised on the main goroutine,
// and Fyne locks it there.
var mainThread = host.CurrentThread()

// looped: Mainloop was called. A second time the real driver would crash, with whatever app.
var looped atomic.Bool

// A Host is Fyne's main loop, as a host.Mainloop and host.Threader. [New] makes one.
type Host struct {
	app    fyne.App
	driver fyne.Driver
	thread host.Threader // the driver's own opinion; nil: the main thread
	queue  *host.Queue
	asked  atomic.Bool // Fyne was asked for a call, so a guest has moved in

	// UI thread only.
	begun  bool   // Fyne has called us, so its loop runs, or has run
	asking bool   // inside a post
	ours   bool   // Mainloop runs the loop
	used   bool   // Mainloop was called
	start  func() // on a phone: what Mainloop runs first

	ending *ending // the app's
}

var (
	errMigration = errors.New("fynehost: Fyne has already decided that this app has not migrated to fyne.Do, and would hang in " +
		"a task; call fynehost.New right after app.New, before any window is made, or set [Migrations] fyneDo = true in FyneApp.toml")
	errOffMain = errors.New("fynehost: New called off the main goroutine; call it in main, before the app runs")
	errRunning = errors.New("fynehost: New called while the app's loop runs; make the host before it, right after app.New; " +
		"guests may be started later")
	errTwice  = errors.New("fynehost: Mainloop called twice; a process runs Fyne's loop once")
	errThread = errors.New("fynehost: Mainloop called off the main goroutine; call it in main")
)

// New returns a host for app's loop. It sets the app's migration flag "fyneDo", and fails when
// Fyne has already looked at it: so call it right after app.New, before any window is made.
// Main goroutine only, before the loop. Never waits.
//
// Several hosts of one app are fine, each for a guest of its own, which may be started later.
func New(app fyne.App) (*Host, error) {
	if app == nil {
		panic("fynehost: New called with a nil app; make one with app.New")
	}
	app = original(app)
	if original(fyne.CurrentApp()) != app {
		return nil, errors.New("fynehost: this app is not Fyne's current one; use the app made last")
	}
	h := &Host{app: app, driver: app.Driver()}
	h.queue = host.NewQueue(h.wake)
	h.thread, _ = h.driver.(host.Threader)
	if err := supported(h.thread != nil); err != nil {
		return nil, err
	}
	if !phone(h.thread) && !h.OnThread() { // a phone's main goroutine has no thread that is known
		return nil, errOffMain
	}
	if !inline(h.driver) {
		return nil, errRunning
	}
	if err := migrate(app, h.driver); err != nil {
		return nil, err
	}
	h.ending = endingOf(app)
	h.ending.hosts = append(h.ending.hosts, h)
	h.queue.Begin() // Fyne's loop tells us that it runs by the first wake-up
	return h, nil
}

// inline reports whether the driver runs a function at once that is posted on the main
// goroutine. It does so before its loop, and after it; in between it queues.
func inline(driver fyne.Driver) bool {
	var now, ran atomic.Bool
	now.Store(true)
	send(driver, func() { ran.Store(now.Load()) })
	now.Store(false)
	return ran.Load()
}

func supported(ownThread bool) error {
	switch {
	case ownThread, runtime.GOOS == "js": // where there is one thread
		return nil
	case host.CurrentThread() == 0:
		return fmt.Errorf("fynehost: not supported on %s; see the package's documentation", runtime.GOOS)
	}
	switch runtime.GOOS {
	case "windows", "darwin", "android", "ios":
		return nil
	}
	for _, name := range []string{"DISPLAY", "WAYLAND_DISPLAY", "WAYLAND_SOCKET"} {
		if os.Getenv(name) != "" {
			return nil
		}
	}
	// Fyne logs a line and runs its loop all the same: the program would wait for ever for a
	// window that no user can close.
	return errors.New("fynehost: no display; set DISPLAY or WAYLAND_DISPLAY, run under xvfb-run, or in tests use package fynetest")
}

// migrate sets the flag without which Fyne takes tasks for foreign goroutines, and sees whether
// Fyne heeds it. Fyne reads it once, at its first check, which making a window already is.
// There is no getter, so we look at what a check does: a migrated DoAndWait on the main
// goroutine, before the loop, runs its function at once; else Fyne warns and runs it on a
// goroutine of its own. The warning goes through the process's one logger and is left there: it
// says the same as our error.
func migrate(app fyne.App, driver fyne.Driver) error {
	flags := app.Metadata().Migrations
	if flags == nil {
		return errors.New("fynehost: this app has no migration flags; for tests use package fynetest")
	}
	flags["fyneDo"] = true // the map is the app's own, not a copy
	var inline, ran atomic.Bool
	inline.Store(true)
	driver.DoFromGoroutine(func() { ran.Store(inline.Load()) }, true)
	inline.Store(false)
	if !ran.Load() {
		return errMigration
	}
	return nil
}

// RunSyncSoonThreadsafe is part of host.Host. Any goroutine. Never waits.
func (h *Host) RunSyncSoonThreadsafe(fn func()) { h.queue.Post(fn) }

// RunSyncSoonNotThreadsafe is part of host.Host. Fyne has no cheaper way for its own thread.
// UI thread only. Never waits.
func (h *Host) RunSyncSoonNotThreadsafe(fn func()) { h.queue.Post(fn) }

// wake asks Fyne for a call to run, in a way in which Fyne does not call run at once.
func (h *Host) wake() {
	h.asked.Store(true)
	switch {
	case soon != nil:
		soon(h.ask)
	case phone(h.thread):
		if phoneThread.Load() != 0 { // else arrive does it
			h.ask()
		}
	case !h.OnThread():
		h.ask()
	case !h.begun:
		// On the main goroutine, before the loop runs, Fyne would call run at once. It tells by
		// the goroutine.
		go h.ask()
	default:
		h.asking = true // once Fyne is about to quit it calls run at once, too
		h.ask()
		h.asking = false
	}
}

// ask gives Fyne the one call.
func (h *Host) ask() {
	if !send(h.driver, h.run) {
		h.end()
	}
}

// send is fyne.Do for a driver that may be at its end; it reports whether Fyne took fn. In the
// moment between its last function and its end, Fyne closes the channel that another goroutine
// may be posting to, which panics there.
func send(driver fyne.Driver, fn func()) (taken bool) {
	defer func() { taken = recover() == nil }()
	driver.DoFromGoroutine(fn, false)
	return true
}

// run is called by Fyne: by its loop or, after the loop, by whoever posts.
func (h *Host) run() {
	if !h.OnThread() || h.asking {
		h.end()
		return
	}
	h.begin()
	h.enter(func() { h.queue.Run() })
}

// begin notes that Fyne's loop runs. UI thread only.
func (h *Host) begin() {
	if !h.begun {
		h.begun = true
		h.beginBeat()
	}
}

// end drops what is queued: the loop has gone, and a guest that is not done is finished without
// it.
func (h *Host) end() { h.queue.End() }

// DoneCallback is part of host.Host: it ends the loop if Mainloop runs it. After the loop it is
// the time for the app's OnStopped hook. UI thread only. Never waits, but for what the hook
// does.
func (h *Host) DoneCallback(host.Outcome) {
	h.ending.done(h)
	if h.ours {
		h.app.Quit()
	}
}

// lodges reports whether a guest has moved in: it asks for its first turn at once.
func (h *Host) lodges() bool { return h.begun || h.asked.Load() }

// OnThread is host.Threader: whether the caller is on Fyne's thread, in a task or not. Any
// goroutine. Never waits.
func (h *Host) OnThread() bool { return onUI(h.thread) }

// onUI is OnThread. A driver for tests, whose loop runs anywhere, says it itself: it is the
// thread; else that is nil, the main one.
func onUI(thread host.Threader) bool {
	if thread != nil {
		return thread.OnThread()
	}
	if phone(thread) {
		return uint64(host.CurrentThread()) == phoneThread.Load()
	}
	return host.CurrentThread() == mainThread
}

// Mainloop is part of host.Mainloop: it runs the app. Main goroutine only, once in a process.
// Waits until the app has quit.
//
// It starts the guest with the first function that the loop runs, and needs no lifecycle hook
// for that.
func (h *Host) Mainloop(startGuest func() error) (err error) {
	if !phone(h.thread) && !h.OnThread() {
		return errThread
	}
	if h.used || h.thread == nil && looped.Swap(true) {
		return errTwice
	}
	h.used, h.ours = true, true
	if phone(h.thread) {
		return h.mainloopOnPhone(startGuest)
	}
	start := func() {
		if !h.OnThread() {
			return // the loop has ended without looking at its queue
		}
		h.begin()
		if err = startGuest(); err != nil {
			h.ending.done(h)
			h.app.Quit()
		}
	}
	go send(h.driver, start)
	defer func() { // also when a handler's panic ends the loop
		h.ours = false
		h.endBeat()
		h.end()
		h.ending.leave()
	}()
	h.app.Run()
	return err
}
