package guest

import (
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"

	"github.com/golodger/lodger/internal/stacks"
)

// An error that is never observed is never silent: it goes to OnError, or to the log. This file
// decides which. The errors come from supervised scopes (scope.go), posted functions (client.go)
// and futures that are garbage (lost.go).

// An errorLog is the guest's record of unobserved errors and of what it has logged.
type errorLog struct {
	reported atomic.Int64 // errors and panics that were not observed
	lost     atomic.Int64 // failed futures that may yet be observed
	said     sync.Map     // keys of once

	handling, logging bool // a posted function calls OnError, or the logger. UI thread only
}

// An UnobservedError is what Options.OnError gets: an error that no code has observed, and
// where it comes from.
type UnobservedError struct {
	// Task is the function of the task that failed, such as "main.save"; "" for a posted function
	// and for a future that no task settles.
	Task string

	// At is the file and line of that function, or of the call that made the future; "" for a
	// posted function.
	At string

	Err error

	name string // the task's name from inspect.Named, or ""
}

// Error returns where the error comes from, and the text of Err.
func (u *UnobservedError) Error() string {
	switch {
	case u.Task != "":
		return u.task() + ": " + u.Err.Error()
	case u.At != "":
		return "future " + u.future() + ": " + u.Err.Error()
	}
	return u.Err.Error()
}

// Unwrap returns Err.
func (u *UnobservedError) Unwrap() error { return u.Err }

func (u *UnobservedError) task() string {
	if u.At == "" {
		return u.Task
	}
	return u.Task + " (" + u.At + ")"
}

// log names the task in logs.
func (u *UnobservedError) log() slog.Attr { return taskGroup(u.name, u.Task, u.At) }

// logAttrs name the task in logs, if it is known.
func (u *UnobservedError) logAttrs() []any {
	if u.Task == "" {
		return nil
	}
	return []any{u.log()}
}

func (u *UnobservedError) future() string { return "made at " + u.At }

// unobservedIn makes the error of the task whose function is pc.
func unobservedIn(pc uintptr, err error) *UnobservedError {
	name, at := funcPlace(pc)
	return &UnobservedError{Task: name, At: at, Err: err}
}

// unobservedOf makes the error of t; nil means an unknown task.
func unobservedOf(t *Task, err error) *UnobservedError {
	if t == nil {
		return &UnobservedError{Err: err}
	}
	u := unobservedIn(t.pc(), err)
	u.name = t.name()
	return u
}

// unobservedPost makes the error of a posted function, or of a function that is called like one.
func unobservedPost(err error) *UnobservedError { return &UnobservedError{Err: err} }

// unobserved handles an error that no other code gets. It passes the error on from a coroutine,
// like a posted function, so that no handler or logger can harm the loop. UI thread only.
func (g *Guest) unobserved(u *UnobservedError) {
	if isWindowClosed(u.Err) || isFailedCancellation(u.Err) && !isPanic(u.Err) {
		return // it is not a failure, or it is logged
	}
	g.errors.reported.Add(1)
	listener := g.listener()
	if listener != nil && listener != g {
		if listener.post(func() { listener.unobserved(u) }) == nil {
			return
		}
		listener.errors.reported.Add(1) // it goes to no OnError, but to its log
	}
	if listener != g || g.errors.handling {
		if u.Task != "" && listener == nil && isPanic(u.Err) {
			g.root.failAs(u, nil)
		}
		g.pushLog(func() { g.logError(u) })
		return
	}
	g.pump.Push(func() {
		g.errors.handling = true // an error in the handler itself is only logged
		heard := false
		defer func() {
			if !heard {
				g.errors.logging = true
				g.logError(u)
				g.errors.logging = false
			}
		}()
		p := catch(func() { g.opts.OnError(u) })
		if heard = p == nil; !heard {
			g.unobserved(unobservedPost(p))
		}
		g.errors.handling = false // not after a Goexit: see exited
	})
}

// pushLog calls write, which logs, from a coroutine, as unobserved does. UI thread only.
func (g *Guest) pushLog(write func()) {
	g.pump.Push(func() {
		g.errors.logging = true
		write()
		g.errors.logging = false
	})
}

// failedCancelled logs the failure of function pc, which was cancelled before it failed. The
// result has the failure, too, but looks like a cancellation. Without a guest, or after its end,
// it is logged here. Any goroutine.
func (g *Guest) failedCancelled(pc uintptr, err error) {
	write := func(log *slog.Logger) { log.Warn("guest: failed after its cancellation", slog.Any("err", err)) }
	if g == nil {
		defer func() { _ = recover() }() // the logger may panic
		write(slog.Default().With(logFunc(pc)))
		return
	}
	if g.post(func() {
		g.errors.logging = true
		g.logIn(pc, write)
		g.errors.logging = false
	}) != nil {
		g.logIn(pc, write)
	}
}

// lateStart counts a start that was refused because the scope or the guest has ended. It logs
// the start once for each place in the program, since nothing else may tell why a button does
// nothing. If a toolkit calls the start, the place is the toolkit's, so the log also names pc,
// the function that does not run. While the guest ends, late starts are expected. Any goroutine.
// The caller holds no lock, since the program's log handler may do anything.
func (g *Guest) lateStart(pc uintptr) {
	over := g.over()
	if over {
		g.refused.Add(1)
	} else if g.life.is(cancelled) {
		return
	}
	at := callSite()
	g.once("late start at "+at+" of "+funcName(pc), func() {
		what := "the scope has ended; the function never runs. A scope ends when its function returns, or its window " +
			"closes: let that function wait with guest.Park, or use a context that lasts longer"
		if over {
			what = "the guest has ended; the function never runs"
		}
		g.logIn(pc, func(log *slog.Logger) { log.Warn("guest: a start was refused, since "+what, "at", at) })
	})
}

// listener returns the guest whose OnError gets unobserved errors: this guest, or the nearest
// parent with an OnError; nil if there is none. Any goroutine.
func (g *Guest) listener() *Guest {
	for g != nil && g.opts.onError() == nil {
		g = g.opts.parent()
	}
	return g
}

// logError logs an unobserved error. It never panics, even if the logger does.
func (g *Guest) logError(u *UnobservedError) {
	defer func() { _ = recover() }()
	logUnobserved(g.opts.logger(), u)
}

// logIn calls write with the guest's log, for function pc, or 0 for none. It never panics, even
// if the logger does.
func (g *Guest) logIn(pc uintptr, write func(log *slog.Logger)) {
	defer func() { _ = recover() }()
	log := g.opts.logger()
	if pc != 0 {
		log = log.With(logFunc(pc))
	}
	write(log)
}

// logUnobserved logs an unobserved error. Loggers may panic; the caller recovers.
func logUnobserved(log *slog.Logger, u *UnobservedError) {
	switch {
	case u.Task != "":
		log = log.With(u.log())
	case u.At != "":
		log = log.With("future", u.future())
	}
	if p, ok := u.Err.(*PanicError); ok {
		log.Error("guest: unobserved panic", "panic", quoteAny(p.Value), "stack", stacks.Line(p.Stack))
		return
	}
	log.Error("guest: unobserved error", slog.Any("err", u.Err))
}

// once calls fn only the first time that it is called with key. It ignores a panic of the
// logger. Any goroutine.
func (g *Guest) once(key string, fn func()) {
	if _, said := g.errors.said.LoadOrStore(key, true); said {
		return
	}
	defer func() { _ = recover() }()
	fn()
}

func quoteAny(v any) string { return quote(fmt.Sprint(v)) }
