//go:build !js

package headless

import "runtime"

// giveWay is for where all goroutines share one thread: see turn_js.go.
func (l *Loop) giveWay() {
	if runtime.GOARCH == "wasm" {
		runtime.Gosched()
	}
}
