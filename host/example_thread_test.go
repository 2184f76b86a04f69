//go:build linux || darwin || windows

package host_test

import (
	"context"
	"fmt"
	"runtime"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/host"
	"github.com/golodger/lodger/hosts/headless"
)

// A locked goroutine stays on its thread; another has another.
func ExampleThread() {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	var here, there host.Thread = host.CurrentThread(), 0
	done := make(chan struct{})
	go func() {
		defer close(done)
		runtime.LockOSThread() // the thread ends with the goroutine
		there = host.CurrentThread()
	}()
	<-done
	fmt.Println(here == host.CurrentThread(), here == there)
	// Output: true false
}

// What runs on a UI thread finds the host there, whatever toolkit it is.
func ExampleCurrent() {
	_ = guest.RunTask(headless.New(), func(ctx context.Context) error {
		_, here := host.Current()
		there, err := guest.Background(ctx, func(context.Context) (bool, error) {
			_, there := host.Current()
			return there, nil
		})
		fmt.Println(here, there)
		return err
	}, nil)
	// Output: true false
}
