//go:build js

package browserhost

import "syscall/js"

// turns are what the page is asked for: to call a function soon, after what is due by then, and
// without the delay of a timer. A browser has the messages of a MessageChannel for that. Node has
// setImmediate; its messages would overtake all timers, a thousand at a time.
type turns struct {
	call js.Func // by the page, on a goroutine of its own, which must not wait
	ask  func()

	here, there js.Value // the ends of the channel
}

func newTurns(fn func()) *turns {
	t := &turns{call: js.FuncOf(func(js.Value, []js.Value) any { fn(); return nil })}
	if immediate := js.Global().Get("setImmediate"); immediate.Type() == js.TypeFunction {
		t.ask = func() { immediate.Invoke(t.call) }
		return t
	}
	channel := js.Global().Get("MessageChannel").New()
	t.here, t.there = channel.Get("port1"), channel.Get("port2")
	t.there.Set("onmessage", t.call)
	t.ask = func() { t.here.Call("postMessage", nil) }
	return t
}

// close ends it. A call that is outstanding does no harm: syscall/js logs one of a function that
// was released, so the function is kept where a call can't be taken back.
func (t *turns) close() {
	if t.here.IsUndefined() {
		return
	}
	t.there.Set("onmessage", nil)
	t.here.Call("close")
	t.there.Call("close")
	t.call.Release()
}
