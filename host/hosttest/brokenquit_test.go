package hosttest

import (
	"sync/atomic"

	"github.com/golodger/lodger/host"
)

// quitting makes a host that learns of the toolkit's own quit, which broken is then called for.
func quitting(broken func(w *wrapped, quitted *atomic.Bool)) func() (host.Mainloop, error) {
	return wrap(func(w *wrapped) {
		quitted, quit := new(atomic.Bool), w.quit
		w.quit = func() { quitted.Store(true); quit() }
		broken(w, quitted)
	})
}

// queued makes a host of a host.Queue. When the queue ends is broken's business.
func queued(broken func(w *wrapped, q *host.Queue)) func() (host.Mainloop, error) {
	return wrap(func(w *wrapped) {
		var q *host.Queue
		q = host.NewQueue(func() { w.loop.RunSyncSoonThreadsafe(func() { q.Run() }) })
		w.post, w.here = q.Post, q.Post
		main, own := w.main, w.own
		w.main = func(startGuest func() error) error {
			return main(func() error { q.Begin(); return startGuest() })
		}
		w.own = func() error { q.Begin(); return own() }
		broken(w, q)
	})
}

// brokenQuits believe that only DoneCallback ends a loop.
var brokenQuits = map[string]brokenHost{
	"survives its quit": {
		open:   wrap(func(w *wrapped) { w.quit = func() {} }),
		breaks: "quit-ends-the-loop", seen: "Mainloop did not return within",
		opts: wrappedOptions,
	},
	"blocks once its toolkit has quit": {
		open: quitting(func(w *wrapped, quitted *atomic.Bool) {
			post := w.post
			w.post = func(fn func()) {
				if quitted.Load() {
					select {}
				}
				post(fn)
			}
		}),
		breaks: "quit-beside-posts", seen: "a call that was made while the toolkit quit did not return",
		opts: wrappedOptions,
	},
	"panics once its toolkit has quit": {
		open: quitting(func(w *wrapped, quitted *atomic.Bool) {
			post := w.post
			w.post = func(fn func()) {
				if quitted.Load() {
					panic("no event queue")
				}
				post(fn)
			}
		}),
		breaks: "quit-beside-posts", seen: "panicked: no event queue",
		opts: wrappedOptions,
	},
	"runs at once after its toolkit's quit, on its thread": {
		open: quitting(func(w *wrapped, quitted *atomic.Bool) {
			here := w.here
			w.here = func(fn func()) {
				if quitted.Load() {
					fn()
				} else {
					here(fn)
				}
			}
		}),
		breaks: "quit-then-posts", seen: "functions that were posted after the toolkit had quit ran",
		opts: wrappedOptions,
	},
	"ends its queue in DoneCallback only": {
		open: queued(func(w *wrapped, q *host.Queue) {
			done := w.done
			w.done = func(o host.Outcome) { q.End(); done(o) }
		}),
		breaks: "quit-then-drops", seen: "1000 of 1000 functions that were posted after the toolkit had quit",
		opts: wrappedOptions,
	},
	"refuses DoneCallback after its toolkit's quit": {
		open: quitting(func(w *wrapped, quitted *atomic.Bool) {
			done := w.done
			w.done = func(o host.Outcome) {
				if quitted.Load() {
					panic("no app")
				}
				done(o)
			}
		}),
		breaks: "quit-then-done", seen: "panicked: no app",
		opts: wrappedOptions,
	},
}
