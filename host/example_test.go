package host_test

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/host"
	"github.com/golodger/lodger/host/hosttest"
	"github.com/golodger/lodger/hosts/headless"
)

// A loop is a main loop that somebody else might have written: a queue of functions, and a thread that calls them.
type loop struct {
	mu     sync.Mutex
	queue  []func()
	wake   chan struct{}
	thread host.Thread
	own    bool // Mainloop runs it
	ended  bool
}

func newLoop() *loop { return &loop{wake: make(chan struct{}, 1)} }

func (l *loop) RunSyncSoonThreadsafe(fn func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.ended {
		l.queue = append(l.queue, fn)
	}
	l.poke()
}

func (l *loop) poke() {
	select {
	case l.wake <- struct{}{}:
	default: // it has been woken already
	}
}

func (l *loop) RunSyncSoonNotThreadsafe(fn func()) { l.RunSyncSoonThreadsafe(fn) }

func (l *loop) DoneCallback(outcome host.Outcome) {
	if l.own {
		l.end()
	}
}

func (l *loop) Mainloop(startGuest func() error) error {
	l.mu.Lock()
	l.thread, l.own = host.CurrentThread(), true
	l.mu.Unlock()
	defer l.end()
	if err := startGuest(); err != nil {
		return err
	}
	for {
		l.mu.Lock()
		queue, ended := l.queue, l.ended
		l.queue = nil
		l.mu.Unlock()
		switch {
		case ended:
			return nil
		case len(queue) == 0:
			<-l.wake
		}
		for _, fn := range queue {
			fn()
		}
	}
}

func (l *loop) OnThread() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.thread != 0 && l.thread == host.CurrentThread()
}

// end ends the loop after the functions that it has taken.
func (l *loop) end() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.ended, l.queue = true, nil
	l.poke()
}

func TestMain(m *testing.M) {
	hosttest.Main(m, func() (host.Mainloop, error) { return newLoop(), nil })
}

func TestLoopOfTheExampleKeepsTheRules(t *testing.T) { hosttest.Run(t) }

// A host is three methods, and a loop that works with guest.Run has a fourth. That it keeps the rules, the kit proves: see
// TestLoopOfTheExampleKeepsTheRules.
func ExampleHost() {
	err := guest.RunTask(newLoop(), func(ctx context.Context) error {
		defer fmt.Println("one millisecond later")
		return guest.Sleep(ctx, time.Millisecond)
	}, nil)
	fmt.Println(err)
	// Output:
	// one millisecond later
	// <nil>
}

// What a host can do beyond the three methods is asked for by its type.
func ExampleThreader() {
	var h host.Host = headless.New()
	_, threader := h.(host.Threader) // says whether one is on its thread
	_, enterer := h.(host.Enterer)   // runs functions after its loop has gone
	_, native := h.(host.Native)     // lets a nested loop be spun
	fmt.Println(threader, enterer, native)
	// Output: true false false
}

// The toolkit is chosen by name.
func ExampleOpen() {
	h, err := host.Open("headless") // which is registered by the package's init
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(guest.Run(h, func(context.Context) (string, error) { return "it runs", nil }, nil))
	// Output: it runs <nil>
}

// The outcome is what main has returned.
func ExampleOutcome() {
	h := telling{newLoop()}
	_, _ = guest.Run(h, func(context.Context) (int, error) { return 42, nil }, nil)
	// Output: 42 <nil>
}

type telling struct{ *loop }

func (h telling) DoneCallback(outcome host.Outcome) {
	fmt.Println(outcome.Unwrap())
	h.loop.DoneCallback(outcome)
}

// A locked goroutine stays on its thread; another has another.
func ExampleThread() {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	var here, there host.Thread = host.CurrentThread(), 0
	done := make(chan struct{})
	go func() {
		defer close(done)
		runtime.LockOSThread() // the thread ends with the goroutine
		there = host.CurrentThread()
	}()
	<-done
	fmt.Println(here == host.CurrentThread(), here == there)
	// Output: true false
}
