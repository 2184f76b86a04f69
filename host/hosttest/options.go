package hosttest

import (
	"errors"
	"reflect"
	"sync/atomic"

	"github.com/golodger/lodger/host"
)

// Options tell the kit what it can't know about a host and its toolkit. A nil *Options is fine.
// Loop and Quit add cases; without them these cases are skipped, and say so. Event makes some
// cases stricter. The functions get the host that open has made.
type Options[H host.Host] struct {
	// Loop runs the loop as a program does that runs it itself, and returns when the loop has
	// ended. It is called on the main goroutine. A host without a Mainloop needs Loop and Quit.
	Loop func(h H) error

	// Quit ends the loop as the toolkit's own quit does, without telling the host. It is called
	// on the host's thread while the loop runs, in a posted function or a task. It must not wait.
	Quit func(h H)

	// Event asks the toolkit, not the host, to call fn soon, once, on its loop: by a timer, an
	// event or a message. It is called on any goroutine. It must not wait.
	Event func(h H, fn func())

	// OwnGoroutine says that the loop runs on its own goroutine, which the host locks to its
	// thread, and not on the goroutine that calls Mainloop. For such a loop programs start their
	// guest with guest.Start; guest.Run refuses it.
	OwnGoroutine bool

	// Bubble says that open and the loop work in a testing/synctest bubble. Then [Ordeal] runs
	// in virtual time and tries every step.
	Bubble bool

	// Exec comes before the command of each child, such as "qemu-aarch64", "-L", "/usr/aarch64".
	// The environment variable HOSTTEST_EXEC replaces it; its words are separated by spaces.
	Exec []string
}

// A kit holds the arguments of [Main] without the host's type. Options that are not set are nil.
type kit struct {
	open  func() (host.Host, error)
	loop  func(h host.Host) error
	quit  func(h host.Host)
	event func(h host.Host, fn func())

	ownGoroutine, bubble bool
	exec                 []string
}

func newKit[H host.Host](open func() (H, error), opts *Options[H]) *kit {
	if opts == nil {
		opts = &Options[H]{}
	}
	k := &kit{ownGoroutine: opts.OwnGoroutine, bubble: opts.Bubble, exec: opts.Exec}
	k.open = func() (host.Host, error) {
		h, err := open()
		return h, err
	}
	if opts.Loop != nil {
		k.loop = func(h host.Host) error { return opts.Loop(h.(H)) }
	}
	if opts.Quit != nil {
		k.quit = func(h host.Host) { opts.Quit(h.(H)) }
	}
	if opts.Event != nil {
		k.event = func(h host.Host, fn func()) { opts.Event(h.(H), fn) }
	}
	return k
}

var (
	errNoHost = errors.New("no host and no error")
	errNoLoop = errors.New("the host has no Mainloop; set Options.Loop of hosttest.Main, which runs the loop, " +
		"and Options.Quit, which ends it")
)

// host opens a host, and makes a Mainloop of it if it is not one.
func (k *kit) host() (real host.Host, h host.Mainloop, err error) {
	real, err = k.open()
	if err == nil && isNil(real) {
		err = errNoHost
	}
	if err != nil {
		return nil, nil, err
	}
	if h, ok := real.(host.Mainloop); ok {
		return real, h, nil
	}
	if k.loop == nil || k.quit == nil {
		return nil, nil, errNoLoop
	}
	return real, &driven{Host: real, kit: k}, nil
}

func isNil(h host.Host) bool {
	v := reflect.ValueOf(h)
	return !v.IsValid() || v.Kind() == reflect.Pointer && v.IsNil()
}

// A driven is a Mainloop made of a host whose loop the program runs itself. The guest starts
// before the loop, as with guest.Start. The program ends the loop when the guest has ended.
type driven struct {
	host.Host
	kit   *kit
	loops atomic.Bool // the program runs the loop
}

func (d *driven) Mainloop(startGuest func() error) error {
	if err := startGuest(); err != nil {
		return err
	}
	d.loops.Store(true)
	defer d.loops.Store(false)
	return d.kit.loop(d.Host)
}

// DoneCallback quits the loop, unless it has ended: a toolkit's quit may crash then.
func (d *driven) DoneCallback(o host.Outcome) {
	d.Host.DoneCallback(o)
	if d.loops.Load() {
		d.kit.quit(d.Host)
	}
}
