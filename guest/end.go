package guest

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"

	"github.com/golodger/lodger/host"
)

// The end of a guest, in order: main and its tasks have ended, or the root was cancelled and they unwound → the crew is cancelled and
// unwinds → posts are refused, and those accepted run → idle coroutines stop → DoneCallback → Done. The pump itself walks
// this way (pump.go); here are the steps. When the host's loop has gone before, Finish drives the same pump.

// mainEnded: main and all its tasks have ended. Pump only.
func (g *Guest) mainEnded() {
	g.state = ending
	g.startGrace()
	g.crew.live.Add(shut)
	g.crew.cancel(&cancellation{err: context.Canceled, cause: ErrFinished})
	g.crew.release()
}

// winding reports whether tasks that end now do so because the guest ends.
func (g *Guest) winding() bool { return g.state >= ending || g.root.state.Load() != nil }

// startGrace begins the time after which the guest loses patience.
func (g *Guest) startGrace() {
	if g.timers.grace == 0 && !g.graceIsOver {
		g.timers.grace = g.since() + g.opts.grace()
	}
}

// graceOver: patience is lost. Background functions that ignore their cancellation are abandoned. While the loop lives, tasks
// may take as long as they like, and are only named; after it, every wait is refused from now on, and what has not ended after
// another grace is given up. Pump only.
func (g *Guest) graceOver() {
	g.timers.grace = 0
	g.graceIsOver = true
	switch {
	case !g.afterlife:
		g.abandonJobs()
		g.nameTheLiving()
	case !g.forced:
		g.forced = true
		g.timers.grace = g.since() + g.opts.grace()
		g.eachTask(func(t *Task) {
			if t.coro != nil {
				g.ready.push(entry{task: t, seq: t.coro.seq})
			}
		})
	default:
		g.givenUp = true
	}
}

// nameTheLiving logs the tasks that the end still waits for.
func (g *Guest) nameTheLiving() {
	var living, working tally
	g.eachTask(func(t *Task) { living.count(t.body.pc()) })
	for j := g.jobs; j != nil; j = j.next {
		working.count(j.pc)
	}
	if len(living) == 0 {
		return
	}
	g.ready.push(entry{fn: func() { // as in unobserved
		g.logging = true
		g.once("grace", func() {
			g.opts.logger().Warn("guest: cancelled, but some tasks have not ended; they must return when their waits do, "+
				"and background functions when their context is done", "tasks", living.names(), "background", working.names())
		})
		g.logging = false
	}})
}

// eachTask calls visit for every task that has begun and not ended.
func (g *Guest) eachTask(visit func(*Task)) {
	var walk func(s *scope)
	walk = func(s *scope) {
		for child := s.first; child != nil; {
			next := child.next
			walk(child)
			if child.task != nil && child == &child.task.scope {
				visit(child.task)
			}
			child = next
		}
	}
	walk(&g.root)
}

// finalize ends the guest: nothing of it runs any more. Pump only.
func (g *Guest) finalize() {
	g.stopCoros()
	g.conclude()
}

// conclude tells the host and everybody else.
func (g *Guest) conclude() {
	g.state = ended
	g.watchNoMore()
	if g.timers.timer != nil {
		g.timers.timer.Stop()
	}
	g.crew.leave()
	g.root.leave()
	g.report = g.makeReport(g.outcome())
	g.delist()
	if g.bound.Load() && !g.wasMarked && guestHere() == nil {
		unmark(false)
	}
	defer func() { // also when DoneCallback leaves by Goexit
		g.over.Store(true)
		close(g.done)
		g.detach()
	}()
	var value any
	if g.value != nil {
		value = g.value()
	}
	if err := callPosted(func() { g.host.DoneCallback(host.Outcome{Value: value, Err: g.report.Err}) }); err != nil {
		g.reported.Add(1)
		g.logError(0, err)
	}
}

// outcome is the guest's error: the first failure, or main's answer to its cancellation. A guest without a main function has
// nothing to say to a cancellation that was a wish or the end of the loop.
func (g *Guest) outcome() error {
	if g.root.failed {
		return g.root.err
	}
	err := g.main.end.err
	if _, none := g.main.body.(untilCancel); none && (errors.Is(err, ErrQuit) || errors.Is(err, ErrHostGone)) {
		return nil
	}
	return err
}

