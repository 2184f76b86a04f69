//go:build cgo

package gtktest

import (
	"context"
	"os"
	"runtime"
	"testing"
	"time"

	"github.com/golodger/lodger/guest/guesttest"
	"github.com/golodger/lodger/host"
	gtkhost "github.com/golodger/lodger/hosts/gtk"
	"github.com/golodger/lodger/hosts/gtk/gtkui"
	"github.com/golodger/lodger/hosts/internal/apart"
)

// ui passes functions to the main goroutine. It is nil if Main was not called.
var ui chan func()

// Main runs the tests of m on a new goroutine, and serves [Run] on the calling one. It returns
// the exit code. Call it in TestMain. Main goroutine only. Waits.
func Main(m *testing.M) int {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	ui = make(chan func())
	code := make(chan int, 1)
	go func() { code <- m.Run() }()
	for {
		select {
		case fn := <-ui:
			fn()
		case c := <-code:
			return c
		}
	}
}

// Run runs body as the main task in GTK's main loop, and returns when body and its tasks have
// ended. As in main of [gtkui.Run], failures of tasks stay apart. All windows are destroyed when
// body has returned. Without a display Run skips the test, or fails it if the environment
// variable CI is "true". Goroutine of t only. Waits. Parallel tests wait for each other.
//
// The test fails as with guesttest.Run: for t.FailNow and require in body, in tasks and in
// posted functions, for unobserved errors and panics, and for tasks that have not ended after a
// minute (Options.Limit). Time is always real. Options.Host is ignored.
func Run(t *testing.T, body func(ctx context.Context), opts *guesttest.Options) {
	t.Helper()
	switch {
	case ui == nil:
		panic("gtktest: Run called without Main; call gtktest.Main(m) in TestMain")
	case os.Getenv("DISPLAY") != "" || os.Getenv("WAYLAND_DISPLAY") != "":
	case os.Getenv("CI") == "true":
		t.Fatal("gtktest: no display, and this is CI; run the tests under xvfb-run -a")
	default:
		t.Skip("gtktest: no display; run the tests under xvfb-run -a")
	}
	var own guesttest.Options
	if opts != nil {
		own = *opts
	}
	own.RealTime, own.Guest = true, apart.Options(own.Guest)
	if own.Limit <= 0 {
		own.Limit = time.Minute // windows are slow on a busy machine
	}
	own.Host = func(run func(host.Mainloop)) {
		done := make(chan struct{})
		ui <- func() {
			defer close(done)
			h, err := gtkui.New()
			if err != nil {
				t.Errorf("gtktest: %v", err)
				return
			}
			run(loop{h})
		}
		<-done
	}
	guesttest.Run(t, func(ctx context.Context, _ *testing.T) {
		defer destroyAll()
		body(ctx)
	}, &own)
}

// A loop can be ended from any goroutine when a test takes too long.
type loop struct{ *gtkhost.Host }

func (l loop) Quit() { l.RunSyncSoonThreadsafe(l.Host.Quit) }
