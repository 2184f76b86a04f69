package hosttest

import (
	"iter"
	"sync"
	"time"

	"github.com/golodger/lodger/host"
)

// The cases about rule 3. If a toolkit breaks it, the result is the worst of all: the Go runtime
// ends the process.

// step runs fn on the loop and waits for its end. Any goroutine but the host's.
func (p *probe) step(fn func()) {
	done := make(chan struct{})
	p.threadsafe(func() { fn(); close(done) })
	if !p.within(done) {
		p.fail("a posted function did not end within %v", p.patience)
	}
}

// stepOnThread is step for a function that is posted on the host's thread.
func (p *probe) stepOnThread(post func(func()), fn func()) {
	done := make(chan struct{})
	p.step(func() { post(func() { fn(); close(done) }) })
	if !p.within(done) {
		p.fail("a function posted on the host's thread did not end within %v", p.patience)
	}
}

func constantDepth(p *probe) {
	var mu sync.Mutex
	var seen finding
	depth, first := -1, ""
	look := func(how string) {
		mu.Lock()
		defer mu.Unlock()
		switch d := host.CallbackDepth(); {
		case depth < 0:
			depth, first = d, how
		case d != depth:
			seen.saw("the depth is %d in a function posted %s, and %d in one posted %s", depth, first, d, how)
		}
	}
	p.live(func() {
		for range 20 {
			time.Sleep(time.Millisecond)
			p.step(func() { look("from another goroutine to an idle loop") })
		}
		begun, release := make(chan struct{}), make(chan struct{})
		p.threadsafe(func() { close(begun); <-release })
		if !p.within(begun) {
			p.fail("a posted function did not run within %v", p.patience)
		}
		for range 100 {
			p.threadsafe(func() { look("from another goroutine to a busy loop") })
		}
		close(release)
		p.step(func() {})
		for range 20 {
			p.stepOnThread(p.threadsafe, func() { look("with RunSyncSoonThreadsafe on the host's thread") })
			p.stepOnThread(p.notThreadsafe, func() { look("with RunSyncSoonNotThreadsafe") })
		}
		p.judge(&seen)
	}, func() {
		p.threadsafe(func() { look("with RunSyncSoonThreadsafe by startGuest") })
		p.notThreadsafe(func() { look("with RunSyncSoonNotThreadsafe by startGuest") })
	})
}

// coroutinesSurvive is the real test of depth and lock count. At every switch of a coroutine the
// runtime compares both with their values when the coroutine was made. The case itself checks
// nothing: with a host that breaks the rule, the process dies.
func coroutinesSurvive(p *probe) {
	const rounds = 40
	p.live(func() {
		var next [3]func() (int, bool)
		var stop [3]func()
		p.step(func() { next[0], stop[0] = iter.Pull(naturals()) })
		p.stepOnThread(p.threadsafe, func() { next[1], stop[1] = iter.Pull(naturals()) })
		p.stepOnThread(p.notThreadsafe, func() {
			next[2], stop[2] = iter.Pull(func(yield func(int) bool) {
				for n := 0; n < 3*rounds && yield(n); n++ {
				}
			})
		})
		resume := func() {
			for _, next := range next {
				next()
			}
		}
		for i := range rounds {
			time.Sleep(time.Duration(i%3) * time.Millisecond)
			p.step(resume)
			p.stepOnThread(p.threadsafe, resume)
			p.stepOnThread(p.notThreadsafe, resume)
		}
		p.step(resume) // the last one's body returns
		p.stepOnThread(p.notThreadsafe, stop[0])
		p.step(stop[1])
		p.pass()
	})
}

// coroutinesOutliveTheLoop makes coroutines in a posted function and finishes them after the
// loop, on the goroutine that ran it. So without Enter, the functions of the host must have had
// the depth and lock count of that place all along.
func coroutinesOutliveTheLoop(p *probe) {
	if _, ok := p.real.(host.Enterer); ok {
		p.pass() // Enter provides the depth there; other cases test it
	}
	p.needsCallersGoroutine()
	var next func() (int, bool)
	var stop func()
	p.runToEnd(func() {
		next, stop = iter.Pull(naturals())
		next()
	})
	next()
	stop()
	p.pass()
}
