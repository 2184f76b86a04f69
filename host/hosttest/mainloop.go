package hosttest

import (
	"errors"
	"fmt"
	"iter"
	"sync/atomic"
	"time"

	"github.com/golodger/lodger/host"
)

// The cases about Mainloop: how it starts the guest, and how it ends.

// moment is long enough to see that something does not happen.
const moment = 100 * time.Millisecond

func startsGuest(p *probe) {
	// A GUI may need time to open a display. Everything later must happen within patience.
	late := 3 * p.patience
	overdue := time.AfterFunc(late, func() { p.fail("startGuest was not called within %v", late) })
	err := p.mainloop(func() error {
		overdue.Stop()
		if !p.kit.ownGoroutine && !below("startsGuest") {
			p.fail("startGuest was called on another goroutine than Mainloop")
		}
		if !p.onThread() {
			p.fail("startGuest was called on thread %d, Mainloop on thread %d", host.CurrentThread(), p.thread)
		}
		time.AfterFunc(moment, p.pass) // the loop must also go on without anything to do
		return nil
	})
	p.fail("Mainloop returned %v while the guest was alive and the loop idle", err)
}

func startsGuestOnce(p *probe) {
	var calls atomic.Int32
	err := p.mainloop(func() error {
		if calls.Add(1) == 1 {
			go func() {
				p.inLoop(func() {}) // a bad host may start again with its first function
				time.Sleep(moment)
				if n := calls.Load(); n != 1 {
					p.fail("startGuest was called %d times", n)
				}
				p.pass()
			}()
		}
		return nil
	})
	p.fail("Mainloop returned %v while the guest was alive", err)
}

var errRefused = errors.New("hosttest: the guest refuses to start; this is part of a case")

// refuse runs the loop with a startGuest that returns an error.
func (p *probe) refuse() error {
	met := func() {}
	err := p.mainloop(func() error {
		met = p.deadline("Mainloop did not return within %v after startGuest had returned an error", p.patience)
		return errRefused
	})
	met()
	return err
}

func returnsStartError(p *probe) {
	if err := p.refuse(); !errors.Is(err, errRefused) {
		p.fail("startGuest returned an error, but Mainloop returned %v", err)
	}
	p.pass()
}

// runToEnd runs the loop, calls last in a posted function and then DoneCallback. It returns when
// Mainloop has returned.
func (p *probe) runToEnd(last func()) {
	err := p.runUntil("DoneCallback", func() {
		last()
		p.h.DoneCallback(host.Outcome{Value: "done"})
	})
	if err != nil {
		p.fail("Mainloop returned %v after an Outcome without an error; it must return only startGuest's error", err)
	}
}

// runUntil runs the loop until end has ended it. It calls end in a posted function.
func (p *probe) runUntil(what string, end func()) error {
	met := make(chan func(), 1)
	var once atomic.Bool
	err := p.mainloop(func() error {
		go p.threadsafe(func() {
			if !once.CompareAndSwap(false, true) {
				return
			}
			met <- p.deadline("Mainloop did not return within %v after %s", p.patience, what)
			end()
		})
		return nil
	})
	select {
	case met := <-met:
		met()
	default:
		p.fail("Mainloop returned %v before %s", err, what)
	}
	return err
}

func endsAfterDone(p *probe) {
	p.runToEnd(func() {})
	p.pass()
}

func doneAfterEnd(p *probe) {
	if p.real == host.Host(p.h) {
		p.refuse() // the one end that needs neither DoneCallback nor an option
	} else {
		p.runUntil("the toolkit's own quit", func() { p.kit.quit(p.real) })
	}
	p.lateDone()
}

// lateDone calls DoneCallback after the loop has ended, as a guest does that unwinds only then.
func (p *probe) lateDone() {
	p.deadline("DoneCallback, after the loop had ended, did not return within %v", p.patience)
	defer func() {
		if v := recover(); v != nil {
			p.fail("DoneCallback, after the loop had ended, panicked: %v", v)
		}
		p.pass()
	}()
	p.real.DoneCallback(host.Outcome{Err: errRefused})
}

