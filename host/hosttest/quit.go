package hosttest

import (
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/golodger/lodger/host"
)

// The cases about what the toolkit and the program do by themselves: turns and quits of the
// toolkit, and loops that the program runs.

// livesOnAfterDone starts a guest before the loop, as guest.Start does, and ends it in the loop.
func livesOnAfterDone(p *probe) {
	p.needs(p.kit.loop != nil, "Loop", "loops that the program runs itself are not tested")
	go func() {
		done := make(chan struct{})
		if !p.inLoop(func() { p.real.DoneCallback(host.Outcome{}); close(done) }) {
			p.fail("a loop that the program runs itself ran no posted function within %v", p.patience)
		}
		time.Sleep(moment)
		p.expectEvent("after DoneCallback")
		p.pass()
	}()
	err := p.kit.loop(p.real)
	p.fail("the loop, which the program runs itself, ended (%v) after DoneCallback", err)
}

// expectEvent fails the case if the toolkit does not handle an event.
func (p *probe) expectEvent(when string) { p.handled(when, func() {}) }

// handled runs fn once in a handler of the toolkit, if the kit can make an event. It fails the
// case if the toolkit does not handle that event.
func (p *probe) handled(when string, fn func()) {
	if p.kit.event == nil {
		return
	}
	came, once := make(chan struct{}), new(sync.Once)
	p.kit.event(p.real, func() { once.Do(func() { fn(); close(came) }) })
	if !p.within(came) {
		p.fail("the toolkit did not handle its event within %v %s", p.patience, when)
	}
}

// givesTurns lets a function post itself repeatedly. An event of the toolkit shows whether the
// toolkit gets a turn. If the kit can't make an event, it tests whether the toolkit can still
// end.
func givesTurns(p *probe) {
	const busy = "while a posted function kept posting itself"
	met, end := func() {}, make(chan struct{})
	start := sync.OnceFunc(func() { // a host that starts twice fails another case
		p.chain(end)
		go func() {
			p.expectEvent(busy)
			if p.kit.event != nil {
				p.pass()
			}
			met = p.deadline(busy+", the loop did not end within %v", p.patience)
			close(end)
		}()
	})
	err := p.mainloop(func() error {
		go p.inLoop(start)
		return nil
	})
	met()
	select {
	case <-end:
		p.pass()
	default:
		p.fail("Mainloop returned %v while the guest was alive", err)
	}
}

// chain posts a function that posts itself forever, with both methods in turn. When end is
// closed, the function ends the loop, but still goes on.
func (p *probe) chain(end <-chan struct{}) {
	var link func(n int)
	link = func(n int) {
		select {
		case <-end:
			end = nil
			p.endLoop()
		default:
		}
		post := p.threadsafe
		if n%2 == 0 {
			post = p.notThreadsafe
		}
		post(func() { link(n + 1) })
	}
	link(0)
}

// endLoop ends the loop by the toolkit's own quit if the kit has it. Host's thread only.
func (p *probe) endLoop() {
	if p.kit.quit != nil {
		p.kit.quit(p.real)
	} else {
		p.h.DoneCallback(host.Outcome{})
	}
}

// quit runs the loop until the toolkit's own quit has ended it.
func (p *probe) quit() {
	p.needs(p.kit.quit != nil, "Quit", "the toolkit's own quit is not tested")
	_ = p.runUntil("the toolkit's own quit", func() { p.kit.quit(p.real) })
}

func quitEnds(p *probe) {
	p.quit()
	p.pass()
}

func quitThenDone(p *probe) {
	p.quit()
	p.lateDone()
}

func quitThenPosts(p *probe) {
	p.quit()
	p.afterwards(func(ran int64, stuck string) {
		switch text := p.panicked.Load(); {
		case ran > 0:
			p.fail("%d functions that were posted after the toolkit had quit ran", ran)
		case stuck != "":
			p.fail("a call from %s, after the toolkit had quit, did not return within %v", stuck, p.patience)
		case text != nil:
			p.fail("a call after the toolkit had quit panicked: %s", *text)
		}
		p.pass()
	})
}

// quitBesidePosts quits while goroutines post without a pause, so some posts meet a loop that is
// just about to end. The posts begin in the loop, since a toolkit may take time to start.
func quitBesidePosts(p *probe) {
	p.needs(p.kit.quit != nil, "Quit", "the toolkit's own quit is not tested")
	const posters = 4
	var over atomic.Bool
	var ran atomic.Int64
	var wg sync.WaitGroup
	_ = p.runUntil("the toolkit's own quit", func() {
		for range posters {
			wg.Go(func() {
				for !over.Load() {
					p.threadsafe(func() { ran.Add(1) })
					if runtime.GOARCH == "wasm" {
						time.Sleep(time.Millisecond) // for the page, on js/wasm
					}
				}
			})
		}
		time.AfterFunc(moment/5, func() { p.threadsafe(func() { p.kit.quit(p.real) }) })
	})
	before := ran.Load()
	time.AfterFunc(moment, func() { over.Store(true) })
	if !p.returns(wg.Wait) {
		p.fail("a call that was made while the toolkit quit did not return within %v", p.patience)
	}
	if text := p.panicked.Load(); text != nil {
		p.fail("a call that was made while the toolkit quit panicked: %s", *text)
	}
	if n := ran.Load() - before; n > 0 {
		p.fail("%d functions ran after the toolkit had quit", n)
	}
	p.pass()
}
