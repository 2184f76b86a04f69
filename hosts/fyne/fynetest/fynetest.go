package fynetest

import (
	"context"
	"runtime"
	"sync"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/guesttest"
	"github.com/golodger/lodger/host"
	fynehost "github.com/golodger/lodger/hosts/fyne"
)

// Run holds one, since Fyne has only one current app in a process.
var one sync.Mutex

// Run runs body as the first task of a guest in a new app, on the test's goroutine. Time is
// virtual unless Options.RealTime is set. When body and its tasks have ended, the app quits.
// body may also quit it. As in main of fynehost.Run, failures of tasks stay apart: a task that
// fails, or ends with its window, cancels no other task. Goroutine of t only. Waits. Parallel
// tests wait for each other, since Fyne has one app in a process.
//
// The test fails as with guesttest.Run: for t.FailNow and require in body, in tasks and in
// posted functions, for unobserved errors and panics, and for tasks that have not ended after a
// day of virtual time or 30 s of real time (Options.Limit). Then Run also prints what all
// windows show. In a function of fyne.Do or guest.Modal use assert: t.FailNow there ends the
// loop's goroutine, and with it the test binary. Options.Host is ignored.
//
// body uses Run's own t. Its cleanups run, and its context ends, outside the bubble. So don't
// use channels of body there.
func Run(t *testing.T, body func(ctx context.Context, app fyne.App), opts *guesttest.Options) {
	t.Helper()
	if d, ok := fyne.CurrentApp().Driver().(*driver); ok && d.onLoop() {
		panic("fynetest: Run called inside Run; use the app that the outer one gives")
	}
	one.Lock()
	defer one.Unlock()
	before := fyne.CurrentApp()
	defer fyne.SetCurrentApp(before)
	var own guesttest.Options
	if opts != nil {
		own = *opts
	}
	own.Guest = supervised(own.Guest)
	var a *app
	defer func() { a.printScreen(t) }()
	own.Host = func(run func(host.Mainloop)) {
		runtime.LockOSThread() // before the app is made: its UI thread is this one
		defer runtime.UnlockOSThread()
		a = newApp(!own.RealTime)
		defer a.driver.leave()
		h, err := fynehost.New(a)
		if err != nil {
			t.Fatal(err)
		}
		run(loop{h, a})
	}
	guesttest.Run(t, func(ctx context.Context, _ *testing.T) { body(ctx, a) }, &own)
}

// supervised returns opts for a body whose tasks fail apart.
func supervised(opts *guest.Options) *guest.Options {
	var own guest.Options
	if opts != nil {
		own = *opts
	}
	own.Supervise = true
	return &own
}

// printScreen prints what the windows showed at the end of a failed test, unless a User has
// printed it.
func (a *app) printScreen(t *testing.T) {
	if a != nil && t.Failed() && !a.driver.printed {
		t.Logf("fynetest: at the end there were\n%s", a.driver.screen)
	}
}

// A loop can be ended from any goroutine when a test takes too long.
type loop struct {
	*fynehost.Host
	app *app
}

func (l loop) Quit() { l.app.Driver().Quit() }

// guesttest calls Settle while tasks are shuffled.
func (l loop) Settle() { l.app.driver.rest.settle() }

// NewApp returns an app without a display, and makes it Fyne's current app. [Run] does that for
// you. The calling thread becomes the UI thread. Lock the goroutine to it, and call the app's
// Run there. Never waits.
//
// Time is the caller's time, so it is virtual in a bubble of your own. But a [User] of such an
// app does not know of the bubble, and looks at the screen as in real time.
func NewApp() fyne.App { return newApp(false) }

// newApp is NewApp. inBubble says that the caller is in a bubble.
func newApp(inBubble bool) *app {
	inner := test.NewApp()
	a := &app{App: inner, metadata: inner.Metadata()}
	// Fyne asks only once, and the answer must not depend on which code asks first
	a.metadata.Migrations = map[string]bool{"fyneDo": true}
	a.driver = newDriver(inner.Driver(), inBubble)
	fyne.SetCurrentApp(a)
	return a
}

// An app is Fyne's test app with a loop.
type app struct {
	fyne.App
	driver   *driver
	metadata fyne.AppMetadata
}

func (a *app) Driver() fyne.Driver { return a.driver }

func (a *app) Metadata() fyne.AppMetadata { return a.metadata }

func (a *app) Run() { a.driver.Run() }

// Quit closes the windows and ends the loop, in the same order as Fyne.
func (a *app) Quit() {
	a.driver.keepScreen()
	for _, w := range a.driver.AllWindows() {
		w.Close()
	}
	a.driver.Quit()
}

func (a *app) NewWindow(title string) fyne.Window { return a.driver.CreateWindow(title) }
