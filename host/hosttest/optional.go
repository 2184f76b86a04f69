package hosttest

import (
	"iter"
	"time"

	"github.com/golodger/lodger/host"
)

// The cases about optional interfaces.

// expectOn records where OnThread is wrong on the calling goroutine.
func (p *probe) expectOn(t host.Threader, seen *finding, want bool, where string) {
	if host.CurrentThread() == 0 {
		return // threads can't be told apart
	}
	if t.OnThread() != want {
		seen.saw("OnThread is %v %s", !want, where)
	}
}

// elsewhere calls fn on another goroutine, which is never on the main thread, and waits for it.
func (p *probe) elsewhere(fn func()) {
	if !p.returns(fn) {
		p.fail("OnThread did not return within %v", p.patience)
	}
}

func onThreadDuring(p *probe) {
	t, ok := p.real.(host.Threader)
	if !ok {
		p.lacks("Threader")
	}
	var seen finding
	// On the main goroutine, OnThread may be true or false before the loop: the host may already
	// know its thread.
	p.elsewhere(func() { p.expectOn(t, &seen, false, "on another goroutine, before the loop") })
	p.live(func() {
		p.expectOn(t, &seen, false, "on another goroutine, while the loop is idle")
		p.step(func() {
			p.expectOn(t, &seen, true, "in a posted function")
			p.elsewhere(func() { p.expectOn(t, &seen, false, "on another goroutine, while the loop is busy") })
		})
		p.judge(&seen)
	}, func() { p.expectOn(t, &seen, true, "in startGuest") })
}

func onThreadAfter(p *probe) {
	t, ok := p.real.(host.Threader)
	if !ok {
		p.lacks("Threader")
	}
	p.needsCallersGoroutine()
	var seen finding
	p.runToEnd(func() {})
	p.elsewhere(func() { p.expectOn(t, &seen, false, "on another goroutine, after the end") })
	p.expectOn(t, &seen, true, "on the loop's goroutine, after Mainloop has returned")
	p.judge(&seen)
}

// entering calls Enter. By this frame fn recognizes that it runs on its caller's goroutine.
func (p *probe) entering(e host.Enterer, fn func()) { e.Enter(fn) }

// expectNow checks that Enter runs its function at once, on the calling goroutine.
func (p *probe) expectNow(e host.Enterer, seen *finding, where string) {
	ran := 0
	p.entering(e, func() {
		ran++
		if !below("(*probe).entering") {
			seen.saw("Enter, called %s, ran its function on another goroutine", where)
		}
	})
	if ran != 1 {
		seen.saw("Enter, called %s, had run its function %d times when it returned", where, ran)
	}
}

// needsCallersGoroutine ends a case about the caller of Mainloop if the loop runs on another
// goroutine.
func (p *probe) needsCallersGoroutine() {
	if p.kit.ownGoroutine {
		p.say(verdict{State: absent, Saw: "the loop runs on its own goroutine, and ends with it (hosttest.Options.OwnGoroutine)"})
	}
}

func (p *probe) enterer() host.Enterer {
	e, ok := p.real.(host.Enterer)
	if !ok {
		p.lacks("Enterer")
	}
	return e
}

func entersNow(p *probe) {
	e := p.enterer()
	var seen finding
	if !p.kit.ownGoroutine {
		met := p.deadline("Enter, called before the loop, did not return within %v", p.patience)
		p.expectNow(e, &seen, "before the loop")
		met()
	}
	p.live(func() {
		p.step(func() { p.expectNow(e, &seen, "in a posted function") })
		p.judge(&seen)
	}, func() { p.expectNow(e, &seen, "in startGuest") })
}

func entersAtConstantDepth(p *probe) {
	e := p.enterer()
	p.needsCallersGoroutine()
	var seen finding
	var before, start int
	e.Enter(func() { before = host.CallbackDepth() })
	started := make(chan struct{})
	p.live(func() {
		if !p.within(started) {
			p.fail("Enter, called in startGuest, did not return within %v", p.patience)
		}
		p.step(func() {
			depth := host.CallbackDepth()
			if before != depth {
				seen.saw("the depth is %d in Enter before the loop, and %d in a posted function", before, depth)
			}
			if start != depth {
				seen.saw("the depth is %d in Enter in startGuest, and %d in a posted function", start, depth)
			}
			e.Enter(func() {
				if d := host.CallbackDepth(); d != depth {
					seen.saw("the depth is %d in Enter in a posted function, and %d in that function", d, depth)
				}
			})
		})
		p.judge(&seen)
	}, func() {
		e.Enter(func() { start = host.CallbackDepth() })
		close(started)
	})
}

