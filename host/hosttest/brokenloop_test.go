package hosttest

import (
	"errors"
	"runtime"

	"github.com/golodger/lodger/host"
)

// brokenLoops break how the loop begins and ends.
var brokenLoops = map[string]brokenHost{
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
}
