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
}

var errBroken = errors.New("no display")

// brokenHosts are the hosts that the kit must tell apart. Each breaks one promise and keeps all
// others.
var brokenHosts = func() map[string]brokenHost {
	all := maps.Clone(brokenOpeners)
	for _, more := range []map[string]brokenHost{brokenPosters, brokenLoops, brokenOptions} {
		maps.Copy(all, more)
	}
	return all
}()

// brokenOpeners are those that do not open, and the sound ones.
var brokenOpeners = map[string]brokenHost{
	"sound":    {open: wrap(func(*wrapped) {})},
	"tiny":     {open: newTiny(func(*tiny) {})},
	"complete": {open: completed(func(*complete) {})},
	"panics in open": {
		func() (host.Mainloop, error) { panic(errBroken) },
		"opens", "the process died (exit status 2)\npanic: no display",
	},
	"exits in open": {
		func() (host.Mainloop, error) { os.Exit(0); return nil, nil },
		"opens", "the process exited without a verdict",
	},
	"does not open": {
		func() (host.Mainloop, error) { return nil, errBroken },
		"opens", "no display",
	},
	"opens nothing": {
		func() (host.Mainloop, error) { return nil, nil },
		"opens", "no host and no error",
	},
	"hangs in open": {
		func() (host.Mainloop, error) { select {} },
		"opens", "select (no cases)", // the child's goroutine dump
	},
	"spins in open": {
		func() (host.Mainloop, error) {
			for {
				runtime.Gosched()
			}
		},
		"opens", "the process hung and was killed after 8s",
	},
	"ends the goroutine in open": {
		func() (host.Mainloop, error) { runtime.Goexit(); return nil, nil },
		"opens", "ended the main goroutine",
	},
}