// Finish ends the guest after its host's loop has returned, or could not be run at all, on the goroutine that ran the loop, and
// reports. Waits, for Options.Grace about three times at most.
//
// The goroutine must still be locked to its thread as it was for the loop: Finish resumes tasks, and Go's runtime ends the
// process when the LockOSThread count differs. So defer runtime.UnlockOSThread before Finish is deferred, not after.
//
// All tasks are cancelled with the cause ErrHostGone, and their deferred calls run. Waits on a cancelled context return at once;
// shielded ones (WithoutCancel) are served until the grace is over; then every wait returns ErrHostGone, and a task that still
// goes on waiting is ended by runtime.Goexit. What can't be unwound even so is named in the report. If the guest has ended
// already, Finish only reports, on any goroutine. It panics while the loop runs. Nobody notices when Finish is forgotten: tasks stay parked then, and
// goroutines wait for them; so defer it.
func (g *Guest) Finish() Report {
	g.need("Finish")
	if g.over.Load() {
		return g.report
	}
	if g.inLoop.Load() || g.onThread() && (g.pumping || g.state == ended) {
		panic(finishInLoop)
	}
	if l, ok := g.host.(host.Looper); ok && g.onThread() && l.InLoop() && !panicking() {
		panic(finishInLoop)
	}
	if _, ok := g.host.(host.Enterer); !ok && g.depthKnown && g.onThread() && host.CallbackDepth()-g.dead != g.depth {
		if !panicking() {
			panic(finishInLoop)
		}
		g.opts.logger().Error("guest: a panic or Goexit leaves the program's own loop through C; tasks can't be unwound, and their " +
			"deferred calls do not run. Run the loop with Run, which can")
		g.afterlife = true
		g.giveUp(ErrHostGone)
		return g.report
	}
	thread := uint64(host.CurrentThread())
	g.thread.CompareAndSwap(0, thread) // the loop may never have run
	if g.thread.Load() != thread {
		panic("guest: Finish called on another thread than the host's loop ran on; call it on the loop's goroutine, " +
			"and lock that with runtime.LockOSThread before the loop")
	}
	g.afterlife = true
	bell := make(chan struct{}, 1)
	g.inbox.doorbell.Store(&bell)
	g.order(order{do: func() {
		g.root.cancel(&cancellation{err: context.Canceled, cause: ErrHostGone})
		g.timers.grace, g.graceIsOver = g.since()+g.opts.grace(), false
	}})
	enter := func(fn func()) { fn() }
	if e, ok := g.host.(host.Enterer); ok {
		enter = e.Enter
	}
	for {
		entered := false
		enter(func() {
			if entered = g.admit(); entered {
				g.pump()
			}
		})
		if g.over.Load() {
			return g.report
		}
		if !entered || g.givenUp {
			g.giveUp(ErrHostGone)
			return g.report
		}
		<-bell
	}
}

const finishInLoop = "guest: Finish called while the host's loop runs; call Cancel, and Finish after the loop has returned"

// panicking reports whether the caller is a deferred function that a panic or Goexit calls.
func panicking() bool { return called("runtime.gopanic", "runtime.Goexit") }

// called reports whether one of these functions is on the caller's stack.
func called(functions ...string) bool {
	pcs := make([]uintptr, 512)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(1, pcs)])
	for {
		frame, more := frames.Next()
		if slices.Contains(functions, frame.Function) {
			return true
		}
		if !more {
			return false
		}
	}
}

// fault ends a guest whose pump has panicked, by a mistake of its own or of what was not to panic, such as Options.Shuffle: its
// books may be wrong, and so nothing is resumed any more. The host and all who wait hear of it. From a deferred call of the pump,
// with what that has recovered.
func (g *Guest) fault(v any) {
	p, ok := v.(*PanicError)
	if !ok {
		p = newPanicError(v)
	}
	g.logError(0, p)
	if g.state != ended {
		err := fmt.Errorf("guest: the scheduler itself panicked, and no task goes on; "+
			"unless the stack names a function of yours, report it: %w", p)
		g.root.err, g.root.failed = errors.Join(err, g.root.err), true
		g.giveUp(err)
	}
	g.pumping = false
}

// giveUp ends a guest some of whose tasks can't be resumed: they are left as they are and named, and whoever waits is let go.
func (g *Guest) giveUp(why error) {
	g.root.cancel(&cancellation{err: context.Canceled, cause: why}) // the order may not have been carried out
	g.close()
	g.drain()
	g.hasten()
	for g.ready.n > 0 {
		switch e := g.ready.pop(); {
		case e.fn != nil && e.task == nil:
			g.tally.dropped++
		case e.fn != nil: // the end of a task, which is in the tree still
		case e.seq == 0:
			g.strand(e.task, why)
		}
	}
	g.eachTask(func(t *Task) { g.strand(t, why) })
	g.conclude()
}

// strand leaves a task as it is.
func (g *Guest) strand(t *Task, why error) {
	g.tally.leaked.count(t.body.pc())
	t.coro = nil
	t.end.settle(why, nil)
}

// leak gives up on a task that does not end even by Goexit; it is parked for good. From the task's own code.
func (g *Guest) leak(t *Task) {
	g.orders = append(g.orders, order{do: func() {
		g.tally.leaked.count(t.body.pc())
		t.coro = nil
		t.returned(ErrHostGone)
	}})
}
