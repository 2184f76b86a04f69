package guest

// The whole design in one paragraph. Everybody who wants something done leaves it in the inbox; the first to find the pump
// asleep asks the host for one wake-up. The host calls the pump on its thread. The pump takes what the inbox holds,
// adds the tasks whose deadline has come, and runs that as one batch: what becomes ready meanwhile waits for the next
// batch, so nobody can starve anybody. It runs batches until nothing is ready or its budget is spent, and then gives the
// thread back to the host: to be called again, or to sleep. A task is a coroutine; it runs between two lines of
// the pump, on the host's thread, until it waits.
//
//	any goroutine                     the host's thread
//	  post, resolve, cancel ─┐
//	  timer, background done ┴► inbox ──one wake-up──► pump: inbox → due timers → batch → again, or rest
//	  UI handler: Go, Cancel ─► inbox                         └─ task ── waits ── back to the pump

import (
	"fmt"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"

	"github.com/golodger/lodger/host"
)

// wakeUp is what the host is given to call, in two forms. It is harmless to call it more often than asked.
func (g *Guest) wakeUp(nth uint8) {
	if g.admit() && g.expects(nth) {
		g.pump()
	}
}

// admit reports whether the pump may run here and now: on the run's thread, at the run's callback depth, not inside
// itself, and not on the stack of the call that asked for it. If not, nothing is resumed and nothing asked for;
// the overdue wake-up will be asked for again.
func (g *Guest) admit() bool {
	thread := host.CurrentThread()
	if thread != 0 && g.asker.Load() == uint64(thread) { // before onRunThread, which would take an asker's thread for the loop's
		g.hostBroke("it ran a wake-up inside the call that asked for it")
		return false
	}
	if !g.onRunThread(thread) {
		g.hostBroke(wrongThread)
		return false
	}
	if g.over.Load() {
		return false // the thread may serve another goroutine by now
	}
	g.bind()
	if g.pumping {
		g.nested()
		return false
	}
	if g.state == ended {
		return false
	}
	if !g.atDepth() {
		g.hostBroke("it ran a wake-up at another depth of C callbacks than before")
		return false
	}
	return true
}

const wrongThread = "it ran a wake-up on another thread than its own, or the goroutine of its loop is not locked " +
	"(runtime.LockOSThread, before the loop)"

// onRunThread reports whether thread, the calling one, is the run's; the first that may be becomes it.
func (g *Guest) onRunThread(thread host.Thread) bool {
	if known := g.thread.Load(); known != 0 {
		return known == uint64(thread)
	}
	if t, ok := g.host.(host.Threader); ok && !t.OnThread() {
		return false
	}
	return thread == 0 || g.thread.CompareAndSwap(0, uint64(thread))
}

// bind marks the host's goroutine as the run's. UI thread only.
func (g *Guest) bind() {
	if !g.bound.Load() {
		g.wasMarked = mark()
		g.bound.Store(true)
	}
}

// nested: the host dispatched a wake-up while the pump runs, so a task spins a loop of its own.
func (g *Guest) nested() {
	g.inbox.mu.Lock()
	g.inbox.watch.nested = g.inbox.turn
	g.inbox.mu.Unlock()
	g.once("nested", func() {
		what := "the posted function " + postedOnStack()
		if g.current != nil {
			what = "task " + g.current.String()
		}
		g.opts.logger().Warn("guest: "+what+" runs a nested loop; all tasks pause until it returns. "+
			"Call it through guest.Modal, and they go on", "task", what)
	})
}

// postedOnStack names the posted function that the caller was called in: a nested loop calls on its stack.
func postedOnStack() string {
	pcs := make([]uintptr, 512)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(1, pcs)])
	for name := "?"; ; {
		frame, more := frames.Next()
		if strings.HasSuffix(frame.Function, "/guest.callPosted") || !more {
			return name
		}
		name = fmt.Sprintf("%s (%s:%d)", filepath.Base(frame.Function), filepath.Base(frame.File), frame.Line)
	}
}

// pumps numbers the turns of all guests in the process. Of several on one thread, one may pump inside another's task;
// the latest is the one on top of the stack.
var pumps atomic.Uint64

// pump runs turns until there is nothing left to do now, or the budget is spent.
func (g *Guest) pump() {
	defer func() {
		if v := recover(); v != nil {
			g.fault(v)
		}
	}()
	g.arrive()
	for !g.turn() {
	}
	if g.state == closing && g.ready.n == 0 {
		g.finalize()
		g.pumping = false
		return
	}
	g.depart(g.more())
}

// arrive: the host has called.
func (g *Guest) arrive() {
	g.pumping = true
	g.entered = pumps.Add(1)
	g.startTurn()
	g.answer()
	g.hasten()
}

