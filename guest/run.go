package guest

import (
	"context"
	"errors"
	"reflect"
	"runtime"

	"github.com/golodger/lodger/host"
)

// Run runs the host's loop on the calling goroutine, with a guest whose first task is main, and returns main's result when both
// have ended. Waits. It locks the goroutine to its thread meanwhile. Toolkits want the process's main goroutine, locked
// since init; see the host's own documentation.
//
// A nil main means: until Cancel. If the loop ends before the guest has, all tasks are cancelled with the cause ErrHostGone and
// unwound before Run returns (see Finish). A panic in a task ends up in the error, as a *PanicError; a panic that leaves
// the loop itself goes on when the tasks have unwound. Run inside a task of another guest is allowed, and holds that one up until it
// returns. Run panics if h is nil; a host value that has, or had, a guest gives ErrHostBusy.
func Run[T any](h host.Mainloop, main func(ctx context.Context) (T, error), opts *Options) (T, error) {
	var value T
	var b body
	if main != nil {
		b = &mainBody[T]{main, &value}
	}
	err := run("Run", h, b, func() any { return value }, opts)
	return value, err
}

// RunTask is [Run] for a main function without a result, as a program with windows has. A closed window is no failure: when main only
// answers that the guest was asked to quit, or that the loop has ended ([IsQuit]), as in return guest.Park(ctx), RunTask returns nil.
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

// mainBody keeps main's result where Run looks for it.
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
	errStartedTwice = errors.New("guest: the host started the guest twice; startGuest is to be called once")
	errNotStarted   = errors.New("guest: the host's loop ended without starting the guest")
	errStartedAway  = errors.New("guest: the host started the guest outside Mainloop, or on another thread; " +
		"startGuest is to be called in Mainloop, on its goroutine")
)

// lodges reports whether another guest lives on the calling thread: the goroutine is locked to it then. To lock it once more would end the
// process, if the other's tasks are resumed in the loop that g runs.
func (g *Guest) lodges() bool {
	thread := uint64(host.CurrentThread())
	for _, other := range liveGuests() {
		if other != g && thread != 0 && !other.over.Load() && other.thread.Load() == thread {
			return true
		}
	}
	return false
}

func (g *Guest) runIn(h host.Mainloop) (err error) {
	if runtime.GOARCH != "wasm" && !g.lodges() { // one thread, and one lock count, for all goroutines there
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
	}
	if t := runningHere(); t != nil { // a loop inside another guest's task: that one can't wait meanwhile
		outer := t.scope.g
		outer.current = nil
		defer func() { outer.current = t }()
	}
	started, returned := false, false
	depth := host.CallbackDepth()
	defer func() {
		g.inLoop.Store(false)
		if !returned && called("runtime.Goexit") {
			g.once("goexit", func() {
				g.opts.logger().Error("guest: runtime.Goexit (t.FailNow and require call it) outside tasks ends the goroutine of the loop; " +
					"tasks unwind, and the program goes no further. Call it in a task")
			})
		}
		g.dead = host.CallbackDepth() - depth
		if !started {
			g.detach()
			if err == nil {
				err = errNotStarted
			}
			return
		}
		switch report := g.Finish(); {
		case err == nil:
			err = report.Err
		case report.Err != nil:
			err = errors.Join(report.Err, err)
		}
	}()
	thread := host.CurrentThread()
	g.inLoop.Store(true)
	err = h.Mainloop(func() error {
		if !g.inLoop.Load() || host.CurrentThread() != thread {
			return errStartedAway
		}
		if started {
			return errStartedTwice
		}
		started = true
		g.thread.Store(uint64(thread))
		g.bind()
		g.begin()
		return nil
	})
	returned = true
	return err
}