// keepsLockCount lets the runtime compare lock counts: a coroutine can be resumed only with the
// lock count with which it was made. Otherwise the process ends, and the parent reports that.
func keepsLockCount(p *probe) {
	next, stop := iter.Pull(naturals())
	next()
	p.runToEnd(func() {})
	next()
	stop()
	p.pass()
}

// naturals is the body of a coroutine that never ends by itself.
func naturals() iter.Seq[int] {
	return func(yield func(int) bool) {
		for n := 0; yield(n); n++ {
		}
	}
}

// afterEnd posts to a loop that has ended: with both methods from the loop's thread, and from
// another goroutine. Then it calls judge with the number of functions that ran, and with the
// place of a call that did not return.
func (p *probe) afterEnd(judge func(ran int64, stuck string)) {
	p.runToEnd(func() {})
	p.afterwards(judge)
}

// afterwards is the part of afterEnd after the loop has ended.
func (p *probe) afterwards(judge func(ran int64, stuck string)) {
	posts := p.flood / 10 // enough to fill a buffer that is never emptied
	p.panicked.Store(nil)
	var ran atomic.Int64
	fn := func() { ran.Add(1) }
	here, there := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(there)
		for range posts {
			p.threadsafe(fn)
		}
	}()
	go func() {
		stuck := ""
		for where, done := range map[string]chan struct{}{"the loop's old thread": here, "another goroutine": there} {
			if !p.within(done) {
				stuck = where
			}
		}
		time.Sleep(moment)
		judge(ran.Load(), stuck)
	}()
	for range posts {
		p.both(func(post func(func()), _ string) { post(fn) })
	}
	close(here)
	select {}
}

func neverRunAfterEnd(p *probe) {
	p.afterEnd(func(ran int64, _ string) {
		if ran > 0 {
			p.fail("%d functions that were posted after Mainloop had returned ran", ran)
		}
		p.pass()
	})
}

func neverBlocksAfterEnd(p *probe) {
	p.afterEnd(func(_ int64, stuck string) {
		if stuck != "" {
			p.fail("a call from %s, after Mainloop had returned, did not return within %v", stuck, p.patience)
		}
		p.pass()
	})
}

func neverPanicsAfterEnd(p *probe) {
	p.afterEnd(func(int64, string) {
		if text := p.panicked.Load(); text != nil {
			p.fail("a call after Mainloop had returned panicked: %s", *text)
		}
		p.pass()
	})
}

func postedBefore(p *probe) {
	const posts = 10
	t := newTally(3 * posts)
	var called atomic.Bool
	var seen finding
	fn := func(i int) func() {
		return func() {
			if !called.Load() {
				seen.saw("a function ran before Mainloop was called")
			}
			if !p.onThread() {
				seen.saw("a function posted before the loop ran on another thread than the host's")
			}
			t.ran(i)
		}
	}
	if !p.returns(func() {
		for i := range posts {
			p.threadsafe(fn(i))
		}
	}) {
		p.fail("RunSyncSoonThreadsafe, called on another goroutine before the loop, did not return within %v", p.patience)
	}
	met := p.deadline("a call from the main goroutine, before the loop, did not return within %v", p.patience)
	for i := range posts {
		p.threadsafe(fn(posts + i))
		p.notThreadsafe(fn(2*posts + i))
	}
	met()
	if text := p.panicked.Load(); text != nil {
		p.fail("a call before the loop panicked: %s", *text)
	}
	called.Store(true)
	p.live(func() {
		if !p.within(t.all) {
			seen.saw("%s", fmt.Sprintf("%d of %d functions posted before the loop did not run within %v after startGuest",
				t.lost(), len(t.runs), p.patience))
		}
		p.judge(&seen)
	})
}
