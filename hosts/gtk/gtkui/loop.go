//go:build cgo

package gtkui

import (
	"context"
	"errors"
	"runtime"

	"github.com/gotk3/gotk3/glib"
	"github.com/gotk3/gotk3/gtk"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/host"
	gtkhost "github.com/golodger/lodger/hosts/gtk"
	"github.com/golodger/lodger/hosts/internal/apart"
)

// errNoDisplay is what gtk.Init ends the process for.
var errNoDisplay = errors.New("gtkui: no display; set DISPLAY or WAYLAND_DISPLAY, or run under xvfb-run")

// New returns a host whose Mainloop runs gtk.Main. It initialises GTK, with an error where
// there is no display. UI thread only, locked. Never waits.
//
// For a program that calls gtk.Main itself it is as good as gtkhost.New.
func New() (*gtkhost.Host, error) {
	if gtk.InitCheck(nil) != nil {
		return nil, errNoDisplay
	}
	return newHost(gtk.Main, gtk.MainQuit)
}

// again is how often a loop is told to quit that goes on.
const again = 50 // ms

// newHost makes a host whose loop is told to quit until it does: gtk.MainQuit quits the
// innermost gtk.Main, which may be nested in ours.
func newHost(run, quit func()) (*gtkhost.Host, error) {
	var timer glib.SourceHandle
	return gtkhost.NewLoop(func() {
		defer func() {
			if timer != 0 {
				glib.SourceRemove(timer)
			}
		}()
		run()
	}, func() {
		quit()
		timer = glib.TimeoutAdd(again, func() bool { quit(); return true })
	})
}

// Run runs gtk.Main with a guest whose first task is main, and returns main's error when both
// have ended. When main and its tasks have ended, the loop quits; when gtk.MainQuit is called
// first, all tasks are cancelled with the cause guest.ErrHostGone and unwound before Run
// returns. A nil main means: until gtk.MainQuit, or until the guest is cancelled. Without a
// display it returns an error at once.
//
// main runs in a supervised scope: a task that fails, started by a handler with main's ctx for
// example, cancels no other, and its error goes to Options.OnError, or to the log.
//
// It locks the goroutine to its thread, which is GTK's from then on: call it in main. Waits.
func Run(main func(ctx context.Context) error, opts *guest.Options) error {
	// in a handler of another guest's loop the goroutine is locked
	if _, lodged := host.Current(); !lodged {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
	}
	h, err := New()
	if err != nil {
		return err
	}
	return guest.RunTask(h, main, apart.Options(opts))
}
