//go:build js

package page

import "syscall/js"

// asked has the functions that the page is to call, one with each call of next. All goroutines
// share one thread, and nothing interrupts them, so there is no lock.
var asked []func()

var next = js.FuncOf(func(js.Value, []js.Value) any {
	fn := asked[0]
	asked[0] = nil
	asked = asked[1:]
	fn()
	return nil
})

// call asks the page to call next soon: after everything that is already due, but without the
// delay of a timer. In a browser it uses the messages of a MessageChannel. In Node it uses
// setImmediate, since Node's messages would overtake all timers, a thousand at a time, and keep
// Node from ending.
var call = func() func() {
	if immediate := js.Global().Get("setImmediate"); immediate.Type() == js.TypeFunction {
		return func() { immediate.Invoke(next) }
	}
	channel := js.Global().Get("MessageChannel").New()
	channel.Get("port2").Set("onmessage", next)
	port := channel.Get("port1")
	return func() { port.Call("postMessage", nil) }
}()

// Soon makes the page call fn as a separate task: everything that is already due comes first,
// and the page is drawn. The page calls fn on its own goroutine. fn must not wait. Any
// goroutine. Never waits.
func Soon(fn func()) {
	asked = append(asked, fn)
	call()
}
