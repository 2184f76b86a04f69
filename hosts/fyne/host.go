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

// Fyne's queue is only reliable for a wake-up. Before the loop it runs a function inline. At
// quit it drops functions. After that it runs a function on whatever goroutine posts it, and it
// panics if a post comes at the very end. So the functions wait in a host.Queue, and Fyne holds
// at most one call of run. run checks where it is before it does anything. A call on a wrong
// thread, or on the stack of the post itself, means that the loop has ended.
//
//	post ──► host.Queue ──wake──► driver.DoFromGoroutine(run)
//	                                      │
//	               Fyne's loop ◄──────────┴──────► inline, after quit
//	               run: batch                      run: the end

// mainThread is the thread of a desktop's loop: Go initializes packages on the main goroutine,
// and Fyne locks that to its thread.
var mainThread = host.CurrentThread()

// looped says that Mainloop was called. A second call would crash the real driver, with any app.
var looped atomic.Bool

// A Host is Fyne's main loop, as a host.Mainloop and host.Threader. [New] makes one.
type Host struct {
	app    fyne.App
	driver fyne.Driver
	thread host.Threader // asks the driver; nil: the main thread
	queue  *host.Queue
	asked  atomic.Bool // Fyne was asked for a call, so there is a guest

	// UI thread only.
	begun  bool   // Fyne has called run, so its loop runs, or has run
	asking bool   // inside a post
	ours   bool   // Mainloop runs the loop
	used   bool   // Mainloop was called
	start  func() // on a phone: what Mainloop runs first

	ending *ending // the app's
}

var (
	errMigration = errors.New("fynehost: Fyne has already read this app's flag fyneDo, and would hang in " +
		"a task; call fynehost.New right after app.New, before you make a window, or set [Migrations] fyneDo = true in FyneApp.toml")
	errOffMain = errors.New("fynehost: New called off the main goroutine; call it in main, before the app runs")
	errRunning = errors.New("fynehost: New called while the app's loop runs; call New before the loop, right after app.New; " +
		"you may start guests later")
	errTwice  = errors.New("fynehost: Mainloop called twice; a process can run Fyne's loop only once")
	errThread = errors.New("fynehost: Mainloop called off the main goroutine; call it in main")
)

// New returns a host for app's loop. It sets the app's migration flag "fyneDo". It fails if Fyne
// has already read that flag, so call New right after app.New, before you make a window. Main
// goroutine only, before the loop. Never waits.
//
// An app can have several hosts, each for its own guest. You may start the guests later.
func New(app fyne.App) (*Host, error) {
	if app == nil {
		panic("fynehost: New called with a nil app; make one with app.New")
	}
	app = original(app)
	if original(fyne.CurrentApp()) != app {
		return nil, errors.New("fynehost: this app is not Fyne's current app; pass the app that was made last")
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
	h.queue.Begin() // the first wake-up tells that Fyne's loop runs
	return h, nil
}

// inline reports whether the driver runs a function at once that is posted on the main
// goroutine. It does so before its loop and after it; in between it queues the function.
func inline(driver fyne.Driver) bool {
	var now, ran atomic.Bool
	now.Store(true)
	send(driver, func() { ran.Store(now.Load()) })
	now.Store(false)
	return ran.Load()
}

func supported(ownThread bool) error {
	switch {
	case ownThread, runtime.GOOS == "js": // there is only one thread
		return nil
	case host.CurrentThread() == 0:
		return fmt.Errorf("fynehost: not supported on %s; see Platforms in the package's documentation", runtime.GOOS)
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
	// Fyne only logs a line and still runs its loop. The program would wait forever for a window
	// that no user can close.
	return errors.New("fynehost: no display; set DISPLAY or WAYLAND_DISPLAY, run under xvfb-run, or in tests use package fynetest")
}

// migrate sets the flag without which Fyne takes tasks for foreign goroutines. Then it checks
// that Fyne respects the flag. Fyne reads the flag once, at its first check, and making a window
// is such a check. There is no getter, so migrate looks at the effect of a check. If the app
// counts as migrated, DoAndWait on the main goroutine runs its function at once before the loop.
// Otherwise Fyne warns, and runs the function on another goroutine. The warning goes to the
// process's one logger. It stays there, since it says the same as our error.
func migrate(app fyne.App, driver fyne.Driver) error {
	flags := app.Metadata().Migrations
	if flags == nil {
		return errors.New("fynehost: this app has no migration flags; for tests use package fynetest")
	}
	flags["fyneDo"] = true // this is the app's own map, not a copy
	var inline, ran atomic.Bool
	inline.Store(true)
	driver.DoFromGoroutine(func() { ran.Store(inline.Load()) }, true)
	inline.Store(false)
	if !ran.Load() {
		return errMigration
	}
	return nil
}

// RunSyncSoonThreadsafe implements host.Host. Any goroutine. Never waits.
func (h *Host) RunSyncSoonThreadsafe(fn func()) { h.queue.Post(fn) }

// RunSyncSoonNotThreadsafe implements host.Host. Fyne has no cheaper way for its own thread. UI
// thread only. Never waits.
func (h *Host) RunSyncSoonNotThreadsafe(fn func()) { h.queue.Post(fn) }

// wake asks Fyne to call run, but so that Fyne does not call it at once.
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
		// On the main goroutine, before the loop runs, Fyne would call run at once. Fyne
		// recognizes the goroutine, so another one asks.
		go h.ask()
	default:
		h.asking = true // while Fyne is about to quit, it also calls run at once
		h.ask()
		h.asking = false
	}
}

