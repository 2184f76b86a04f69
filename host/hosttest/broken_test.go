package hosttest

import (
	"errors"
	"os"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/golodger/lodger/host"
	"github.com/golodger/lodger/hosts/headless"
)

// The hosts that the kit must tell apart. Each breaks one promise and keeps all others.

// wrapped is headless.Loop, with a place to break each method.
type wrapped struct {
	loop *headless.Loop
	post func(fn func()) // the threadsafe method
	here func(fn func()) // the other one
	done func(host.Outcome)
	main func(startGuest func() error) error
}

func (w *wrapped) RunSyncSoonThreadsafe(fn func())        { w.post(fn) }
func (w *wrapped) RunSyncSoonNotThreadsafe(fn func())     { w.here(fn) }
func (w *wrapped) DoneCallback(o host.Outcome)            { w.done(o) }
func (w *wrapped) Mainloop(startGuest func() error) error { return w.main(startGuest) }

// wrap makes a sound host and lets broken change it.
func wrap(broken func(*wrapped)) func() (host.Mainloop, error) {
	return func() (host.Mainloop, error) {
		l := headless.New()
		w := &wrapped{loop: l, post: l.RunSyncSoonThreadsafe, here: l.RunSyncSoonNotThreadsafe, done: l.DoneCallback, main: l.Mainloop}
		broken(w)
		return w, nil
	}
}

// posting breaks both ways to post.
func posting(broken func(w *wrapped, post func(func())) func(fn func())) func() (host.Mainloop, error) {
	return wrap(func(w *wrapped) {
		w.post = broken(w, w.post)
		w.here = w.post
	})
}

// wrapping breaks what surrounds each function.
func wrapping(broken func(n int64, fn func())) func() (host.Mainloop, error) {
	return posting(func(_ *wrapped, post func(func())) func(func()) {
		var calls atomic.Int64
		return func(fn func()) { post(func() { broken(calls.Add(1), fn) }) }
	})
}

// afterTheEnd breaks posts once Mainloop has returned.
func afterTheEnd(broken func(fn func())) func() (host.Mainloop, error) {
	return wrap(func(w *wrapped) {
		var ended atomic.Bool
		main, post := w.main, w.post
		w.main = func(startGuest func() error) error {
			defer ended.Store(true)
			return main(startGuest)
		}
		w.post = func(fn func()) {
			if ended.Load() {
				broken(fn)
				return
			}
			post(fn)
		}
		w.here = w.post
	})
}

// tiny is a loop of its own, for what can't be had by wrapping.
type tiny struct {
	wrapped
	mu    sync.Mutex
	queue []func()
	wake  chan struct{}
	ended bool

	sleepy   bool               // a post from another thread wakes nobody
	shuffle  func(fns []func()) // called with each batch
	restless bool               // ends when there is nothing to do
	drowsy   bool               // a post that comes while it falls asleep wakes nobody
}

func newTiny(broken func(*tiny)) func() (host.Mainloop, error) {
	return func() (host.Mainloop, error) {
		t := &tiny{wake: make(chan struct{}, 1), shuffle: func([]func()) {}}
		thread := host.CurrentThread() // open is called on the main goroutine
		t.post = func(fn func()) {
			t.mu.Lock()
			t.queue = append(t.queue, fn)
			t.mu.Unlock()
			if !t.sleepy || host.CurrentThread() == thread {
				t.ring()
			}
		}
		t.here = t.post
		t.done = func(host.Outcome) { t.ended = true }
		t.main = t.run
		broken(t)
		return t, nil
	}
}

func (t *tiny) ring() {
	select {
	case t.wake <- struct{}{}:
	default:
	}
}

func (t *tiny) run(startGuest func() error) error {
	defer func() { t.post = func(func()) {}; t.here = t.post }()
	if err := startGuest(); err != nil {
		return err
	}
	for !t.ended {
		t.mu.Lock()
		batch := t.queue
		t.queue = nil
		t.mu.Unlock()
		if len(batch) == 0 {
			if t.restless {
				return nil
			}
			if t.drowsy {
				time.Sleep(10 * time.Microsecond)
				select {
				case <-t.wake:
				default:
				}
			}
			<-t.wake
			continue
		}
		t.shuffle(batch)
		for _, fn := range batch {
			if fn(); t.ended {
				break
			}
		}
	}
	return nil
}

// complete is a sound host with all optional interfaces, and a place to break each.
type complete struct {
	wrapped
	on     func() bool
	enter  func(fn func())
	native func(fn func())
}

func (c *complete) OnThread() bool              { return c.on() }
func (c *complete) Enter(fn func())             { c.enter(fn) }
func (c *complete) RunSyncSoonNative(fn func()) { c.native(fn) }

func completed(broken func(*complete)) func() (host.Mainloop, error) {
	return func() (host.Mainloop, error) {
		h, _ := wrap(func(*wrapped) {})()
		c := &complete{wrapped: *h.(*wrapped)}
		c.on = c.loop.OnThread
		c.enter = func(fn func()) { fn() }
		c.native = c.loop.RunSyncSoonNotThreadsafe
		broken(c)
		return c, nil
	}
}

