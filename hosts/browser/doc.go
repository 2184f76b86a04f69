// Package browserhost is a guest in a web page: the page's own event loop, in a program that is
// built for js/wasm.
//
//	err := browserhost.Run(func(ctx context.Context) error {
//		for range browserhost.Events(ctx, button, "click") {
//			response, err := browserhost.Abortable(ctx, func(signal js.Value) js.Value {
//				return js.Global().Call("fetch", "hits.json", map[string]any{"signal": signal})
//			})
//			…
//		}
//		return ctx.Err()
//	}, nil)
//
// A promise is a wait ([Await], [Abortable]), and so are the events of the DOM ([Event],
// [Events]) and the next frame ([Frames]). It needs nothing beyond syscall/js. It works in Node
// as well, which has no frames: there one is a sixtieth of a second.
//
// # What a page is like
//
// All goroutines share the one thread of the page, and none is interrupted: what computes, in a
// task or in Background, holds the page until it waits. So long work calls guest.Yield now and
// then; after each turn of the guest the page gets its own, draws, and hears the user. A worker
// of the browser's is the way to compute beside the page.
//
// A handler of the program's, made with js.FuncOf, is called on a goroutine of its own, and must
// not block: let it start tasks by Guest.Go, which any goroutine may. To the guest such a
// goroutine is a foreign one, as is any but the one that runs the loop, since threads have no
// names here. For the same reason a task can't wait inside an iterator that iter.Pull has made.
// Never call runtime.LockOSThread: all goroutines share one lock count, and the next switch to a
// task ends the program.
//
// The page does not wait for a program when the user leaves. What must be saved is saved before:
// an event of the document, visibilitychange, is the last that is sure to come.
package browserhost
