package hosttest

import (
	"errors"
	"reflect"

	"github.com/golodger/lodger/host"
)

// Options say what the kit cannot know of a host and of its toolkit. A nil *Options is fine.
// Each field that is set brings cases of its own; without it they are skipped, and say so. The
// functions get the host that open has made.
type Options[H host.Host] struct {
	// Loop runs the loop as a program does that runs it itself, and returns when it has ended.
	// It is called on the main goroutine. A host that has no Mainloop needs Loop and Quit.
	Loop func(h H) error

	// Quit ends the loop as the toolkit's own quit does, without a word to the host. It is called
	// in a posted function, and must not wait.
	Quit func(h H)

	// Event asks the toolkit, and not the host, to call fn once on its loop, soon: by a timer,
	// an event or a message. Any goroutine. It must not wait.
	Event func(h H, fn func())

	// OwnGoroutine says that the loop runs on a goroutine of its own, which the host locks to its
	// thread, and not on the one that calls Mainloop. Programs start their guest there, by
	// guest.Start; guest.Run refuses such a loop.
	OwnGoroutine bool

	// Bubble says that open and the loop work in a testing/synctest bubble. Then [Ordeal] takes
	// virtual time, and tries every step.
	Bubble bool

	// Exec stands before the command of each child, as "qemu-aarch64", "-L", "/usr/aarch64".
	// The environment variable HOSTTEST_EXEC, with words between spaces, replaces it.
	Exec []string
}

// A kit is what [Main] was given, without the host's type. What the options lack is nil.
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
	errNoLoop = errors.New("the host has no Mainloop; tell hosttest.Main by Options.Loop how a program runs the loop, " +
		"and by Options.Quit how it ends")
)

// host opens a host, and makes a Mainloop of one that is none.
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

// driven is a host whose loop the program runs itself, as a Mainloop. The guest starts before
// the loop, as with guest.Start, and the program ends the loop when the guest has ended.
type driven struct {
	host.Host
	kit *kit
}

func (d *driven) Mainloop(startGuest func() error) error {
	if err := startGuest(); err != nil {
		return err
	}
	return d.kit.loop(d.Host)
}

func (d *driven) DoneCallback(o host.Outcome) {
	d.Host.DoneCallback(o)
	d.kit.quit(d.Host)
}
