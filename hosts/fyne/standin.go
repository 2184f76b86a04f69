package fynehost

import (
	"reflect"
	"runtime"
	"strings"
	"sync/atomic"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// A standIn is Fyne's current app instead of the program's app. It tells the ending when Fyne
// asks for the lifecycle. It has a guard for posts of fyne.Do while the loop ends.
type standIn struct {
	fyne.App
	ending *ending
	guard  fyne.Driver // nil: the driver needs none
}

// Lifecycle is called by Fyne's loop, and by any other code.
func (s *standIn) Lifecycle() fyne.Lifecycle {
	s.ending.look()
	return s.App.Lifecycle()
}

// A phone's loop calls Settings when it begins. Others call it, too.
func (s *standIn) Settings() fyne.Settings {
	if phone(s.ending.thread) {
		s.ending.arrive()
	}
	return s.App.Settings()
}

// Driver is called often. While Fyne draws a window that is being resized, it insists on its own
// driver type, on the UI thread. The guard is not needed there while the loop goes on: a post of
// the loop's own thread can't come while the loop closes the queue.
func (s *standIn) Driver() fyne.Driver {
	switch {
	case s.ending.gone.Load():
		return lateDriver{s.ending.driver}
	case s.guard == nil, drawsInResize && !s.ending.alone.Load() && onUI(s.ending.thread):
		return s.ending.driver
	}
	return s.guard
}

const drawsInResize = runtime.GOOS == "windows" || runtime.GOOS == "darwin"

func (s *standIn) self() *standIn { return s }

// A desktopStandIn also has the tray of the program's app.
type desktopStandIn struct {
	*standIn
	desktop.App
}

// stand makes a stand-in for app, and makes it Fyne's current app.
func stand(app fyne.App, e *ending) {
	s := &standIn{App: app, ending: e}
	if d, ok := e.driver.(desktopDriver); ok {
		s.guard = guard{d, e}
	}
	if tray, ok := app.(desktop.App); ok {
		fyne.SetCurrentApp(desktopStandIn{s, tray})
	} else {
		fyne.SetCurrentApp(s)
	}
}

// standsIn returns app as a stand-in, if it is one.
func standsIn(app fyne.App) (s *standIn, ok bool) {
	self, ok := app.(interface{ self() *standIn })
	if !ok {
		return nil, false
	}
	return self.self(), true
}

// original returns the program's app, also for its stand-in.
func original(app fyne.App) fyne.App {
	if s, ok := standsIn(app); ok {
		return s.App
	}
	return app
}

// desktopDriver is what Fyne requires of its current app's driver.
type desktopDriver interface {
	fyne.Driver
	desktop.Driver
	SetSystemTrayMenu(*fyne.Menu)
	SystemTrayMenu() *fyne.Menu
}

// A guard is the driver, made safe for posts at its end.
type guard struct {
	desktopDriver
	ending *ending
}

// DoFromGoroutine is what fyne.Do and fyne.DoAndWait call. Between its last function and its
// end, Fyne closes the channel to which the caller may be posting. The panic would end the
// program before its tasks unwind. Here it means only that fn does not run, as a moment before.
func (g guard) DoFromGoroutine(fn func(), wait bool) {
	if g.ending.alone.Load() {
		g.late(fn, wait)
		return
	}
	defer func() {
		if g.ending.alone.Load() { // it may have changed meanwhile
			_ = recover()
		}
	}()
	g.desktopDriver.DoFromGoroutine(fn, wait)
}

// late is DoFromGoroutine after the loop has been quit or has ended, when Fyne runs fn on the
// caller. It does not run the preferences' own functions. A tenth of a second after each save
// they check whether to save again, and they read their file when it has changed. They would do
// that beside the saves of this package. A write that the program's exit interrupts would leave
// the file empty.
func (g guard) late(fn func(), wait bool) {
	if g.ending.keeps(fn) {
		return
	}
	var called atomic.Bool
	defer func() {
		if !called.Load() {
			_ = recover()
		}
	}()
	g.desktopDriver.DoFromGoroutine(func() { called.Store(true); fn() }, wait)
}

// keeps reports whether fn is one of the preferences' own functions.
func (e *ending) keeps(fn func()) bool {
	f := runtime.FuncForPC(reflect.ValueOf(fn).Pointer())
	return e.keeper != "" && strings.HasPrefix(f.Name(), e.keeper)
}

// functionsOf returns the common prefix of the names of v's methods and of the functions in
// them.
func functionsOf(v any) string {
	t := reflect.TypeOf(v)
	if t == nil || t.Kind() != reflect.Pointer {
		return ""
	}
	return t.Elem().PkgPath() + ".(*" + t.Elem().Name() + ")."
}
