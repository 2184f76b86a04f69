//go:build js

package browserhost

import (
	"context"
	"syscall/js"

	"github.com/golodger/lodger/guest"
)

// An Error is the reason why a promise was rejected.
type Error struct {
	Reason js.Value // usually a JavaScript Error, but it may be any value
}

// Error returns the text that the browser's console would show.
func (e *Error) Error() string {
	return "browserhost: the promise was rejected: " + js.Global().Get("String").Invoke(e.Reason).String()
}

// Await waits for promise, as JavaScript's await does. It returns the promise's value, or an
// [*Error] with the reason of its rejection. A value that is not a promise is returned
// unchanged. If ctx is done first, the error is that of ctx; the promise goes on, and its result
// is dropped. In a task, where other tasks go on, or on a goroutine. Waits.
func Await(ctx context.Context, promise js.Value) (js.Value, error) {
	ended := guest.NewFuture[settled]() // it never fails, so a dropped result is not reported
	var fulfilled, rejected js.Func
	settle := func(s settled) {
		fulfilled.Release()
		rejected.Release()
		ended.Resolve(s)
	}
	fulfilled = js.FuncOf(func(_ js.Value, args []js.Value) any { settle(settled{value: args[0]}); return nil })
	rejected = js.FuncOf(func(_ js.Value, args []js.Value) any { settle(settled{err: &Error{args[0]}}); return nil })
	js.Global().Get("Promise").Call("resolve", promise).Call("then", fulfilled, rejected)
	s, err := ended.Wait(ctx)
	if err != nil {
		return js.Undefined(), err
	}
	return s.value, s.err
}

// settled is the result of a promise.
type settled struct {
	value js.Value
	err   error
}

// Abortable is [Await] for a promise that can be aborted. It calls start at once, on the
// caller, unless ctx is done already. start gets an AbortSignal, for fetch and similar
// functions, and returns the promise. If ctx is done first, the signal aborts what start has
// begun. In a task or on a goroutine. Waits.
func Abortable(ctx context.Context, start func(signal js.Value) (promise js.Value)) (js.Value, error) {
	if start == nil {
		panic("browserhost: Abortable called with a nil function; pass the function that makes the promise")
	}
	if err := ctx.Err(); err != nil {
		return js.Undefined(), context.Cause(ctx)
	}
	controller := js.Global().Get("AbortController").New()
	v, err := Await(ctx, start(controller.Get("signal")))
	if err != nil && ctx.Err() != nil {
		controller.Call("abort")
	}
	return v, err
}
