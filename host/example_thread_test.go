//go:build linux || darwin || windows

package host_test

import (
	"fmt"
	"runtime"

	"github.com/golodger/lodger/host"
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
