package guest

import (
	"cmp"
	"context"
	"errors"
	"reflect"
	"runtime"

	"github.com/golodger/lodger/guest/internal/place"
	"github.com/golodger/lodger/host"
)

// Run runs the host's loop on the calling goroutine, with a guest whose first task is main, and
// returns main's result when the loop and the guest have ended. Waits. It locks the goroutine
// to its thread meanwhile. Toolkits need the process's main goroutine, locked since init; see
// the host's documentation.
//
// With a nil main the guest runs until Cancel. If the loop ends before the guest has, all tasks
// are cancelled with the cause ErrHostGone and unwound before Run returns (see Finish). A panic
// in a task is returned as an error, a *PanicError. A panic that leaves the loop itself goes on
// when the tasks have unwound. You may call Run inside a task of another guest; it blocks that
// guest until it returns. Run panics if h is nil. It returns an error if the host value has, or
// had, a guest.
func Run[T any](h host.Mainloop, main func(ctx context.Context) (T, error), opts *Options) (T, error) {
	var value T
	var b body
	if main != nil {
		b = &mainBody[T]{main, &value}
	}
	err := run("Run", h, b, func() any { return value }, opts)
	return value, err
}

// RunTask is [Run] for a main function without a result. Use it in a program with windows. A
// closed window is not a failure: if main's error says only that the guest was asked to quit,
// or that the loop has ended ([IsQuit]), as in return guest.Park(ctx), RunTask returns nil.
func RunTask(h host.Mainloop, main func(ctx context.Context) error, opts *Options) error {
	var b body
	if main != nil {
		b = plainBody(main)
	}
	err := run("RunTask", h, b, nil, opts)
	if IsQuit(err) {
		return nil
	}
	return err
}

func run(verb string, h host.Mainloop, main body, value func() any, opts *Options) error {
	var plain host.Host
	if h != nil {
		plain = h
	}
	g, err := newGuest(verb, plain, main, opts)
	if err != nil {
		return err
	}
	g.value = value
	return g.runIn(h)
}

// mainBody keeps main's result for Run.
type mainBody[T any] struct {
	fn    func(ctx context.Context) (T, error)
	value *T
}

func (m *mainBody[T]) run(ctx context.Context) (err error) {
	*m.value, err = m.fn(ctx)
	return err
}

func (m *mainBody[T]) pc() uintptr { return reflect.ValueOf(m.fn).Pointer() }

var (
	errStartedTwice = errors.New("guest: the host started the guest twice; it must call startGuest only once")
	errNotStarted   = errors.New("guest: the host's loop ended without starting the guest")
	errStartedAway  = errors.New("guest: the host started the guest outside Mainloop, or on another thread; " +
		"it must call startGuest in Mainloop, on the same goroutine")
)

// lodges reports whether another guest lives on the calling thread: the goroutine is locked to
// it then. To lock it once more would end the process, if the other's tasks are resumed in the
// loop that g runs.
func (g *Guest) lodges() bool {
	thread := host.CurrentThread()
	for _, p := range place.Live() {
		if p != &g.place && thread != 0 && !p.Vacated() && p.Hosts(thread) {
			return true
		}
	}
	return false
}

func (g *Guest) runIn(h host.Mainloop) (err error) {
	// one thread, and one lock count, for all goroutines there
	if runtime.GOARCH != "wasm" && !g.lodges() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
	}
	// this is a loop inside another guest's task, which can't wait meanwhile
	if t := runningHere(); t != nil {
		outer := t.scope.g
		outer.pump.SetCurrent(nil)
		defer func() { outer.pump.SetCurrent(&t.coro.Coro) }()
	}
	r := mainloopRun{g: g, thread: host.CurrentThread(), depth: host.CallbackDepth()}
	defer func() { err = r.ended(err) }() // also if the loop panics
	g.life.inLoop.Store(true)
	err = h.Mainloop(r.start)
	r.returned = true
	return err
}

// A mainloopRun is one call of a host's Mainloop.
type mainloopRun struct {
	g        *Guest
	thread   host.Thread
	depth    int // of C callbacks, before
	started  bool
	returned bool
}

// start is the startGuest that Mainloop calls.
func (r *mainloopRun) start() error {
	g := r.g
	if !g.life.inLoop.Load() || host.CurrentThread() != r.thread {
		return errStartedAway
	}
	if r.started {
		return errStartedTwice
	}
	r.started = true
	g.place.Settle(r.thread)
	g.place.Bind()
	g.begin()
	return nil
}

// ended finishes the guest after the loop, which has returned err. It returns the run's error.
func (r *mainloopRun) ended(err error) error {
	g := r.g
	g.life.inLoop.Store(false)
	if !r.returned && onStack("runtime.Goexit") {
		g.once("goexit", func() {
			g.opts.logger().Error("guest: runtime.Goexit (t.FailNow and require call it) outside a task ends the loop's goroutine; " +
				"tasks unwind, and the program does not continue. Call it only in tasks")
		})
	}
	g.place.Discount(r.depth)
	if !r.started {
		g.life.detach()
		return cmp.Or(err, errNotStarted)
	}
	switch report := g.Finish(); {
	case err == nil:
		return report.Err
	case report.Err != nil:
		return errors.Join(report.Err, err)
	}
	return err
}
