//go:build js

package page

import "syscall/js"

// asked are the functions that the page is to call, one with each call of next. All goroutines
// share one thread, and none is interrupted: so there is no lock.
var asked []func()

var next = js.FuncOf(func(js.Value, []js.Value) any {
	fn := asked[0]
	asked[0] = nil
	asked = asked[1:]
	fn()
	return nil
})

// call asks the page to call next soon, after what is due by then, and without the delay of a
// timer. A browser has the messages of a MessageChannel for that. Node has setImmediate: its
// messages would overtake all timers, a thousand at a time, and keep it from ending.
var call = func() func() {
	if immediate := js.Global().Get("setImmediate"); immediate.Type() == js.TypeFunction {
		return func() { immediate.Invoke(next) }
	}
	channel := js.Global().Get("MessageChannel").New()
	channel.Get("port2").Set("onmessage", next)
	port := channel.Get("port1")
	return func() { port.Call("postMessage", nil) }
}()

// Soon has the page call fn, as a task of its own: what is due by then comes first, and the page
// is drawn. fn is called on a goroutine of the page's, and must not wait. Any goroutine. Never
// waits.
func Soon(fn func()) {
	asked = append(asked, fn)
	call()
}
