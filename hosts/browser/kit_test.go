//go:build js

package browserhost

import (
	"syscall/js"
	"testing"

	"github.com/golodger/lodger/host/hosttest"
)

func TestMain(m *testing.M) {
	hosttest.Main(m, func() (*Loop, error) { return New(), nil }, &hosttest.Options[*Loop]{
		Quit: (*Loop).Quit,
		Event: func(_ *Loop, fn func()) {
			var call js.Func
			call = js.FuncOf(func(js.Value, []js.Value) any { call.Release(); fn(); return nil })
			js.Global().Call("setTimeout", call, 0)
		},
	})
}

// The kit's cases are run from outside, by make web.
func TestHost(t *testing.T) { hosttest.Run(t) }