// A brokenHost breaks what the case named by breaks is about, and nothing else. seen is part of the failure's text.
type brokenHost struct {
	open   func() (host.Mainloop, error)
	breaks string // empty: nothing
	seen   string
}

var errBroken = errors.New("no display")

var brokenHosts = map[string]brokenHost{
	"sound":    {open: wrap(func(*wrapped) {})},
	"tiny":     {open: newTiny(func(*tiny) {})},
	"complete": {open: completed(func(*complete) {})},

	"panics in open": {
		func() (host.Mainloop, error) { panic(errBroken) },
		"opens", "the process died (exit status 2)\npanic: no display",
	},
	"exits in open": {
		func() (host.Mainloop, error) { os.Exit(0); return nil, nil },
		"opens", "the process exited without a verdict",
	},
	"does not open": {
		func() (host.Mainloop, error) { return nil, errBroken },
		"opens", "no display",
	},
	"opens nothing": {
		func() (host.Mainloop, error) { return nil, nil },
		"opens", "no host and no error",
	},
	"hangs in open": {
		func() (host.Mainloop, error) { select {} },
		"opens", "select (no cases)", // the child's goroutine dump
	},
	"spins in open": {
		func() (host.Mainloop, error) {
			for {
				runtime.Gosched()
			}
		},
		"opens", "the process hung and was killed after 8s",
	},
	"ends the goroutine in open": {
		func() (host.Mainloop, error) { runtime.Goexit(); return nil, nil },
		"opens", "ended the main goroutine",
	},

	"never starts the guest": {
		wrap(func(w *wrapped) {
			main := w.main
			w.main = func(func() error) error { return main(func() error { return nil }) }
		}),
		"mainloop-starts-guest", "startGuest was not called",
	},
	"starts the guest elsewhere": {
		wrap(func(w *wrapped) {
			main := w.main
			w.main = func(startGuest func() error) error {
				return main(func() error {
					end := make(chan error)
					go func() { end <- startGuest() }()
					return <-end
				})
			}
		}),
		"mainloop-starts-guest", "another goroutine than Mainloop",
	},
	"ends when idle": {
		newTiny(func(t *tiny) { t.restless = true }),
		"mainloop-starts-guest", "Mainloop returned <nil> while the guest was alive and the loop idle",
	},
	"starts the guest twice": {
		wrap(func(w *wrapped) {
			main := w.main
			w.main = func(startGuest func() error) error {
				return main(func() error { return errors.Join(startGuest(), startGuest()) })
			}
		}),
		"mainloop-starts-guest-once", "called 2 times",
	},
	"swallows the start's error": {
		wrap(func(w *wrapped) {
			main := w.main
			w.main = func(startGuest func() error) error { main(startGuest); return nil }
		}),
		"mainloop-returns-start-error", "Mainloop returned <nil> instead of it",
	},
	"lives on after the start's error": {
		wrap(func(w *wrapped) {
			main := w.main
			w.main = func(startGuest func() error) error {
				return main(func() error { startGuest(); return nil })
			}
		}),
		"mainloop-returns-start-error", "Mainloop did not return within",
	},

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

	"never ends": {
		wrap(func(w *wrapped) { w.done = func(host.Outcome) {} }),
		"rule8-ends-after-done", "Mainloop did not return within",
	},
	"ends with an error": {
		wrap(func(w *wrapped) {
			main := w.main
			w.main = func(startGuest func() error) error {
				return errors.Join(main(startGuest), errBroken)
			}
		}),
		"rule8-ends-after-done", "Mainloop returned no display after an Outcome without an error",
	},
	"leaves its thread locked": {
		wrap(func(w *wrapped) {
			main := w.main
			w.main = func(startGuest func() error) error { runtime.LockOSThread(); return main(startGuest) }
		}),
		"mainloop-keeps-lock-count", "fatal error: coro: OS thread locking must match",
	},
	"runs after the end": {
		afterTheEnd(func(fn func()) { fn() }),
		"rule6-never-run-after-the-end", "functions that were posted after Mainloop had returned ran",
	},
	"blocks after the end": {
		afterTheEnd(func(func()) { select {} }),
		"rule6-never-blocks-after-the-end", "after Mainloop had returned, did not return within",
	},
	"panics after the end": {
		afterTheEnd(func(func()) { panic("too late") }),
		"rule6-never-panics-after-the-end", "panicked: too late",
	},
	"refuses DoneCallback after the end": {
		wrap(func(w *wrapped) {
			var ended bool
			main, done := w.main, w.done
			w.main = func(startGuest func() error) error {
				defer func() { ended = true }()
				return main(startGuest)
			}
			w.done = func(o host.Outcome) {
				if ended {
					panic("no loop")
				}
				done(o)
			}
		}),
		"rule7-done-after-the-end", "DoneCallback panicked: no loop",
	},

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
