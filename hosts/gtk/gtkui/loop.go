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

// errNoDisplay is for the case in which gtk.Init would end the process.
var errNoDisplay = errors.New("gtkui: no display; set DISPLAY or WAYLAND_DISPLAY, or run under xvfb-run")

// New returns a host whose Mainloop runs gtk.Main. It initializes GTK, and returns an error if
// there is no display. UI thread only, with the goroutine locked to it. Never waits.
//
// If your program calls gtk.Main itself, gtkhost.New works as well.
func New() (*gtkhost.Host, error) {
	if gtk.InitCheck(nil) != nil {
		return nil, errNoDisplay
	}
	return newHost(gtk.Main, gtk.MainQuit)
}

// again is the time between two attempts to quit a loop that goes on.
const again = 50 // ms

// newHost makes a host that tells its loop to quit until the loop does. gtk.MainQuit quits only
// the innermost gtk.Main, which may be nested in the host's loop.
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
		if timer == 0 {
			timer = glib.TimeoutAdd(again, func() bool { quit(); return true })
		}
	})
}

// Run runs gtk.Main with a guest whose first task is main, and returns main's error when both
// have ended. When main and its tasks have ended, the loop quits. If gtk.MainQuit is called
// first, all tasks are cancelled with the cause guest.ErrHostGone, and have unwound before Run
// returns. A nil main means: run until gtk.MainQuit, or until the guest is cancelled. Without a
// display Run returns an error at once.
//
// main runs in a supervised scope. If a task fails, for example one that a handler starts with
// main's ctx, it cancels no other task. Its error goes to Options.OnError, or to the log.
//
// Run locks the goroutine to its thread, which belongs to GTK from then on. So call it in main.
// Waits.
func Run(main func(ctx context.Context) error, opts *guest.Options) error {
	// in a handler of another guest's loop the goroutine is locked already
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
