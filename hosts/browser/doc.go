// Package browserhost runs a guest in a web page, on the page's own event loop, in a program
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
// A task can wait for a promise ([Await], [Abortable]), for the events of the DOM ([Event],
// [Events]) and for the next frame ([Frames]). The package needs nothing beyond syscall/js. It
// also works in Node, which has no frames: there a frame is a sixtieth of a second.
//
// # What a page is like
//
// All goroutines share the one thread of the page, and nothing interrupts them. Code that
// computes, in a task or in Background, blocks the page until it waits. So call guest.Yield now
// and then in long work. After each turn of the guest the page gets its own turn, in which it
// draws and handles events. To compute beside the page, use a worker of the browser.
//
// A handler that you make with js.FuncOf runs on its own goroutine, and must not block. Let it
// start tasks with Guest.Go, which works on any goroutine. To the guest such a goroutine is a
// foreign one. So is every goroutine but those of the loop and of its tasks, since Go can't
// tell threads apart here. For the same reason a task can't wait inside an iterator that
// iter.Pull has made. Never call runtime.LockOSThread: all goroutines share one lock count, and
// the next switch to a task ends the program.
//
// The page does not wait for your program when the user leaves. Save what must be saved before
// that. The last event that is sure to come is visibilitychange, an event of the document.
package browserhost
