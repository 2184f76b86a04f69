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

// The order at the end, whatever has ended the loop, in Run and in Finish:
//
//	the loop ends → save → tasks unwind → save → the program's OnStopped hook → save
//
// Everything runs on the UI thread. The preferences are saved first because a session manager
// may kill a program that does not end soon. They are saved again for what deferred calls have
// written, and once more for what the hook has written, as in any Fyne program. If no guest is
// alive when the loop ends, all this happens then. If several guests are alive, the hook waits
// for the last one. If a panic leaves a loop that the program runs itself, that is noticed only
// when the tasks have unwound.
//
// Fyne's own way does not work here. As its last act the loop hands the hook and the save, as
// one function, to a goroutine. The goroutine posts the function back to the loop and waits. On
// a busy machine the loop drops that post without running it. If the post comes after the loop
// has read its queue for the last time, App.Run waits forever for the goroutine. Also, the hook
// would run before the tasks unwind, and off the UI thread. With nothing to hand over, Fyne
// waits for nothing. So this package takes both functions from Fyne in the loop's last moment.
// It can't take them earlier, since a program may set its hook at any time.
//
// That moment is known because Fyne asks its current app for the lifecycle each time: when the
// loop begins, for the hook after a quit, and once more when the queue is closed. So Fyne's
// current app is a stand-in (standin.go), which checks the phase of the loop whenever it is
// asked.

// An ending holds what is left to do when an app's loop has ended. Each app has one ending,
// which all its hosts share. UI thread only.
type ending struct {
	driver  fyne.Driver
	thread  host.Threader
	keeper  string    // the common prefix of the names of the preferences' own functions
	life    lifecycle // nil: an unknown kind of lifecycle; then Fyne's own way is used
	save    func()    // Fyne's own hook
	stopped func()    // the program's hook, once it is taken
	phase   phase
	hosts   []*Host     // the hosts that have not been told of their guest's end
	alone   atomic.Bool // from now on the preferences are saved only here; any goroutine
	gone    atomic.Bool // a phone's loop has ended; any goroutine
}

// A phase says how far the loop has come.
type phase uint8

const (
	before phase = iota
	running
	over
)

// lifecycle has the methods of Fyne's type that its interface lacks. OnStopped returns the hook
// and the save as one function.
type lifecycle interface {
	OnStopped() func()
	SetOnStopped(func())
	SetOnStoppedHookExecuted(func())
}

// endingOf returns the ending of app, which is Fyne's current one. Before the loop.
func endingOf(app fyne.App) *ending {
	if s, ok := standsIn(fyne.CurrentApp()); ok {
		return s.ending
	}
	e := &ending{driver: app.Driver(), keeper: functionsOf(app.Preferences())}
	e.thread, _ = e.driver.(host.Threader)
	if life, ok := app.Lifecycle().(lifecycle); ok {
		e.life = life
		all := life.OnStopped()
		life.SetOnStopped(nil)
		e.save = life.OnStopped()
		if !sameFunction(all, e.save) {
			life.SetOnStopped(all) // the program's hook, which comes only together with the save
		}
	}
	stand(app, e)
	return e
}

func sameFunction(a, b func()) bool {
	return reflect.ValueOf(a).Pointer() == reflect.ValueOf(b).Pointer()
}

// look finds out the phase of the loop. Any goroutine.
func (e *ending) look() {
	switch {
	case !onUI(e.thread):
	case phone(e.thread):
		e.depart()
	case e.phase == over:
	case !inline(e.driver):
		e.phase = running
	case e.phase == before: // the program asked, or there never was a loop
	case gone(e.driver):
		e.phase = over
		e.settle()
	default: // it was quit, but has not ended yet
		e.take()
	}
}

// gone reports whether the driver has closed its queue. From then on it runs a posted function
// at once, on whatever goroutine posts it.
func gone(driver fyne.Driver) bool {
	ran := make(chan bool)
	go func() { ran <- inline(driver) }()
	return <-ran
}

// take takes the hook and the save from Fyne.
func (e *ending) take() {
	e.alone.Store(true)
	if e.life == nil {
		return
	}
	e.life.SetOnStoppedHookExecuted(nil)
	if hook := e.life.OnStopped(); hook != nil {
		e.stopped = hook
		e.life.SetOnStopped(nil)
	}
}

// leave records that App.Run has returned, or that a panic has left it.
func (e *ending) leave() {
	if e.phase == over {
		return
	}
	if !gone(e.driver) { // after a panic Fyne does not call its hooks
		e.take()
	}
	e.phase = over
	e.settle()
}

// done records that h's guest has ended, or never began.
func (e *ending) done(h *Host) {
	e.hosts = slices.DeleteFunc(e.hosts, func(o *Host) bool { return o == h })
	switch {
	case e.phase == over:
		e.settle()
	case h.begun && !e.inLoop(): // a panic has left a loop that the program runs itself
		e.leave()
	}
}

// settle saves the preferences. If no guest is alive, it calls the program's hook. The loop has
// ended.
func (e *ending) settle() {
	e.saveNow()
	stopped := e.stopped
	if stopped == nil || slices.ContainsFunc(e.hosts, (*Host).lodges) {
		return
	}
	e.stopped = nil
	defer e.saveNow()
	stopped()
}

func (e *ending) saveNow() {
	if e.save != nil {
		e.save()
	}
}

// loopEnded reports whether the loop of Fyne's current app has ended. UI thread only.
func loopEnded() bool {
	s, ok := standsIn(fyne.CurrentApp())
	return ok && s.ending.phase == over
}

// inLoop reports whether Fyne's loop has called the caller, and no panic or Goexit is just
// leaving the loop.
func (e *ending) inLoop() bool {
	run, ok := reflect.TypeOf(e.driver).MethodByName("Run")
	if !ok {
		return false
	}
	loop := runtime.FuncForPC(run.Func.Pointer()).Name()
	pcs := make([]uintptr, 512)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(1, pcs)])
	for {
		frame, more := frames.Next()
		if phone(e.thread) && strings.HasPrefix(frame.Function, loop+".") {
			return true
		}
		switch frame.Function {
		case loop:
			return true
		case "runtime.gopanic", "runtime.Goexit":
			return false
		}
		if !more {
			return false
		}
	}
}
