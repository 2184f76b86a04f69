package hosttest

import (
	"runtime"
	"sync/atomic"

	"github.com/golodger/lodger/host"
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
	"is never in its loop": {
		open:   completed(func(c *complete) { c.in = func() bool { return false } }),
		breaks: "looper-during-the-loop", seen: "InLoop is false in a posted function",
	},
	"is always in its loop": {
		open:   completed(func(c *complete) { c.in = func() bool { return true } }),
		breaks: "looper-during-the-loop", seen: "InLoop is true before the loop",
	},
	"is in its loop in posted functions only": {
		open: completed(func(c *complete) {
			inside := false
			counted := func(post func(func())) func(func()) {
				return func(fn func()) {
					post(func() { inside = true; defer func() { inside = false }(); fn() })
				}
			}
			c.post, c.here = counted(c.post), counted(c.here)
			c.in = func() bool { return inside }
		}),
		breaks: "looper-during-the-loop", seen: "InLoop is false in a handler of the toolkit",
		opts: wrappedOptions,
	},
	"is in its loop for ever": {
		open: completed(func(c *complete) {
			began := false
			main := c.main
			c.main = func(startGuest func() error) error { began = true; return main(startGuest) }
			c.in = func() bool { return began }
		}),
		breaks: "looper-after-the-end", seen: "InLoop is true after Mainloop has returned",
	},
	"leaves its loop in DoneCallback only": {
		open: completed(func(c *complete) {
			inside := false
			main, done := c.main, c.done
			c.main = func(startGuest func() error) error { inside = true; return main(startGuest) }
			c.done = func(o host.Outcome) { done(o); inside = false }
			c.in = func() bool { return inside }
		}),
		breaks: "looper-after-the-end", seen: "InLoop is true after Mainloop has returned",
		opts: wrappedOptions,
	},
}
