// A GTK 4 program without a binding: the window is plain C, and tasks work in it. Watch for:
// Start counts primes on another core while the bar moves; Stop keeps what was counted; the
// window closes when everything has unwound.
//
//	go run ./demo
package main

// #cgo pkg-config: gtk4
// #include "window.h"
import "C"

import (
	"context"
	"errors"
	"fmt"
	"math/big"
	"os"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/flow"
	glibhost "github.com/golodger/lodger/hosts/glib"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "primes:", err)
		os.Exit(1)
	}
}

// clicks are the handlers of the window's buttons. UI thread only.
var clicks map[int]func()

// C calls demoClicked in the loop. A handler starts tasks, and never waits.
//
//export demoClicked
func demoClicked(what C.int) {
	if do := clicks[int(what)]; do != nil {
		do()
	}
}

// run shows the window, and returns when it was closed and everything has ended.
func run(user ...func(ctx context.Context) error) error {
	return guest.RunTask(glibhost.New(), func(ctx context.Context) error {
		if C.demo_open() == 0 {
			return errors.New("GTK has no display")
		}
		defer C.demo_close()
		g, _ := guest.FromContext(ctx)
		counting := flow.NewAction(ctx, count, flow.Drop)
		clicks = map[int]func(){
			C.DEMO_START: func() { counting.Call(400_000) },
			C.DEMO_STOP:  func() { counting.Cancel(errStopped) },
			C.DEMO_CLOSE: func() { g.Cancel(guest.ErrQuit) },
		}
		for _, user := range user {
			guest.Go(ctx, user)
		}
		return guest.Park(ctx)
	}, &guest.Options{Supervise: true})
}

var errStopped = errors.New("stopped")

// count counts the primes below n off the UI thread.
func count(ctx context.Context, n int) error {
	primes := 0
	show("Counting…", 0, true)
	_, err := guest.Background(ctx, func(ctx context.Context) (int, error) {
		bar := flow.NewProgress(ctx, func(at [2]int) {
			primes = at[1]
			show(fmt.Sprintf("%d primes below %d", at[1], at[0]), float64(at[0])/float64(n), true)
		})
		found := 0
		for i := 0; i <= n; i++ {
			if big.NewInt(int64(i)).ProbablyPrime(0) {
				found++
			}
			if i%1000 == 0 {
				bar.Report([2]int{i, found})
				if ctx.Err() != nil {
					return found, ctx.Err()
				}
			}
		}
		return found, nil
	})
	switch {
	case errors.Is(err, errStopped):
		show(fmt.Sprintf("Stopped after %d primes.", primes), 0, false)
	case err == nil:
		show(fmt.Sprintf("%d primes below %d.", primes, n), 1, false)
	}
	return err
}

// show calls widgets, on the UI thread and so without a lock.
func show(text string, fraction float64, running bool) {
	c := C.CString(text)
	defer C.demo_free(c)
	on := C.gboolean(0)
	if running {
		on = 1
	}
	C.demo_show(c, C.double(fraction), on)
}

// click, text and shot are for the user in the test, since test files can't contain C.
func click(what int) { C.demo_click(C.int(what)) }

func text() string {
	c := C.demo_text()
	defer C.demo_free(c)
	return C.GoString(c)
}

func shot(file string) bool {
	c := C.CString(file)
	defer C.demo_free(c)
	return C.demo_shot(c) != 0
}

const (
	buttonStart = C.DEMO_START
	buttonStop  = C.DEMO_STOP
	buttonClose = C.DEMO_CLOSE
)
