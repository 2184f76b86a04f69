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

// one is held by Run: Fyne has one current app in a process.
var one sync.Mutex

// Run runs body as the first task of a guest in a new app, on the test's goroutine and in virtual
// time, unless Options.RealTime is set. What fails the test is what fails it with guesttest.Run:
// t.FailNow and require in body and in all tasks and posted functions, unobserved errors
// and panics, tasks that have not ended after a day of virtual time, or 30 s of real time
// (Options.Limit), named. Then it also prints what all windows show. When body and its tasks have
// ended, the app quits; body may also quit it. As in main of fynehost.Run, failures of tasks stay
// apart: one that fails, or ends with its window, cancels no other. Options.Host is ignored.
// Goroutine of t only. Waits. Tests in parallel wait for each other, as Fyne has one app in a
// process.
//
// body uses Run's own t. Its Cleanup runs, and its Context ends, outside of the bubble: no
// channel of body's may be touched there.
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

// printScreen prints what the windows showed at the end of a test that has failed, unless a User
// has done so.
func (a *app) printScreen(t *testing.T) {
	if a != nil && t.Failed() && !a.driver.printed {
		t.Logf("fynetest: at the end there were\n%s", a.driver.screen)
	}
}

// A loop can be ended from anywhere, when a test takes too long.
type loop struct {
	*fynehost.Host
	app *app
}

func (l loop) Quit() { l.app.Driver().Quit() }

// Settle is what guesttest calls while tasks are shuffled.
func (l loop) Settle() { l.app.driver.rest.settle() }

// NewApp returns an app without a display, and makes it Fyne's current one. Its UI thread is
// the calling one, which stays locked to the caller's goroutine by the caller; Run is for
// there. [Run] does all that.
//
// Time is that of the caller: virtual in a bubble of the caller's, too. A [User] of such an app
// does not know of the bubble, and looks as in real time.
func NewApp() fyne.App { return newApp(false) }

// newApp is NewApp. inBubble says that it is called in one.
func newApp(inBubble bool) *app {
	inner := test.NewApp()
	a := &app{App: inner, metadata: inner.Metadata()}
	// Fyne asks once, and the answer must not depend on who asks first
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

// Quit closes the windows and ends the loop, in Fyne's order.
func (a *app) Quit() {
	a.driver.keepScreen()
	for _, w := range a.driver.AllWindows() {
		w.Close()
	}
	a.driver.Quit()
}

func (a *app) NewWindow(title string) fyne.Window { return a.driver.CreateWindow(title) }
