package hosttest

import (
	"errors"
	"runtime"

	"github.com/golodger/lodger/host"
)

// brokenLoops break how the loop begins and ends.
var brokenLoops = map[string]brokenHost{
	"never starts the guest": {
		open: wrap(func(w *wrapped) {
			main := w.main
			w.main = func(func() error) error { return main(func() error { return nil }) }
		}),
		breaks: "mainloop-starts-guest", seen: "startGuest was not called",
	},
	"starts the guest elsewhere": {
		open: wrap(func(w *wrapped) {
			main := w.main
			w.main = func(startGuest func() error) error {
				return main(func() error {
					end := make(chan error)
					go func() { end <- startGuest() }()
					return <-end
				})
			}
		}),
		breaks: "mainloop-starts-guest", seen: "another goroutine than Mainloop",
	},
	"ends when idle": {
		open:   newTiny(func(t *tiny) { t.restless = true }),
		breaks: "mainloop-starts-guest", seen: "Mainloop returned <nil> while the guest was alive and the loop idle",
	},
	"starts the guest twice": {
		open: wrap(func(w *wrapped) {
			main := w.main
			w.main = func(startGuest func() error) error {
				return main(func() error { return errors.Join(startGuest(), startGuest()) })
			}
		}),
		breaks: "mainloop-starts-guest-once", seen: "called 2 times",
	},
	"swallows the start's error": {
		open: wrap(func(w *wrapped) {
			main := w.main
			w.main = func(startGuest func() error) error { main(startGuest); return nil }
		}),
		breaks: "mainloop-returns-start-error", seen: "startGuest returned an error, but Mainloop returned <nil>",
	},
	"lives on after the start's error": {
		open: wrap(func(w *wrapped) {
			main := w.main
			w.main = func(startGuest func() error) error {
				return main(func() error { startGuest(); return nil })
			}
		}),
		breaks: "mainloop-returns-start-error", seen: "Mainloop did not return within",
	},
	"never ends": {
		open:   wrap(func(w *wrapped) { w.done = func(host.Outcome) {} }),
		breaks: "rule8-ends-after-done", seen: "Mainloop did not return within",
	},
	"ends with an error": {
		open: wrap(func(w *wrapped) {
			main := w.main
			w.main = func(startGuest func() error) error {
				return errors.Join(main(startGuest), errBroken)
			}
		}),
		breaks: "rule8-ends-after-done", seen: "Mainloop returned no display after an Outcome without an error",
	},
	"leaves its thread locked": {
		open: wrap(func(w *wrapped) {
			main := w.main
			w.main = func(startGuest func() error) error { runtime.LockOSThread(); return main(startGuest) }
		}),
		breaks: "mainloop-keeps-lock-count", seen: "fatal error: coro: OS thread locking must match",
	},
	"runs after the end": {
		open:   afterTheEnd(func(fn func()) { fn() }),
		breaks: "rule6-never-run-after-the-end", seen: "functions that were posted after Mainloop had returned ran",
	},
	"blocks after the end": {
		open:   afterTheEnd(func(func()) { select {} }),
		breaks: "rule6-never-blocks-after-the-end", seen: "after Mainloop had returned, did not return within",
	},
	"panics after the end": {
		open:   afterTheEnd(func(func()) { panic("too late") }),
		breaks: "rule6-never-panics-after-the-end", seen: "panicked: too late",
	},
	"never ends its queue": {
		open:   queued(func(*wrapped, *host.Queue) {}),
		breaks: "rule6-drops-after-the-end", seen: "holds 1000 of 1000 functions that were posted after Mainloop had returned",
	},
	"refuses DoneCallback after the end": {
		open: wrap(func(w *wrapped) {
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
		breaks: "rule7-done-after-the-end", seen: "DoneCallback, after the loop had ended, panicked: no loop",
	},
}
