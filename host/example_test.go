package host_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/host"
	"github.com/golodger/lodger/host/hosttest"
	"github.com/golodger/lodger/hosts/headless"
)

// A loop stands for a toolkit's main loop: it sleeps until it is woken, and then calls back.
// With a host.Queue the rest of a host is short.
type loop struct {
	queue *host.Queue
	woken chan struct{}
}

func newLoop() *loop {
	l := &loop{woken: make(chan struct{}, 1)}
	l.queue = host.NewQueue(l.wake)
	return l
}

func (l *loop) wake() { // the toolkit's "call me soon", on any goroutine
	select {
	case l.woken <- struct{}{}:
	default: // it has been woken already
	}
}

func (l *loop) RunSyncSoonThreadsafe(fn func())    { l.queue.Post(fn) }
func (l *loop) RunSyncSoonNotThreadsafe(fn func()) { l.queue.Post(fn) }
func (l *loop) OnThread() bool                     { return l.queue.OnThread() }
func (l *loop) DoneCallback(host.Outcome)          { l.queue.End() }

func (l *loop) Mainloop(startGuest func() error) error {
	l.queue.Begin()
	defer l.queue.End() // also when a function panics
	if err := startGuest(); err != nil {
		return err
	}
	for l.queue.Run() {
		<-l.woken
	}
	return nil
}

func TestMain(m *testing.M) {
	hosttest.Main(m, func() (*loop, error) { return newLoop(), nil }, nil)
}

func TestLoopOfTheExampleKeepsTheRules(t *testing.T) { hosttest.Run(t) }

// A host is three methods, and a loop that works with guest.Run has a fourth. That it keeps
// the rules, the kit proves: see TestLoopOfTheExampleKeepsTheRules.
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

// The queue asks for one wake-up, however much is posted, and Run calls what waits by then.
func ExampleQueue() {
	q := host.NewQueue(func() { fmt.Println("wake the loop") })
	q.Post(func() {
		fmt.Println("first")
		q.Post(func() { fmt.Println("third") })
	})
	q.Post(func() { fmt.Println("second") })
	q.Begin() // on the loop's thread, once it can be woken
	q.Run()   // when the loop has woken up
	q.Run()   // and again
	q.End()
	q.Post(func() { fmt.Println("never") })
	fmt.Println(q.Run())
	// Output:
	// wake the loop
	// first
	// wake the loop
	// second
	// third
	// false
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

// A host of a program's own is opened by its name as those of the library are.
func ExampleRegister() {
	host.Register("example", func() (host.Mainloop, error) { return newLoop(), nil })
	fmt.Println(slices.Contains(host.Names(), "example"))
	h, err := host.Open("example")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(guest.RunTask(h, func(context.Context) error { return nil }, nil))
	// Output:
	// true
	// <nil>
}

// Go code that C has called is one deeper than what calls C. A host keeps what it calls at one
// depth; headless calls from plain Go.
func ExampleCallbackDepth() {
	fmt.Println(host.CallbackDepth())
	// Output: 0
}
