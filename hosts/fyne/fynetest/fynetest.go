// Package fynetest runs a Fyne app with a real UI thread and queue inside go test, with neither
// a display nor a C compiler.
//
//	func TestSearch(t *testing.T) {
//		fynetest.Run(t, func(ctx context.Context, app fyne.App) {
//			w := app.NewWindow("search")
//			ui := newSearchUI(ctx, w)
//			test.Type(ui.entry, "gopher")
//			test.Tap(ui.button)
//			require.NoError(t, fynehost.Tap(ctx, &ui.done.OnTapped))
//			require.Equal(t, "3 hits", ui.status.Text)
//		}, nil)
//	}
//
// Fyne's own test app has no UI thread: it runs functions on whoever posts them, and its Run
// returns at once. Here windows, widgets and painting are Fyne's test package's, and the loop
// is one of our own: fyne.Do queues, fyne.DoAndWait waits, Run runs until Quit, SetOnStarted
// and SetOnStopped are called. Fyne's helpers (test.Tap, test.Type, …) work, in tasks as in
// handlers.
package fynetest

import (
	"context"
	"runtime"
	"sync"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"github.com/golodger/lodger/guest/guesttest"
	fynehost "github.com/golodger/lodger/hosts/fyne"
)

// one is held by Run: Fyne has one current app in a process.
var one sync.Mutex

// Run runs body as the first task of a guest in a new app, on the test's goroutine. What fails
// the test is what fails it with guesttest.Run: t.FailNow and require in body and in all tasks
// and posted functions, errors and panics that nobody observed, tasks that have not ended after
// 30 s (Options.Limit), named. When body and its tasks have ended, the app quits; body may also
// quit it. Goroutine of t only. Waits. Tests in parallel wait for each other, as Fyne has one
// app in a process.
func Run(t *testing.T, body func(ctx context.Context, app fyne.App), opts *guesttest.Options) {
	t.Helper()
	if d, ok := fyne.CurrentApp().Driver().(*driver); ok && d.onLoop() {
		panic("fynetest: Run called inside Run; use the app that the outer one gives")
	}
	one.Lock()
	defer one.Unlock()
	before := fyne.CurrentApp()
	defer fyne.SetCurrentApp(before)
	runtime.LockOSThread() // before the app is made: its UI thread is this one
	defer runtime.UnlockOSThread()
	a := NewApp()
	defer a.Driver().(*driver).leave()
	h, err := fynehost.New(a)
	if err != nil {
		t.Fatal(err)
	}
	var own guesttest.Options
	if opts != nil {
		own = *opts
	}
	own.Host = loop{h, a}
	guesttest.Run(t, func(ctx context.Context, _ *testing.T) { body(ctx, a) }, &own)
}

// A loop can be ended from anywhere, when a test takes too long.
type loop struct {
	*fynehost.Host
	app fyne.App
}

func (l loop) Quit() { l.app.Driver().Quit() }

// NewApp returns an app without a display, and makes it Fyne's current one. Its UI thread is
// the calling one, which stays locked to the caller's goroutine by the caller; Run is for
// there. [Run] does all that.
func NewApp() fyne.App {
	inner := test.NewApp()
	a := &app{App: inner, metadata: inner.Metadata()}
	// Fyne asks once, and the answer must not depend on who asks first
	a.metadata.Migrations = map[string]bool{"fyneDo": true}
	a.driver = newDriver(inner.Driver())
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
	for _, w := range a.driver.windows() {
		w.Close()
	}
	a.driver.Quit()
}

func (a *app) NewWindow(title string) fyne.Window { return a.driver.CreateWindow(title) }

// ClickClose does what a click on the close button of w does: it calls w's close intercept, or
// else closes w. UI thread only, in a task or not. Never waits. It panics if w is not a window
// of this package's app.
func ClickClose(w fyne.Window) {
	own, ok := w.(*window)
	if !ok {
		panic("fynetest: ClickClose called with a window of another app; make the window with the app that Run gives")
	}
	if own.onCloseIntercepted != nil {
		own.onCloseIntercepted()
		return
	}
	own.Close()
}
