package hosttest

import (
	"runtime"
	"sync/atomic"
)

// brokenOptions break an optional interface.
var brokenOptions = map[string]brokenHost{
	"is never on its thread": {
		completed(func(c *complete) { c.on = func() bool { return false } }),
		"threader-during-the-loop", "OnThread is false in startGuest",
	},
	"is always on its thread": {
		completed(func(c *complete) { c.on = func() bool { return true } }),
		"threader-during-the-loop", "OnThread is true on another goroutine",
	},
	"forgets its thread at the end": {
		completed(func(c *complete) {
			var ended atomic.Bool
			main, on := c.main, c.on
			c.main = func(startGuest func() error) error { defer ended.Store(true); return main(startGuest) }
			c.on = func() bool { return on() && !ended.Load() }
		}),
		"threader-after-the-end", "OnThread is false on the loop's goroutine",
	},
	"enters later": {
		completed(func(c *complete) { c.enter = c.loop.RunSyncSoonNotThreadsafe }),
		"enterer-runs-now", "had run its function 0 times",
	},
	"enters elsewhere": {
		completed(func(c *complete) {
			c.enter = func(fn func()) {
				over := make(chan struct{})
				go func() { defer close(over); fn() }()
				<-over
			}
		}),
		"enterer-runs-now", "on another goroutine",
	},
	"locks its thread in Enter": {
		completed(func(c *complete) {
			c.enter = func(fn func()) { runtime.LockOSThread(); defer runtime.UnlockOSThread(); fn() }
		}),
		"enterer-resumes-coroutines", "fatal error: coro: OS thread locking must match",
	},
	"enters nothing after the end": {
		completed(func(c *complete) {
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
		"enterer-after-the-end", "after Mainloop has returned, had run its function 0 times",
	},
	"native is inline": {
		completed(func(c *complete) { c.native = func(fn func()) { fn() } }),
		"native-never-inline", "inside the call",
	},
	"native loses": {
		completed(func(c *complete) { c.native = func(func()) {} }),
		"native-runs-soon", "50 of 50 native functions did not run",
	},
}