// ask posts the one call of run to Fyne.
func (h *Host) ask() {
	if !send(h.driver, h.run) {
		h.end()
	}
}

// send is fyne.Do for a driver that may be ending. It reports whether Fyne took fn. Between its
// last function and its end, Fyne closes the channel to which another goroutine may be posting.
// That panics in the goroutine.
func send(driver fyne.Driver, fn func()) (taken bool) {
	defer func() { taken = recover() == nil }()
	driver.DoFromGoroutine(fn, false)
	return true
}

// Fyne calls run in its loop. After the loop, the goroutine that posts calls it.
func (h *Host) run() {
	if !h.OnThread() || h.asking {
		h.end()
		return
	}
	h.begin()
	h.enter(func() { h.queue.Run() })
}

// begin records that Fyne's loop runs. UI thread only.
func (h *Host) begin() {
	if !h.begun {
		h.begun = true
		h.beginBeat()
	}
}

// end drops the queued functions: the loop has gone. A guest that has not ended finishes without
// it.
func (h *Host) end() { h.queue.End() }

// DoneCallback implements host.Host. It ends the loop if Mainloop runs it. After the loop it
// lets the app's OnStopped hook run. UI thread only. Waits only for what the hook does.
func (h *Host) DoneCallback(host.Outcome) {
	h.ending.done(h)
	if h.ours {
		h.app.Quit()
	}
}

// lodges reports whether there is a guest: a guest asks for its first turn at once.
func (h *Host) lodges() bool { return h.begun || h.asked.Load() }

// OnThread implements host.Threader: it reports whether the caller is on Fyne's thread, in a
// task or not. Any goroutine. Never waits.
func (h *Host) OnThread() bool { return onUI(h.thread) }

// onUI is OnThread. A driver for tests runs its loop on any thread and answers itself, as
// thread. Otherwise thread is nil, and the UI thread is the main thread.
func onUI(thread host.Threader) bool {
	if thread != nil {
		return thread.OnThread()
	}
	if phone(thread) {
		return uint64(host.CurrentThread()) == phoneThread.Load()
	}
	return host.CurrentThread() == mainThread
}

// Mainloop implements host.Mainloop: it runs the app. Main goroutine only, and only once in a
// process. Waits until the app has quit.
//
// It starts the guest in the first function that the loop runs, so it needs no lifecycle hook.
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
			return // the loop has ended without reading its queue
		}
		h.begin()
		if err = startGuest(); err != nil {
			h.ending.done(h)
			h.app.Quit()
		}
	}
	go send(h.driver, start)
	defer func() { // also if a handler's panic ends the loop
		h.ours = false
		h.endBeat()
		h.end()
		h.ending.leave()
	}()
	h.app.Run()
	return err
}
