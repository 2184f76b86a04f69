package hosttest

import (
	"errors"
	"maps"
	"os"
	"runtime"

	"github.com/golodger/lodger/host"
)

// A brokenHost breaks what the case named by breaks is about, and nothing else. seen is part of
// the failure's text.
type brokenHost struct {
	open   func() (host.Mainloop, error)
	breaks string // empty: nothing
	seen   string
	hangs  bool // without a word: the watchdog has to find it
	opts   Options[host.Host]
}

var errBroken = errors.New("no display")

// brokenHosts are the hosts that the kit must tell apart. Each breaks one promise and keeps all
// others.
var brokenHosts = func() map[string]brokenHost {
	all := maps.Clone(brokenOpeners)
	for _, more := range []map[string]brokenHost{brokenPosters, brokenLoops, brokenOptions, brokenQuits, brokenTurns} {
		maps.Copy(all, more)
	}
	return all
}()

// brokenOpeners are those that do not open, and the sound ones.
var brokenOpeners = map[string]brokenHost{
	"sound":            {open: wrap(func(*wrapped) {})},
	"tiny":             {open: newTiny(func(*tiny) {})},
	"tiny with events": {open: newTiny(func(*tiny) {}), opts: tinyOptions},
	"complete":         {open: completed(func(*complete) {}), opts: wrappedOptions},
	"does not lock its goroutine": {
		open: away(false), breaks: "rule2-one-thread", seen: "ran on thread",
		opts: Options[host.Host]{OwnGoroutine: true},
	},
	"panics in open": {
		open:   func() (host.Mainloop, error) { panic(errBroken) },
		breaks: "opens", seen: "the process died (exit status 2)\npanic: no display",
	},
	"exits in open": {
		open:   func() (host.Mainloop, error) { os.Exit(0); return nil, nil },
		breaks: "opens", seen: "the process exited without a verdict",
	},
	"does not open": {
		open:   func() (host.Mainloop, error) { return nil, errBroken },
		breaks: "opens", seen: "no display",
	},
	"opens nothing": {
		open:   func() (host.Mainloop, error) { return nil, nil },
		breaks: "opens", seen: "no host and no error",
	},
	"hangs in open": {
		open:   func() (host.Mainloop, error) { select {} },
		hangs:  true,
		breaks: "opens", seen: "select (no cases)", // the child's goroutine dump
	},
	"spins in open": {
		open: func() (host.Mainloop, error) {
			for {
				runtime.Gosched()
			}
		},
		hangs:  true,
		breaks: "opens", seen: "the process hung and was killed after 4s",
	},
	"ends the goroutine in open": {
		open:   func() (host.Mainloop, error) { runtime.Goexit(); return nil, nil },
		breaks: "opens", seen: "ended the main goroutine",
	},
}
