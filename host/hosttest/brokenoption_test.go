package hosttest

import (
	"runtime"
	"sync/atomic"
)

// brokenOptions break an optional interface.
var brokenOptions = map[string]brokenHost{
	"is never on its thread": {
		open:   completed(func(c *complete) { c.on = func() bool { return false } }),
		breaks: "threader-during-the-loop", seen: "OnThread is false in startGuest",
	},
	"is always on its thread": {
		open:   completed(func(c *complete) { c.on = func() bool { return true } }),
		breaks: "threader-during-the-loop", seen: "OnThread is true on another goroutine",
	},
	"forgets its thread at the end": {
		open: completed(func(c *complete) {
			var ended atomic.Bool
			main, on := c.main, c.on
			c.main = func(startGuest func() error) error { defer ended.Store(true); return main(startGuest) }
			c.on = func() bool { return on() && !ended.Load() }
		}),
		breaks: "threader-after-the-end", seen: "OnThread is false on the loop's goroutine",
	},
	"enters later": {
		open:   completed(func(c *complete) { c.enter = c.loop.RunSyncSoonNotThreadsafe }),
		breaks: "enterer-runs-now", seen: "had run its function 0 times",
	},
	"enters elsewhere": {
		open: completed(func(c *complete) {
			c.enter = func(fn func()) {
				over := make(chan struct{})
				go func() { defer close(over); fn() }()
				<-over
			}
		}),
		breaks: "enterer-runs-now", seen: "on another goroutine",
	},
	"locks its thread in Enter": {
		open: completed(func(c *complete) {
			c.enter = func(fn func()) { runtime.LockOSThread(); defer runtime.UnlockOSThread(); fn() }
		}),
		breaks: "enterer-resumes-coroutines", seen: "fatal error: coro: OS thread locking must match",
	},
	"enters nothing after the end": {
		open: completed(func(c *complete) {
			var ended bool
			main, enter := c.main, c.enter
			c.main = func(startGuest func() error) error {
				defer func() { ended = true }()
				return main(startGuest)
			}
			c.enter = func(fn func()) {
				if !ended {
					enter(fn)
				}
			}
		}),
		breaks: "enterer-after-the-end", seen: "after Mainloop has returned, had run its function 0 times",
	},
	"native is inline": {
		open:   completed(func(c *complete) { c.native = func(fn func()) { fn() } }),
		breaks: "native-never-inline", seen: "inside the call",
	},
	"native loses": {
		open:   completed(func(c *complete) { c.native = func(func()) {} }),
		breaks: "native-runs-soon", seen: "50 of 50 native functions did not run",
	},
}
