package guesttest

import (
	"time"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/host"
	"github.com/golodger/lodger/hosts/headless"
)

// Options adjust a run. A nil *Options and the zero value mean the defaults.
type Options struct {
	// Guest holds the options of the guest. Run makes the guest private, unless there is a
	// Host. It sends the guest's log to the test's log unless there is a Logger, and treats
	// unobserved errors as failures unless there is an OnError.
	Guest *guest.Options

	// RealTime runs the body without a bubble: time is real, and the body gets Run's own t.
	RealTime bool

	// Host runs the guest in a toolkit's loop. It makes the loop, calls run with it once, on the
	// goroutine that the loop is to run on, and returns when run has returned. Run calls Host on
	// its own goroutine. Nil means a headless loop.
	//
	// Unless RealTime is set, that goroutine must be in the bubble. So the loop must wait in a
	// way that testing/synctest calls durably blocked: on a channel or a sync.Cond, not in C or
	// in a system call. With a Host the guest is not private. A body that makes the loop end
	// has not failed.
	//
	// If the loop has a Quit method, it ends a test that takes too long. If the loop has a
	// Settle method, it replaces synctest.Wait while tasks are shuffled, since only one
	// goroutine of a bubble may be in synctest.Wait.
	Host func(run func(loop host.Mainloop))

	// Limit is how long the body and all its tasks may take. Zero means 24 h of virtual time,
	// or 30 s of real time.
	Limit time.Duration

	// HangAfter is how long nothing in the bubble may run, in real time, before Run prints on
	// standard error why the test hangs (see the package comment). Zero means 10 s. A negative
	// value turns this off. With RealTime it has no effect.
	HangAfter time.Duration

	// Shuffle runs the tasks of a batch in a random order. The environment variable
	// LODGER_SHUFFLE overrides it: "on" shuffles all tests, a number is the seed to repeat,
	// "off" keeps the order.
	Shuffle bool
}

func (o *Options) guest() guest.Options {
	if o == nil || o.Guest == nil {
		return guest.Options{}
	}
	return *o.Guest
}

// hosted reports whether a toolkit's loop runs the guest.
func (o *Options) hosted() bool { return o != nil && o.Host != nil }

// inLoop calls run with the loop that runs the guest.
func (o *Options) inLoop(run func(host.Mainloop)) {
	if o.hosted() {
		o.Host(run)
		return
	}
	run(headless.New())
}

func (o *Options) realTime() bool { return o != nil && o.RealTime }

func (o *Options) limit() time.Duration {
	switch {
	case o != nil && o.Limit > 0:
		return o.Limit
	case o.realTime():
		return 30 * time.Second
	}
	return 24 * time.Hour
}

func (o *Options) hangAfter() time.Duration {
	if o == nil || o.HangAfter == 0 {
		return 10 * time.Second
	}
	return o.HangAfter
}

func (o *Options) shuffle() bool { return o != nil && o.Shuffle }
