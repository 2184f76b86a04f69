package guesttest

import (
	"time"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/host"
	"github.com/golodger/lodger/hosts/headless"
)

// Options adjust a run. A nil *Options and the zero value mean the defaults.
type Options struct {
	// Guest are the options of the guest. Run makes it private, sends its log to the test's
	// unless it has a Logger, and takes what is unobserved for a failure unless it has an
	// OnError.
	Guest *guest.Options

	// RealTime runs the body without a bubble: time is real, and the body gets Run's own t.
	RealTime bool

	// Host lets the guest live in a toolkit's loop: it makes one, calls run with it, once, and
	// returns when run has. It is called on the goroutine that the loop is to run on. Unless
	// RealTime is set that is in the bubble, so the loop must wait in a way that testing/synctest
	// calls durably blocked: for a channel or a sync.Cond, and not in C or in a system call. The
	// guest is not private then; a body that makes the loop end has not failed for that. The
	// loop's Quit method, if it has one, ends a test that takes too long. While tasks are
	// shuffled, its Settle method, if it has one, is called instead of synctest.Wait: only one
	// goroutine of a bubble may be in that. Nil means a headless loop.
	Host func(run func(loop host.Mainloop))

	// Limit is how long the body and all its tasks may take. Zero means 24 h of virtual time,
	// or 30 s of real time.
	Limit time.Duration

	// HangAfter is how long, in real time, nothing in the bubble may run before Run says on
	// standard error what the test hangs in (see the package). Zero means 10 s, a negative value
	// never. It does not matter with RealTime.
	HangAfter time.Duration

	// Shuffle runs the tasks of a batch in a random order. The environment variable
	// LODGER_SHUFFLE goes before: "on" does so for all tests, a number is the seed to repeat,
	// "off" keeps the order.
	Shuffle bool
}

func (o *Options) guest() guest.Options {
	if o == nil || o.Guest == nil {
		return guest.Options{}
	}
	return *o.Guest
}

// hosted reports whether the loop is a toolkit's.
func (o *Options) hosted() bool { return o != nil && o.Host != nil }

// inLoop calls run with the loop that the guest is to live in.
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
