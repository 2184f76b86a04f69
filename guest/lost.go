package guest

import (
	"fmt"
	"log/slog"
	"path/filepath"
	"runtime"

	"github.com/golodger/lodger/internal/stacks"
)

// Only the garbage collector can tell that no code will look at the error of a future any more:
// when the last handle is gone. So a failed future that is not observed yet, and that no scope
// waits for, gets a note. The code that observes the error takes the note away. Only failed
// futures pay for that. A future of NewFuture also pays for recording where it was made.

// A lostError is such a note.
type lostError struct {
	err     error
	g       *Guest  // the guest that reports it; may be nil
	made    site    // where the future was made; or
	pc      uintptr // the function of the task that settled it
	cleanup runtime.Cleanup
	taken   claim // by an observer, by the collector, or by the scope at its end
}

// keepLost attaches l to e, which is not observed yet. The lock of e is held.
func (e *completion) keepLost(l *lostError) {
	l.g.countLost(1)
	l.cleanup = runtime.AddCleanup(e, (*lostError).report, l)
	e.more().lost = l
}

// note attaches a note to a failed task. It returns nil if code has observed the failure.
func (t *Task) note() *lostError {
	e := &t.end
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.heeds(e.err) {
		return nil
	}
	l := &lostError{err: e.err, g: t.scope.g, pc: t.pc()}
	e.keepLost(l)
	return l
}

// take returns the error to the first caller, and nil to all others.
func (l *lostError) take() error {
	if !l.taken.take() {
		return nil
	}
	err := l.err
	l.err = nil
	return err
}

// found is take for all callers but the collector.
func (l *lostError) found() error {
	l.cleanup.Stop()
	err := l.take()
	if err != nil {
		l.g.countLost(-1)
	}
	return err
}

// The garbage collector calls report on its own goroutine. report must not wake a guest's loop,
// which may live in a synctest bubble. So the UI thread learns of the error only in its next
// turn.
func (l *lostError) report() {
	err := l.take()
	if err == nil {
		return
	}
	defer l.g.countLost(-1) // when it has been reported
	log, g, u := slog.Default(), l.g, l.unobserved(err)
	if g != nil {
		if (g.listener() != nil || l.pc != 0 && isPanic(err)) && g.pump.PostQuietly(func() { g.unobserved(u) }) {
			return
		}
		for log = g.opts.logger(); g != nil; g = g.opts.parent() {
			g.errors.reported.Add(1)
		}
	}
	defer func() { _ = recover() }() // the logger may panic
	logUnobserved(log, u)
}

// unobserved returns the error in the form in which it is reported.
func (l *lostError) unobserved(err error) *UnobservedError {
	if l.pc != 0 {
		return unobservedIn(l.pc, err)
	}
	return &UnobservedError{At: l.made.String(), Err: err}
}

// countLost counts the open notes, in the guest and those above it. Any goroutine.
func (g *Guest) countLost(n int64) {
	for ; g != nil; g = g.opts.parent() {
		g.errors.lost.Add(n)
	}
}

// A site is a place in the program's code where a future was made: who called the function of
// the library that made it, and the caller above that, in case the first is of the library, too.
// So the library makes no future deeper than that, unless it looks at the result itself. The
// callers are resolved only if needed. Every further one would make NewFuture a fifth slower.
type site [2]uintptr

// here records the callers of the function that has called newFuture.
func (p *site) here() { runtime.Callers(4, p[:]) }

// callSite returns file and line of the innermost caller outside the library.
func callSite() string {
	var pcs [16]uintptr
	return userFrame(pcs[:runtime.Callers(2, pcs[:])])
}

// String returns file and line of the innermost caller outside the library.
func (p *site) String() string { return userFrame(p[:]) }

// userFrame returns file and line of the first caller outside the library.
func userFrame(pcs []uintptr) string {
	frames := runtime.CallersFrames(pcs)
	for {
		f, more := frames.Next()
		if f.PC != 0 && !ofLibrary(f) {
			return fmt.Sprintf("%s:%d", filepath.Base(f.File), f.Line)
		}
		if !more {
			return "?"
		}
	}
}

// ofLibrary reports whether a line belongs to guest, hosts or a package below them. Their tests
// count as programs.
func ofLibrary(f runtime.Frame) bool { return stacks.OfLibrary(f.File) }
