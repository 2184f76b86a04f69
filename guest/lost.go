package guest

import (
	"fmt"
	"log/slog"
	"path/filepath"
	"runtime"
	"strings"
)

// Nobody can say whether the error of a future will yet be looked at, except the garbage collector, once the last handle is
// gone. So a failed future that nobody has observed leaves a note with it, and whoever observes the error takes the note away. All of
// that costs only those who fail; a future that is made pays for noting where.

// A lostError is the note.
type lostError struct {
	cleanup runtime.Cleanup
	err     error
	made    place
	g       *Guest
}

// keepLost notes that e is about to be settled with err, unless somebody has observed it. The lock of e is held.
func (e *completion) keepLost(p *promise, err error) {
	if !p.close(err) || e.seen {
		return
	}
	l := &lostError{err: err, made: p.made, g: p.g}
	l.cleanup = runtime.AddCleanup(e, (*lostError).report, l)
	e.more().lost = l
}

// found: somebody has observed the error.
func (l *lostError) found() { l.cleanup.Stop() }

// report is called by the garbage collector, on a goroutine of its own: it must not go near a guest's loop, which may live in a
// synctest bubble.
func (l *lostError) report() {
	defer func() { _ = recover() }() // whatever the logger does
	log := slog.Default()
	if l.g != nil {
		l.g.reported.Add(1)
		log = l.g.opts.logger()
	}
	logUnobserved(log.With("future", "made at "+l.made.String()), l.err)
}

// A place is where in the user's code something was made: the innermost callers, to be looked at if it matters.
type place [4]uintptr

// here notes the callers of its caller.
func (p *place) here() { runtime.Callers(3, p[:]) }

// String returns file and line of the innermost caller outside of this package and those below it.
func (p *place) String() string {
	frames := runtime.CallersFrames(p[:])
	for {
		f, more := frames.Next()
		if f.PC != 0 && !strings.HasPrefix(f.Function, "github.com/golodger/lodger/guest.") {
			return fmt.Sprintf("%s:%d", filepath.Base(f.File), f.Line)
		}
		if !more {
			return "?"
		}
	}
}
