package guest

import (
	"fmt"
	"log/slog"
	"path/filepath"
	"runtime"

	"github.com/golodger/lodger/internal/stacks"
)

// Only the garbage collector can say that the error of a future will not be looked at any more:
// once the last handle is gone. So a failed future that is not observed yet, and that no scope
// waits for, leaves a note with it, and whoever observes the error takes the note
// away. All of that costs only those who fail; a future that is made by NewFuture pays for
// noting where.

// A lostError is the note.
type lostError struct {
	err     error
	g       *Guest  // that it is reported to; may be nil
	made    site    // of the future; or
	pc      uintptr // of the function of the task that settled it
	cleanup runtime.Cleanup
	taken   claim // by the one who looks, by the collector, or by the scope when it ends
}

// keepLost leaves l with e, which is not observed yet. The lock of e is held.
func (e *completion) keepLost(l *lostError) {
	l.g.countLost(1)
	l.cleanup = runtime.AddCleanup(e, (*lostError).report, l)
	e.more().lost = l
}

// note leaves a note with a task that has failed; it is nil if somebody has observed the failure.
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

// take returns the error to the one who is first to ask, and nil to all others.
func (l *lostError) take() error {
	if !l.taken.take() {
		return nil
	}
	err := l.err
	l.err = nil
	return err
}

// found is take for all but the collector.
func (l *lostError) found() error {
	l.cleanup.Stop()
	err := l.take()
	if err != nil {
		l.g.countLost(-1)
	}
	return err
}

// report is called by the garbage collector, on a goroutine of its own: it must not wake a
// guest's loop, which may live in a synctest bubble. So who wants to hear of it on the UI
// thread hears in the next turn.
func (l *lostError) report() {
	err := l.take()
	if err == nil {
		return
	}
	defer l.g.countLost(-1) // when it is told
	log, g, u := slog.Default(), l.g, l.unobserved(err)
	if g != nil {
		if (g.listener() != nil || l.pc != 0 && isPanic(err)) && g.pump.PostQuietly(func() { g.unobserved(u) }) {
			return
		}
		for log = g.opts.logger(); g != nil; g = g.opts.parent() {
			g.errors.reported.Add(1)
		}
	}
	defer func() { _ = recover() }() // whatever the logger does
	logUnobserved(log, u)
}

// unobserved is the error as it is reported.
func (l *lostError) unobserved(err error) *UnobservedError {
	if l.pc != 0 {
		return unobservedIn(l.pc, err)
	}
	return &UnobservedError{At: l.made.String(), Err: err}
}

// countLost counts the notes that are out, with the guest and those above it. Any goroutine.
func (g *Guest) countLost(n int64) {
	for ; g != nil; g = g.opts.parent() {
		g.errors.lost.Add(n)
	}
}

// A caller is where in the user's code something was made: the innermost callers, to be looked
// at if it matters.
type site [4]uintptr

// here notes the callers of its caller.
func (p *site) here() { runtime.Callers(3, p[:]) }

// callSite returns file and line of the innermost caller outside of the library.
func callSite() string {
	var pcs [16]uintptr
	return userFrame(pcs[:runtime.Callers(2, pcs[:])])
}

// String returns file and line of the innermost caller outside of the library.
func (p *site) String() string { return userFrame(p[:]) }

// userFrame returns file and line of the first of the callers that is outside of the library.
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

// ofLibrary reports whether a line belongs to the packages guest and hosts, or to one below
// them. Their tests are users.
func ofLibrary(f runtime.Frame) bool { return stacks.OfLibrary(f.File) }
