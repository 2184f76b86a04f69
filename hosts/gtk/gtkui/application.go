//go:build cgo

package gtkui

import (
	"context"
	"errors"
	"fmt"
	"runtime"

	"github.com/gotk3/gotk3/gtk"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/host"
	gtkhost "github.com/golodger/lodger/hosts/gtk"
	"github.com/golodger/lodger/hosts/internal/apart"
)

var errRanBefore = errors.New("gtkui: RunApplication called again for an application that has quit; make a new one, since GTK runs an application once")

// ran has the applications that have been run; a program has few. UI thread only.
var ran = make(map[*gtk.Application]bool)

// RunApplication is [Run] in app's own loop. main begins when app is activated for the first
// time or asked to open files. From then on app is held while the guest lives, and quits when
// the guest has ended. If app quits first, all tasks are cancelled with the cause
// guest.ErrHostGone and unwind. main runs in a supervised scope, as in Run. args is the command
// line, or nil.
//
// RunApplication returns main's error, or an error with app's exit code. main never begins if
// app is not the first instance (then that instance is activated instead), if it gets an unknown
// option, or if it is a service that was not needed.
//
// An application runs only once; a second call returns an error. RunApplication locks the
// goroutine to its thread, which belongs to GTK from then on. So call it in main. Waits.
func RunApplication(app *gtk.Application, args []string, main func(ctx context.Context) error, opts *guest.Options) error {
	if app == nil {
		panic("gtkui: RunApplication called with a nil application; make one with gtk.ApplicationNew")
	}
	// in a handler of another guest's loop the goroutine is locked already
	if _, lodged := host.Current(); !lodged {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
	}
	if gtk.InitCheck(nil) != nil {
		return errNoDisplay
	}
	if ran[app] {
		return errRanBefore
	}
	r := &applicationRun{app: app, args: args, wake: func() {}}
	h, err := newHost(r.run, app.Quit)
	if err != nil {
		return err
	}
	if err := guest.RunTask(h, r.whenCalled(main), apart.Options(opts)); err != nil || r.code == 0 {
		return err
	}
	return fmt.Errorf("gtkui: the application ended with exit code %d", r.code)
}

// An applicationRun is one run of an application's own loop. UI thread only.
type applicationRun struct {
	app    *gtk.Application
	args   []string
	called bool   // it was activated, or asked to open files
	wake   func() // tells main of that
	code   int    // its exit code
}

// run is the loop. From the first call of the application on, it is held until it quits.
func (r *applicationRun) run() {
	ran[r.app] = true
	call := func() {
		if !r.called {
			r.called = true
			r.app.Hold()
			r.wake()
		}
	}
	defer gtkhost.Connect(r.app, "activate", call)()
	defer gtkhost.Connect(r.app, "open", call)()
	r.code = r.app.Run(r.args)
}

// whenCalled returns main, which begins when the application is called. If that never happens,
// it never begins.
func (r *applicationRun) whenCalled(main func(ctx context.Context) error) func(ctx context.Context) error {
	if main == nil {
		return nil
	}
	return func(ctx context.Context) error {
		if !r.called {
			until, cancel := context.WithCancel(ctx)
			defer cancel()
			r.wake = cancel
			_ = guest.Park(until)
		}
		if !r.called {
			return nil // it was never called
		}
		return main(ctx)
	}
}

// Hold keeps app alive while g lives, even without a window. Use it if your program calls
// app.Run itself. UI thread only. Never waits.
func Hold(g *guest.Guest, app *gtk.Application) {
	if g == nil || app == nil {
		panic("gtkui: Hold called with a nil guest or application; pass both")
	}
	app.Hold()
	whenDone(g, app.Release)
}
