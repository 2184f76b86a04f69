package hosttest

import (
	"runtime"
	"slices"
	"sync/atomic"
)

// brokenPosters break how functions are posted and run.
var brokenPosters = map[string]brokenHost{
	"inline": {
		posting(func(*wrapped, func(func())) func(func()) { return func(fn func()) { fn() } }),
		"rule1-never-inline", "ran on that goroutine, inside the call",
	},
	"inline on its thread": {
		wrap(func(w *wrapped) {
			post := w.post
			w.post = func(fn func()) {
				if w.loop.OnThread() {
					fn()
					return
				}
				post(fn)
			}
		}),
		"rule1-never-inline-on-thread", "RunSyncSoonThreadsafe, called on the host's thread",
	},
	"inline by the other method": {
		wrap(func(w *wrapped) { w.here = func(fn func()) { fn() } }),
		"rule1-never-inline-on-thread", "RunSyncSoonNotThreadsafe, called on the host's thread",
	},
	"panics": {
		posting(func(_ *wrapped, post func(func())) func(func()) {
			var calls atomic.Int64
			return func(fn func()) {
				if calls.Add(1)%7 == 0 {
					panic("the seventh")
				}
				post(fn)
			}
		}),
		"posting-never-panics", "the seventh",
	},
	"blocks while busy": {
		posting(func(_ *wrapped, post func(func())) func(func()) {
			room := make(chan struct{}, 1000) // a buffered channel as the queue
			return func(fn func()) {
				room <- struct{}{}
				post(func() { <-room; fn() })
			}
		}),
		"posting-never-blocks", "RunSyncSoonThreadsafe from another goroutine did not return",
	},
	"waits for the function": {
		posting(func(_ *wrapped, post func(func())) func(func()) {
			return func(fn func()) {
				ran := make(chan struct{})
				post(func() { fn(); close(ran) })
				<-ran
			}
		}),
		"posting-never-blocks", "call 1 of RunSyncSoonThreadsafe",
	},
	"blocks on its own thread": {
		wrap(func(w *wrapped) {
			room, here := make(chan struct{}, 64), w.here
			w.here = func(fn func()) {
				room <- struct{}{}
				here(func() { <-room; fn() })
			}
		}),
		"posting-never-blocks", "call 65 of RunSyncSoonNotThreadsafe on the host's own thread",
	},
	"loses": {
		posting(func(_ *wrapped, post func(func())) func(func()) {
			var calls atomic.Int64
			return func(fn func()) {
				if calls.Add(1)%7 != 0 {
					post(fn)
				}
			}
		}),
		"rule2-never-lost", "of 2000 functions",
	},
	"loses all": {
		posting(func(*wrapped, func(func())) func(func()) { return func(func()) {} }),
		"rule2-never-lost", "2000 of 2000 functions",
	},
	"loses by the other method": {
		wrap(func(w *wrapped) {
			n, here := 0, w.here
			w.here = func(fn func()) {
				if n++; n%50 != 0 {
					here(fn)
				}
			}
		}),
		"rule2-never-lost-on-thread", "by a function on the host's thread",
	},
	"loses what startGuest posts": {
		wrap(func(w *wrapped) {
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
		"rule2-never-lost-at-start", "by startGuest",
	},
	"runs on another thread": {
		wrapping(func(n int64, fn func()) {
			if n%7 != 0 {
				fn()
				return
			}
			over := make(chan struct{})
			go func() { defer close(over); fn() }()
			<-over
		}),
		"rule2-one-thread", "from another goroutine ran on thread",
	},
	"runs twice": {
		wrapping(func(_ int64, fn func()) { fn(); fn() }),
		"rule2-at-most-once", "600 of 600 functions ran more than once",
	},
	"runs the seventh twice": {
		posting(func(_ *wrapped, post func(func())) func(func()) {
			var calls atomic.Int64
			return func(fn func()) {
				post(fn)
				if calls.Add(1)%7 == 0 {
					post(fn)
				}
			}
		}),
		"rule2-at-most-once", "functions ran more than once",
	},
	"sleepy": {
		newTiny(func(t *tiny) { t.sleepy = true }),
		"rule2-wakes-up-when-idle", "the loop had nothing to do",
	},
	"drowsy": {
		newTiny(func(t *tiny) { t.drowsy = true }),
		"rule2-wakes-up-when-idle", "the loop had nothing to do",
	},
	"locks its thread in some functions": {
		wrapping(func(n int64, fn func()) {
			if n%2 == 0 {
				runtime.LockOSThread()
				defer runtime.UnlockOSThread()
			}
			fn()
		}),
		"rule3-coroutines-survive", "fatal error: coro: OS thread locking must match",
	},
	"locks its thread in all functions": {
		wrapping(func(_ int64, fn func()) {
			runtime.LockOSThread()
			defer runtime.UnlockOSThread()
			fn()
		}),
		"rule3-holds-after-the-end", "fatal error: coro: OS thread locking must match",
	},
	"reorders": {
		newTiny(func(t *tiny) { t.shuffle = func(fns []func()) { slices.Reverse(fns) } }),
		"rule4-order", "ran before its function",
	},
	"has two queues": {
		wrap(func(w *wrapped) {
			// What the loop's own thread posts waits for a second round.
			here := w.here
			w.here = func(fn func()) { here(func() { here(fn) }) }
		}),
		"rule4-order-of-both-methods", "order holds across both methods",
	},
	"forgets what came before": {
		wrap(func(w *wrapped) {
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
		"rule5-posted-before-the-loop", "30 of 30 functions posted before the loop did not run",
	},
	"runs before the loop": {
		wrap(func(w *wrapped) {
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
		"rule5-posted-before-the-loop", "before Mainloop was called",
	},
}