// more reports whether the pump has something to do at once that is not in the inbox; if not, the timer is set.
func (g *Guest) more() bool {
	return g.ready.n > 0 || len(g.later) > 0 || len(g.orders) > 0 || g.state == ending && g.tasksGone || g.arm()
}

// depart gives the thread back to the host: to be called again, or to sleep.
func (g *Guest) depart(more bool) {
	wake := g.rest(more)
	g.pumping = false
	if len(g.modals) > 0 {
		g.askForModal()
	}
	if wake != nil {
		g.askAgain(wake)
	}
}

// askAgain asks for the next turn, from the pump.
func (g *Guest) askAgain(wake func()) {
	if g.inbox.doorbell.Load() != nil {
		g.ask(wake)
		return
	}
	g.askHost(g.host.RunSyncSoonNotThreadsafe, wake)
}

// turn runs batches. It returns true when the pump should rest, and false when a coroutine ended by Goexit, which left
// the loop by a panic: the caller just goes on. (One recover for the whole turn: one for each switch costs a third more.)
func (g *Guest) turn() (over bool) {
	defer func() {
		g.current = nil
		if v := recover(); v != nil {
			mark, ok := v.(exited)
			if !ok {
				panic(v)
			}
			g.goexited(mark.c)
		}
	}()
	for g.left > 0 || g.nextBatch() {
		g.left--
		if c := g.coroFor(g.ready.pop()); c != nil {
			c.resume() // here and not a call deeper: after a switch, the processor guesses wrong where each call returns to
			if c.idle {
				g.giveCoro(c)
			}
		}
		if g.spent() {
			return true
		}
	}
	return true
}

// nextBatch makes a batch of all that is ready now. It reports whether there is anything.
func (g *Guest) nextBatch() bool {
	if g.inbox.pending.Load() {
		g.drain()
	}
	for len(g.orders) > 0 {
		orders := g.orders
		g.orders = nil
		for _, o := range orders {
			if o.do != nil {
				o.do()
			} else {
				o.scope.cancel(o.why)
			}
		}
	}
	if g.ready.n == 0 && g.timers.next() != never {
		g.clock.now = g.since() // before the pump rests
	}
	if g.timers.next() <= g.clock.now {
		g.fire()
		if grace := g.timers.grace; grace != 0 && grace <= g.clock.now {
			g.graceOver()
		}
	}
	if g.state == ending && g.tasksGone {
		// All tasks have unwound: refuse posts from now on, then run those that were accepted.
		g.state = closing
		g.close()
		g.drain()
		g.hasten()
	}
	g.left = g.ready.n
	if g.shuffle != nil {
		g.shuffleBatch()
	}
	return g.left > 0
}

// coroFor returns the coroutine to resume for e, or nil if e was woken twice, or too late.
func (g *Guest) coroFor(e entry) *coro {
	if e.begins() {
		g.beginning = e
		return g.takeCoro()
	}
	if c := e.task.coro; c != nil && c.seq == e.seq {
		return c
	}
	return nil
}

// nextBeginning pops the next entry of the batch if it is one that begins.
func (g *Guest) nextBeginning() (e entry, ok bool) {
	if g.left == 0 || !g.ready.peek().begins() || g.spent() {
		return entry{}, false
	}
	g.left--
	return g.ready.pop(), true
}

// goexited: the coroutine ended by Goexit, and with it what it ran.
func (g *Guest) goexited(c *coro) {
	if t := c.task; t != nil {
		err := c.err // of a panic on the way out
		switch {
		case c.refused >= patience:
			err = ErrHostGone // it was us
		case err == nil:
			err = ErrGoexit
			g.opts.onGoexit()
		}
		c.task, t.coro = nil, nil
		t.returned(err)
		return
	}
	if !g.logging { // a logger that does so can't be told of it, or it would for ever
		g.unobserved(0, ErrGoexit)
	}
	g.handling, g.logging = false, false
}

// callPosted calls a function that may panic.
func callPosted(fn func()) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = newPanicError(v)
		}
	}()
	fn()
	return nil
}

// alone reports whether the running task is the only one that could run now.
func (g *Guest) alone() bool {
	return g.ready.n == 0 && len(g.orders) == 0 && !g.inbox.pending.Load() && g.timers.next() == never && g.shuffle == nil
}

// requeue puts the running task at the end of the line, behind what others have posted before.
func (g *Guest) requeue(t *Task) { g.readyNow(t, t.coro.seq) }

// readyNow readies a task from the UI thread.
func (g *Guest) readyNow(t *Task, seq uint32) {
	if g.inbox.pending.Load() {
		g.drain()
	}
	g.ready.push(entry{task: t, seq: seq})
}
