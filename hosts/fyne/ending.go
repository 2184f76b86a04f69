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

// The order at the end, whatever has ended the loop, in Run as in Finish:
//
//	the loop ends → save → tasks unwind → save → the program's OnStopped hook → save
//
// All on the UI thread. The preferences are saved first because a session manager may kill
// what does not end soon; then for what deferred calls have written; and then for what the
// hook has, as in any Fyne program. When no guest lives at the end of the loop, all comes
// there; when several do, the hook waits for the last of them. A panic that leaves a loop of
// the program's own is noticed only when the tasks have unwound.
//
// Fyne's own way can't be left to do it. As its last act the loop hands the hook and the save,
// as one function, to a goroutine, which posts it back to the loop and waits. On a busy
// machine the loop throws that post away without running it; or, when it comes after the loop
// has looked at its queue for the last time, App.Run waits for ever for that goroutine. It
// comes before the tasks unwind, and off the UI thread. Nothing to hand over, nothing to wait
// for: so both are taken in the loop's last moment, and not before, since a program may set
// its hook at any time.
//
// That moment is known because Fyne asks its current app for the lifecycle, each time anew:
// when the loop begins, for the hook when the loop has been quit, and once more when its queue
// is closed. So a stand-in is Fyne's current app (standin.go), and looks where the loop is
// when it is asked.

// An ending is what is left to do when an app's loop has ended. Each app has one, which its
// hosts share. UI thread only.
type ending struct {
	driver  fyne.Driver
	thread  host.Threader
	keeper  string    // what the names of the preferences' own functions begin with
	life    lifecycle // nil: not a lifecycle that we know, and Fyne's own way it is
	save    func()    // Fyne's own hook
	stopped func()    // the program's, once it is taken
	phase   phase
	hosts   []*Host     // that have not been told of a guest's end
	alone   atomic.Bool // the preferences are saved here only, from now on; any goroutine
	gone    atomic.Bool // a phone's loop has ended; any goroutine
}

// phase is how far the loop has come.
type phase uint8

const (
	before phase = iota
	running
	over
)

// lifecycle is what Fyne's type has beyond its interface. OnStopped gives the hook and the
// save as one.
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
			life.SetOnStopped(all) // the program's hook, which can't be had without the save
		}
	}
	stand(app, e)
	return e
}

func sameFunction(a, b func()) bool {
	return reflect.ValueOf(a).Pointer() == reflect.ValueOf(b).Pointer()
}

// look finds out how far the loop has come. Any goroutine.
func (e *ending) look() {
	switch {
	case !onUI(e.thread):
	case phone(e.thread):
		e.depart()
	case e.phase == over:
	case !inline(e.driver):
		e.phase = running
	case e.phase == before: // the program asks, or there never was a loop
	case gone(e.driver):
		e.phase = over
		e.settle()
	default: // it has been quit, and has not ended yet
		e.take()
	}
}

// gone reports whether the driver has closed its queue: then it runs a function at once
// whatever goroutine posts it.
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

// leave notes that App.Run has returned, or that a panic has left it.
func (e *ending) leave() {
	if e.phase == over {
		return
	}
	if !gone(e.driver) { // a panic, and so Fyne has not come to its hooks
		e.take()
	}
	e.phase = over
	e.settle()
}

// done notes that h's guest has ended, or never began.
func (e *ending) done(h *Host) {
	e.hosts = slices.DeleteFunc(e.hosts, func(o *Host) bool { return o == h })
	switch {
	case e.phase == over:
		e.settle()
	case h.begun && !e.inLoop(): // a panic has left the program's own loop
		e.leave()
	}
}

// settle saves and, if no guest lives any more, calls the program's hook. The loop has ended.
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

// inLoop reports whether the caller was called by Fyne's loop, which no panic or Goexit is
// just leaving.
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
