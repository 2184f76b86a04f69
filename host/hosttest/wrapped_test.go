package hosttest

import (
	"sync/atomic"

	"github.com/golodger/lodger/host"
	"github.com/golodger/lodger/hosts/headless"
)

// wrapped is headless.Loop, with a place to break each method.
type wrapped struct {
	loop *headless.Loop
	post func(fn func()) // the threadsafe method
	here func(fn func()) // the other one
	done func(host.Outcome)
	main func(startGuest func() error) error
	quit func()       // the toolkit's own
	own  func() error // runs the loop without Mainloop
}

func (w *wrapped) RunSyncSoonThreadsafe(fn func()) { w.post(fn) }

func (w *wrapped) RunSyncSoonNotThreadsafe(fn func()) { w.here(fn) }

func (w *wrapped) DoneCallback(o host.Outcome) { w.done(o) }

func (w *wrapped) Mainloop(startGuest func() error) error { return w.main(startGuest) }

// wrappedOptions tell the kit all about it. Posts to the loop below stand for events.
var wrappedOptions = Options[host.Host]{
	Loop:  func(h host.Host) error { return innards(h).own() },
	Quit:  func(h host.Host) { innards(h).quit() },
	Event: func(h host.Host, fn func()) { innards(h).loop.RunSyncSoonThreadsafe(fn) },
}

// wrap makes a sound host and lets broken change it.
func wrap(broken func(*wrapped)) func() (host.Mainloop, error) {
	return func() (host.Mainloop, error) {
		l := headless.New()
		w := &wrapped{loop: l, post: l.RunSyncSoonThreadsafe, here: l.RunSyncSoonNotThreadsafe, main: l.Mainloop, quit: l.Quit}
		mine := true // whose the loop is
		w.done = func(o host.Outcome) {
			if mine {
				l.DoneCallback(o)
			}
		}
		w.own = func() error { mine = false; return l.Mainloop(func() error { return nil }) }
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

// complete is a sound host with all optional interfaces, and a place to break each.
type complete struct {
	wrapped
	on     func() bool
	enter  func(fn func())
	native func(fn func())
	in     func() bool
}

func (c *complete) OnThread() bool { return c.on() }

func (c *complete) Enter(fn func()) { c.enter(fn) }

func (c *complete) RunSyncSoonNative(fn func()) { c.native(fn) }

func (c *complete) InLoop() bool { return c.in() }

func completed(broken func(*complete)) func() (host.Mainloop, error) {
	return func() (host.Mainloop, error) {
		h, _ := wrap(func(*wrapped) {})()
		c := &complete{wrapped: *h.(*wrapped)}
		c.on = c.loop.OnThread
		c.enter = func(fn func()) { fn() }
		c.native = c.loop.RunSyncSoonNotThreadsafe
		c.in = c.loop.InLoop
		broken(c)
		return c, nil
	}
}

// innards returns the wrapped host of one that may be more.
func innards(h host.Host) *wrapped {
	switch h := h.(type) {
	case *complete:
		return &h.wrapped
	case bare:
		return innards(h.Host)
	default:
		return h.(*wrapped)
	}
}

// bare is a host without a Mainloop.
type bare struct{ host.Host }

func stripped(broken func(*wrapped)) func() (host.Host, error) {
	return func() (host.Host, error) {
		h, err := wrap(broken)()
		return bare{h}, err
	}
}
