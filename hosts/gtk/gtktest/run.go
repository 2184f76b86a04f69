//go:build cgo

package gtktest

import (
	"context"
	"os"
	"runtime"
	"testing"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/hosts/gtk/gtkui"
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

// Run runs body as the main task of [gtkui.Run], and returns when body and its tasks have ended.
// Unobserved errors and panics fail the test, unless opts has an OnError. t.FailNow and require
// work in body. All windows are destroyed at the end. Without a display Run skips the test, or
// fails it if the environment variable CI is "true". A test's goroutine only. Waits. Parallel
// tests wait for each other.
func Run(t *testing.T, body func(ctx context.Context), opts *guest.Options) {
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
	var own guest.Options
	if opts != nil {
		own = *opts
	}
	if own.OnError == nil {
		own.OnError = func(err error) { t.Errorf("gtktest: unobserved error: %v", err) }
	}
	err, done := error(nil), make(chan struct{})
	ui <- func() {
		defer close(done)
		err = gtkui.Run(func(ctx context.Context) error {
			defer destroyAll()
			body(ctx)
			return nil
		}, &own)
	}
	<-done
	switch {
	case t.Skipped():
		t.SkipNow()
	case t.Failed(): // also by FailNow in a task
		t.FailNow()
	case err != nil:
		t.Fatalf("gtktest: %v", err)
	}
}
