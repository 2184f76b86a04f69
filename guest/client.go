package guest

import (
	"fmt"
	"log/slog"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/golodger/lodger/guest/internal/bridge"
	"github.com/golodger/lodger/guest/internal/place"
	"github.com/golodger/lodger/guest/internal/sched"
)

// A client is the guest as its loop sees it: the interface that package sched requires of its
// owner.
type client Guest

// Admit reports whether the loop may run here and now: on the guest's thread, at its depth of C
// callbacks, not inside itself, and not on the stack of the call that asked for it. If not, the
// loop resumes nothing and asks for nothing; the watchdog asks again.
func (c *client) Admit() bool {
	g := (*Guest)(c)
	switch g.place.Arrive() {
	case place.Inline:
		g.hostBroke("it ran a wake-up inside the call that asked for it")
		return false
	case place.WrongThread:
		g.hostBroke(wrongThread)
		return false
	case place.Gone:
		return false
	}
	if g.pump.InTurn() {
		g.nested()
		return false
	}
	if g.life.is(ended) {
		return false
	}
	if !g.place.AtDepth() {
		g.hostBroke("it ran a wake-up at another depth of C callbacks than before")
		return false
	}
	return true
}

const wrongThread = "it ran a wake-up on another thread than its own, or the goroutine of its loop is not locked to its thread " +
	"(call runtime.LockOSThread before the loop)"

// Own reports whether the caller, which is marked, is likely to be on the guest's UI thread.
func (c *client) Own() bool { return (*Guest)(c).place.Likely() }

// Backlogged reports that other goroutines post more than the UI thread can run.
func (c *client) Backlogged(n int, since time.Duration) {
	g := (*Guest)(c)
	g.tell(bridge.Event{Kind: bridge.Late, For: since})
	g.pump.Push(func() { // as in unobserved
		g.errors.logging = true
		g.logIn(0, func(log *slog.Logger) {
			log.Warn("guest: other goroutines post faster than the UI thread runs the posts; post less, or use a flow.Progress, "+
				"which keeps only the newest value", "waiting", n, "late", since, "since", time.Now().Add(-since))
		})
		g.errors.logging = false
	})
}

// RequestWakeup passes a request for a wake-up to the host.
func (c *client) RequestWakeup(wake func(), onThread bool) {
	g := (*Guest)(c)
	if onThread {
		g.ask(g.host.RunSyncSoonNotThreadsafe, wake)
	} else {
		g.ask(g.host.RunSyncSoonThreadsafe, wake)
	}
}

// NewCoro returns a coroutine with the guest's part.
func (c *client) NewCoro() *sched.Coro {
	made := newCoro()
	if c.steering != nil {
		c.steering.numbers[made] = len(c.steering.numbers) + 1
	}
	return made
}

// Exited handles the Goexit of the code that ran in sc.
func (c *client) Exited(sc *sched.Coro) { (*Guest)(c).exited(coroOf(sc)) }

// Panicked keeps the panic of the task that runs in sc. A Goexit may follow it.
func (c *client) Panicked(sc *sched.Coro, value any) { coroOf(sc).more().err = newPanicError(value) }

// Recovered ends the task that has panicked in sc.
func (c *client) Recovered(sc *sched.Coro) sched.Runnable {
	co := coroOf(sc)
	t, err := co.task, co.panicked()
	co.left(t)
	t.returned(err)
	return t.runnable()
}

// Failed handles the panic of a posted function.
func (c *client) Failed(value any, stack []byte) {
	(*Guest)(c).unobserved(unobservedPost(&PanicError{Value: value, Stack: stack}))
}

// DeadlinePassed is called when the grace is over.
func (c *client) DeadlinePassed() { (*Guest)(c).graceOver() }

// TurnEnded asks for the next modal call, if there is one.
func (c *client) TurnEnded() { (*Guest)(c).modals.request((*Guest)(c)) }

// Closed is called when posts are refused.
func (c *client) Closed() { (*Guest)(c).life.enter(closing) }

// Drained is called when nothing is left to run.
func (c *client) Drained() { (*Guest)(c).conclude() }

// Fault handles a panic of the loop itself.
func (c *client) Fault(value any, stack []byte) {
	(*Guest)(c).fault(&PanicError{Value: value, Stack: stack})
}

// nested is called when the host calls while a turn runs: a task or a posted function spins a
// nested loop.
func (g *Guest) nested() {
	g.pump.Nested()
	g.once("nested", func() {
		what, attrs := "the posted function "+postedOnStack(), []any(nil)
		if t := g.current(); t != nil {
			what, attrs = "task "+t.String(), []any{t.log()}
		}
		g.opts.logger().Warn("guest: "+what+" runs a nested loop, so all tasks pause until it returns. "+
			"Call it through guest.Modal to let them go on", attrs...)
	})
}

// postedOnStack names the posted function on the caller's stack. A nested loop calls on that
// stack.
func postedOnStack() string {
	pcs := make([]uintptr, 512)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(1, pcs)])
	for name := "?"; ; {
		frame, more := frames.Next()
		if strings.HasSuffix(frame.Function, sched.PostedCaller) || !more {
			return name
		}
		name = fmt.Sprintf("%s (%s:%d)", filepath.Base(frame.Function), filepath.Base(frame.File), frame.Line)
	}
}