// entersCoroutines makes coroutines in Enter and resumes them in posted functions, and the other
// way round; see coroutinesSurvive.
func entersCoroutines(p *probe) {
	e := p.enterer()
	var early, late func() (int, bool)
	var stopEarly, stopLate func()
	e.Enter(func() { early, stopEarly = iter.Pull(naturals()) })
	e.Enter(func() { early() })
	p.live(func() {
		p.step(func() {
			early()
			late, stopLate = iter.Pull(naturals())
		})
		for range 20 {
			p.step(func() { late(); e.Enter(func() { early(); late() }); early() })
		}
		p.step(func() { e.Enter(stopLate) })
		p.step(stopEarly)
		p.pass()
	})
}

func entersAfterEnd(p *probe) {
	e := p.enterer()
	var seen finding
	var depth int
	var next func() (int, bool)
	var stop func()
	p.runToEnd(func() {
		depth = host.CallbackDepth()
		next, stop = iter.Pull(naturals())
		next()
	})
	p.deadline("Enter, called after the end, did not return within %v", p.patience)
	p.expectNow(e, &seen, "after Mainloop has returned")
	e.Enter(func() {
		if d := host.CallbackDepth(); d != depth {
			seen.saw("the depth is %d in Enter after the end, and was %d in a posted function", d, depth)
			p.judge(&seen) // what follows would end the process
		}
	})
	for range 20 {
		e.Enter(func() { next() })
	}
	e.Enter(stop)
	p.judge(&seen)
}

func (p *probe) native() host.Native {
	n, ok := p.real.(host.Native)
	if !ok {
		p.lacks("Native")
	}
	return n
}

func nativeNeverInline(p *probe) {
	n := p.native()
	var seen finding
	p.live(func() {
		p.step(func() {
			p.posting(n.RunSyncSoonNative, func() {
				if belowPosting() {
					seen.saw("RunSyncSoonNative ran its function inside the call")
				}
			})
		})
		time.Sleep(moment)
		p.judge(&seen)
	})
}

func nativeRunsSoon(p *probe) {
	const posts = 50
	n := p.native()
	var seen finding
	t := newTally(posts)
	p.live(func() {
		for i := range posts {
			p.step(func() {
				p.posting(n.RunSyncSoonNative, func() {
					if !p.onThread() {
						seen.saw("a native function ran on another thread than the host's")
					}
					t.ran(i)
				})
			})
		}
		if !p.within(t.all) {
			seen.saw("%d of %d native functions did not run within %v", t.lost(), posts, p.patience)
		}
		time.Sleep(moment)
		if often := t.repeated(); often > 0 {
			seen.saw("%d of %d native functions ran more than once", often, posts)
		}
		p.judge(&seen)
	})
}

func (p *probe) looper() host.Looper {
	l, ok := p.real.(host.Looper)
	if !ok {
		p.lacks("Looper")
	}
	return l
}

// expectIn records where InLoop is wrong.
func (p *probe) expectIn(l host.Looper, seen *finding, want bool, where string) {
	if l.InLoop() != want {
		seen.saw("InLoop is %v %s", !want, where)
	}
}

func looperDuring(p *probe) {
	l := p.looper()
	var seen finding
	if !p.kit.ownGoroutine {
		met := p.deadline("InLoop, called before the loop, did not return within %v", p.patience)
		p.expectIn(l, &seen, false, "before the loop")
		met()
	}
	p.live(func() {
		p.step(func() { p.expectIn(l, &seen, true, "in a posted function") })
		p.handled("while the loop was idle", func() { p.expectIn(l, &seen, true, "in a handler of the toolkit") })
		p.judge(&seen)
	})
}

// looperAfter ends the loop by the toolkit's own quit if the kit has it: the guest then calls
// Finish before the host knows that the guest ends.
func looperAfter(p *probe) {
	l := p.looper()
	p.needsCallersGoroutine()
	var seen finding
	_ = p.runUntil("its end", p.endLoop)
	met := p.deadline("InLoop, called after the end, did not return within %v", p.patience)
	p.expectIn(l, &seen, false, "after Mainloop has returned")
	met()
	p.judge(&seen)
}
