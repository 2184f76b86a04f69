package hosttest

import (
	"runtime"
	"slices"
	"sync/atomic"
)

// brokenPosters break how functions are posted and run.
var brokenPosters = map[string]brokenHost{
	"inline": {
		open:   posting(func(*wrapped, func(func())) func(func()) { return func(fn func()) { fn() } }),
		breaks: "rule1-never-inline", seen: "ran on that goroutine, inside the call",
	},
	"inline on its thread": {
		open: wrap(func(w *wrapped) {
			post := w.post
			w.post = func(fn func()) {
				if w.loop.OnThread() {
					fn()
					return
				}
				post(fn)
			}
		}),
		breaks: "rule1-never-inline-on-thread", seen: "RunSyncSoonThreadsafe, called on the host's thread",
	},
	"inline by the other method": {
		open:   wrap(func(w *wrapped) { w.here = func(fn func()) { fn() } }),
		breaks: "rule1-never-inline-on-thread", seen: "RunSyncSoonNotThreadsafe, called on the host's thread",
	},
	"panics": {
		open: posting(func(_ *wrapped, post func(func())) func(func()) {
			var calls atomic.Int64
			return func(fn func()) {
				if calls.Add(1)%7 == 0 {
					panic("the seventh")
				}
				post(fn)
			}
		}),
		breaks: "posting-never-panics", seen: "the seventh",
	},
	"blocks while busy": {
		open: posting(func(_ *wrapped, post func(func())) func(func()) {
			room := make(chan struct{}, 1000) // a buffered channel as the queue
			return func(fn func()) {
				room <- struct{}{}
				post(func() { <-room; fn() })
			}
		}),
		breaks: "posting-never-blocks", seen: "RunSyncSoonThreadsafe from another goroutine did not return",
	},
	"waits for the function": {
		open: posting(func(_ *wrapped, post func(func())) func(func()) {
			return func(fn func()) {
				ran := make(chan struct{})
				post(func() { fn(); close(ran) })
				<-ran
			}
		}),
		breaks: "posting-never-blocks", seen: "call 1 of RunSyncSoonThreadsafe",
	},
	"blocks on its own thread": {
		open: wrap(func(w *wrapped) {
			room, here := make(chan struct{}, 64), w.here
			w.here = func(fn func()) {
				room <- struct{}{}
				here(func() { <-room; fn() })
			}
		}),
		breaks: "posting-never-blocks", seen: "call 65 of RunSyncSoonNotThreadsafe on the host's own thread",
	},
	"loses": {
		open: posting(func(_ *wrapped, post func(func())) func(func()) {
			var calls atomic.Int64
			return func(fn func()) {
				if calls.Add(1)%7 != 0 {
					post(fn)
				}
			}
		}),
		breaks: "rule2-never-lost", seen: "of 2000 functions",
	},
	"loses all": {
		open:   posting(func(*wrapped, func(func())) func(func()) { return func(func()) {} }),
		breaks: "rule2-never-lost", seen: "2000 of 2000 functions",
	},
	"loses by the other method": {
		open: wrap(func(w *wrapped) {
			n, here := 0, w.here
			w.here = func(fn func()) {
				if n++; n%50 != 0 {
					here(fn)
				}
			}
		}),
		breaks: "rule2-never-lost-on-thread", seen: "by a function on the host's thread",
	},
	"loses what startGuest posts": {
		open: wrap(func(w *wrapped) {
			main, post, here := w.main, w.post, w.here
			var starting atomic.Bool
			w.main = func(startGuest func() error) error {
				return main(func() error {
					starting.Store(true)
					defer starting.Store(false)
					return startGuest()
				})
			}
			w.post = func(fn func()) {
				if !starting.Load() || !w.loop.OnThread() {
					post(fn)
				}
			}
			w.here = func(fn func()) {
				if !starting.Load() {
					here(fn)
				}
			}
		}),
		breaks: "rule2-never-lost-at-start", seen: "by startGuest",
	},
	"runs on another thread": {
		open: wrapping(func(n int64, fn func()) {
			if n%7 != 0 {
				fn()
				return
			}
			over := make(chan struct{})
			go func() { defer close(over); fn() }()
			<-over
		}),
		breaks: "rule2-one-thread", seen: "from another goroutine ran on thread",
	},
	"runs twice": {
		open:   wrapping(func(_ int64, fn func()) { fn(); fn() }),
		breaks: "rule2-at-most-once", seen: "600 of 600 functions ran more than once",
	},
	"runs the seventh twice": {
		open: posting(func(_ *wrapped, post func(func())) func(func()) {
			var calls atomic.Int64
			return func(fn func()) {
				post(fn)
				if calls.Add(1)%7 == 0 {
					post(fn)
				}
			}
		}),
		breaks: "rule2-at-most-once", seen: "functions ran more than once",
	},
	"sleepy": {
		open:   newTiny(func(t *tiny) { t.sleepy = true }),
		breaks: "rule2-wakes-up-when-idle", seen: "the loop had nothing to do",
	},
	"drowsy": {
		open:   newTiny(func(t *tiny) { t.drowsy = true }),
		breaks: "rule2-wakes-up-when-idle", seen: "the loop had nothing to do",
	},
	"locks its thread in some functions": {
		open: wrapping(func(n int64, fn func()) {
			if n%2 == 0 {
				runtime.LockOSThread()
				defer runtime.UnlockOSThread()
			}
			fn()
		}),
		breaks: "rule3-coroutines-survive", seen: "fatal error: coro: OS thread locking must match",
	},
	"leaves a lock behind in each frame": { // as EGL's MakeCurrent does in some toolkits
		open:   wrapping(func(_ int64, fn func()) { runtime.LockOSThread(); fn() }),
		breaks: "rule3-coroutines-survive", seen: "that is: runtime.LockOSThread was called",
	},
	"locks its thread in all functions": {
		open: wrapping(func(_ int64, fn func()) {
			runtime.LockOSThread()
			defer runtime.UnlockOSThread()
			fn()
		}),
		breaks: "rule3-holds-after-the-end", seen: "fatal error: coro: OS thread locking must match",
	},
	"reorders": {
		open:   newTiny(func(t *tiny) { t.shuffle = func(fns []func()) { slices.Reverse(fns) } }),
		breaks: "rule4-order", seen: "ran before its function",
	},
	"has two queues": {
		open: wrap(func(w *wrapped) {
			// What the loop's own thread posts waits for a second round.
			here := w.here
			w.here = func(fn func()) { here(func() { here(fn) }) }
		}),
		breaks: "rule4-order-of-both-methods", seen: "order must hold across both methods",
	},
	"forgets what came before": {
		open: wrap(func(w *wrapped) {
			var started atomic.Bool
			main, post := w.main, w.post
			w.main = func(startGuest func() error) error { started.Store(true); return main(startGuest) }
			w.post = func(fn func()) {
				if started.Load() {
					post(fn)
				}
			}
			w.here = w.post
		}),
		breaks: "rule5-posted-before-the-loop", seen: "30 of 30 functions posted before the loop did not run",
	},
	"runs before the loop": {
		open: wrap(func(w *wrapped) {
			var started atomic.Bool
			main, post := w.main, w.post
			w.main = func(startGuest func() error) error { started.Store(true); return main(startGuest) }
			w.post = func(fn func()) {
				if started.Load() {
					post(fn)
				} else {
					fn()
				}
			}
			w.here = w.post
		}),
		breaks: "rule5-posted-before-the-loop", seen: "before Mainloop was called",
	},
}
