package fynehost

import (
	"reflect"
	"runtime"
	"strings"
	"sync/atomic"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// A standIn is Fyne's current app in place of the program's: it tells the ending when it is
// asked for the lifecycle, and has a guard for what is posted by fyne.Do while the loop ends.
type standIn struct {
	fyne.App
	ending *ending
	guard  fyne.Driver // nil: not a driver that needs one
}

// Lifecycle is asked by Fyne's loop, and by whoever else.
func (s *standIn) Lifecycle() fyne.Lifecycle {
	s.ending.look()
	return s.App.Lifecycle()
}

// Settings is asked by a phone's loop as it begins, and by whoever else.
func (s *standIn) Settings() fyne.Settings {
	if phone(s.ending.thread) {
		s.ending.arrive()
	}
	return s.App.Settings()
}

// Driver is asked often. Where a window is drawn while it is being resized, Fyne insists on
// its own type for that: there the guard comes only when there are no windows any more, which
// for a few posts is too late.
func (s *standIn) Driver() fyne.Driver {
	if s.ending.gone.Load() {
		return lateDriver{s.ending.driver}
	}
	if s.guard == nil || drawsInResize && !s.ending.alone.Load() {
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

// stand makes a stand-in for app Fyne's current app.
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

// standsIn returns app's stand-in, if app is one.
func standsIn(app fyne.App) (s *standIn, ok bool) {
	self, ok := app.(interface{ self() *standIn })
	if !ok {
		return nil, false
	}
	return self.self(), true
}

// original returns the program's app, also for the one that stands in for it.
func original(app fyne.App) fyne.App {
	if s, ok := standsIn(app); ok {
		return s.App
	}
	return app
}

// desktopDriver is all that Fyne's current app is asked for as its driver.
type desktopDriver interface {
	fyne.Driver
	desktop.Driver
	SetSystemTrayMenu(*fyne.Menu)
	SystemTrayMenu() *fyne.Menu
}

// A guard is the driver, and safe to post to at its end.
type guard struct {
	desktopDriver
	ending *ending
}

// DoFromGoroutine is fyne.Do and fyne.DoAndWait. In the moment between its last function and
// its end, Fyne closes the channel that the caller may be posting to. The panic would end the
// program before its tasks unwind; here it means what it means a moment before: fn does not
// run.
func (g guard) DoFromGoroutine(fn func(), wait bool) {
	if g.ending.alone.Load() {
		g.late(fn, wait)
		return
	}
	defer func() {
		if g.ending.alone.Load() { // meanwhile
			_ = recover()
		}
	}()
	g.desktopDriver.DoFromGoroutine(fn, wait)
}

// late is DoFromGoroutine once the loop has been quit, and after it, when Fyne runs fn on the
// caller. But not what the preferences themselves do: a tenth of a second after each save they
// look whether to save again, and they read their file when it has changed. They would do it
// beside us, and cut the file short just when the program exits, which leaves it empty.
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

// functionsOf returns what the names of the methods of v, and of functions in them, begin
// with.
func functionsOf(v any) string {
	t := reflect.TypeOf(v)
	if t == nil || t.Kind() != reflect.Pointer {
		return ""
	}
	return t.Elem().PkgPath() + ".(*" + t.Elem().Name() + ")."
}
