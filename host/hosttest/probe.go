package hosttest

import (
	"fmt"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/golodger/lodger/host"
)

// A probe is what a case works with: the host, and functions to post, to wait and to check. A
// broken host must fail only its own case, so everything here expects the worst of the host.
type probe struct {
	kit      *kit
	real     host.Host     // the host that open made
	h        host.Mainloop // the same host, if it is a Mainloop; otherwise a driven
	thread   host.Thread   // of the main goroutine, or of the loop's own goroutine
	patience time.Duration
	flood    int
	looping  atomic.Bool
	once     sync.Mutex // of say
	panicked atomic.Pointer[string]
}

// live runs the loop on the main goroutine. startGuest starts body on another goroutine; body
// gives the verdict. Then startGuest calls the functions of atStart itself, which may get stuck
// in the host.
func (p *probe) live(body func(), atStart ...func()) {
	var once sync.Once // a host that starts twice fails another case
	err := p.mainloop(func() error {
		once.Do(func() {
			go body()
			for _, fn := range atStart {
				fn()
			}
		})
		return nil
	})
	p.fail("Mainloop returned %v while the guest was alive", err)
}

// mainloop calls Mainloop. If the loop has its own goroutine, startGuest records its thread.
func (p *probe) mainloop(startGuest func() error) error {
	p.looping.Store(true)
	defer p.looping.Store(false)
	return p.h.Mainloop(func() error {
		if p.kit.ownGoroutine {
			p.thread = host.CurrentThread()
		}
		return startGuest()
	})
}

// The host's two ways to post.
func (p *probe) threadsafe(fn func())    { p.posting(p.h.RunSyncSoonThreadsafe, fn) }
func (p *probe) notThreadsafe(fn func()) { p.posting(p.h.RunSyncSoonNotThreadsafe, fn) }

// both calls do with each way to post and its name. Host's thread only.
func (p *probe) both(do func(post func(func()), name string)) {
	do(p.threadsafe, "RunSyncSoonThreadsafe")
	do(p.notThreadsafe, "RunSyncSoonNotThreadsafe")
}

// posting calls the host. By this frame a function recognizes that it runs on the stack of a
// post. A panic of the host is recorded for the cases about panics. For all other cases it means
// that the host did not accept fn.
func (p *probe) posting(post func(func()), fn func()) {
	defer func() {
		if v := recover(); v != nil {
			text := fmt.Sprint(v)
			p.panicked.Store(&text)
		}
	}()
	post(fn)
}

// below reports whether the caller's stack has a frame of the named function.
func below(name string) bool {
	pcs := make([]uintptr, 512)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(2, pcs)])
	for {
		frame, more := frames.Next()
		if strings.HasSuffix(frame.Function, "hosttest."+name) {
			return true
		}
		if !more {
			return false
		}
	}
}

func belowPosting() bool { return below("(*probe).posting") }

// onThread reports whether the caller is on the main thread. It is true where threads can't be
// told apart.
func (p *probe) onThread() bool { return host.CurrentThread() == p.thread }

// within waits for c, but no longer than patience.
func (p *probe) within(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	case <-time.After(p.patience):
		return false
	}
}

// returns runs fn on a new goroutine and reports whether it returned in time.
func (p *probe) returns(fn func()) bool {
	c := make(chan struct{})
	go func() { defer close(c); fn() }()
	return p.within(c)
}

// deadline fails the case unless met is called in time. Use it on the main goroutine, which may
// get stuck in the host.
func (p *probe) deadline(format string, args ...any) (met func()) {
	timer := time.AfterFunc(p.patience, func() { p.fail(format, args...) })
	return func() { timer.Stop() }
}

// poked waits as within does, and meanwhile keeps posting functions that do nothing. Use it in
// cases that are not about waking the loop: a loop that misses a wake-up should fail only the
// case about that.
func (p *probe) poked(c <-chan struct{}) bool {
	over := make(chan struct{})
	defer close(over)
	go func() {
		for {
			select {
			case <-over:
				return
			case <-time.After(10 * time.Millisecond):
				p.threadsafe(func() {})
			}
		}
	}()
	return p.within(c)
}

// inLoop runs fn once on the loop and waits for its end. It asks repeatedly, in case the host
// loses or ignores calls. It reports whether fn has ended. Any goroutine but the host's.
func (p *probe) inLoop(fn func()) bool {
	var once sync.Once
	done := make(chan struct{})
	late := time.Now().Add(p.patience)
	for {
		// on a goroutine, since the host may block it
		go p.threadsafe(func() { once.Do(func() { fn(); close(done) }) })
		select {
		case <-done:
			return true
		case <-time.After(20 * time.Millisecond):
			if time.Now().After(late) {
				return false
			}
		}
	}
}

// keepAwake gives the loop something to do all the time. Call it in a function on the host's
// thread, and only if the host is known not to run functions inline.
func (p *probe) keepAwake() {
	var link func(n int)
	var reached atomic.Int64
	link = func(n int) {
		if !reached.CompareAndSwap(int64(n), int64(n+1)) {
			return // the host ran it twice; two chains would become four
		}
		time.Sleep(100 * time.Microsecond) // leaves processor time to others
		p.threadsafe(func() { link(n + 1) })
	}
	link(0)
}

// A tally counts how often each of n functions ran.
type tally struct {
	mu      sync.Mutex
	runs    []int
	missing int
	all     chan struct{} // closed when each has run at least once
}

func newTally(n int) *tally {
	return &tally{runs: make([]int, n), missing: n, all: make(chan struct{})}
}

// ran records a run of the i-th function.
func (t *tally) ran(i int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.runs[i]++; t.runs[i] == 1 {
		if t.missing--; t.missing == 0 {
			close(t.all)
		}
	}
}

// lost returns how many functions never ran.
func (t *tally) lost() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.missing
}

// repeated returns how many functions ran more than once.
func (t *tally) repeated() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	n := 0
	for _, runs := range t.runs {
		if runs > 1 {
			n++
		}
	}
	return n
}

// A finding keeps the first fault that was seen.
type finding struct{ text atomic.Pointer[string] }

func (f *finding) saw(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	f.text.CompareAndSwap(nil, &text)
}

// judge gives the verdict: the fault that was seen, or a pass.
func (p *probe) judge(f *finding) {
	if text := f.text.Load(); text != nil {
		p.fail("%s", *text)
	}
	p.pass()
}
