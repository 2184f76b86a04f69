package guest

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"

	"github.com/golodger/lodger/guest/internal/sched"
	"github.com/golodger/lodger/host"
)

// The end of a guest, in order: main and its tasks have ended, or the root was cancelled and
// they unwind → the guest's own tasks are cancelled and unwind → posts are refused, and accepted
// posts run → idle coroutines stop → DoneCallback → Done. The loop itself goes through these
// steps; this file has the steps. The phases are in life.go. If the host's loop has ended
// before, Finish runs the same turns.

// mainEnded is called when main and all its tasks have ended. UI thread only.
func (g *Guest) mainEnded() {
	g.life.enter(ending)
	g.startGrace()
	g.own.live.Add(sealed)
	g.own.cancel(&cancellation{err: context.Canceled, cause: ErrFinished})
	g.own.release()
}

// ownEnded is called when the guest's own tasks have ended, too. UI thread only.
func (g *Guest) ownEnded() {
	_ = g.own.result() // reports unobserved failures
	g.pump.End()
}

// rootCancelled is called when all tasks are cancelled. UI thread only.
func (g *Guest) rootCancelled() {
	if !g.life.is(cancelled) {
		g.life.enter(cancelled)
	}
	g.startGrace()
}

// startGrace sets the shutdown deadline, once.
func (g *Guest) startGrace() {
	if g.life.pressed == patient && !g.pump.HasDeadline() {
		g.pump.SetDeadline(g.pump.Deadline(g.opts.grace()))
	}
}

// graceOver is called when the shutdown deadline has passed. It abandons background functions
// that ignore their cancellation. While the host's loop lives, tasks may take as long as they
// like, and are only named. After the loop, every wait is refused from now on. Tasks that have
// not ended after another grace are given up.
func (g *Guest) graceOver() {
	switch {
	case !g.life.after:
		g.life.pressed = impatient
		g.abandonJobs()
		g.nameLivingTasks()
	case g.life.pressed < forcing:
		g.life.pressed = forcing
		g.nameLivingTasks()
		g.pump.SetDeadline(g.pump.Deadline(g.opts.grace()))
		g.eachTask(func(t *Task) {
			if t.coro != nil {
				g.pump.Requeue(&t.coro.Coro)
			} else {
				t.wakeTimed()
			}
		})
	default:
		g.life.pressed = hopeless
	}
}

// nameLivingTasks logs the tasks that the end still waits for.
func (g *Guest) nameLivingTasks() {
	var living, working tally
	g.eachTask(func(t *Task) { living.count(t.pc()) })
	g.works.each(func(j *jobState) { working.count(j.pc) })
	if len(living) == 0 {
		return
	}
	g.pump.Push(func() { // as in unobserved
		g.errors.logging = true
		g.once("grace", func() {
			g.opts.logger().Warn("guest: cancelled, but some tasks have not ended; a task must return when its wait returns an error, "+
				"and a background function when its context is done", "tasks", living.names(), "background", working.names())
		})
		g.errors.logging = false
	})
}

// eachTask calls visit for every task that has begun and not ended. UI thread only.
func (g *Guest) eachTask(visit func(*Task)) { g.root.eachTask(visit) }

// eachTask calls visit for every task below the scope that has begun and not ended. UI thread
// only.
func (s *scope) eachTask(visit func(*Task)) {
	for child := s.first; child != nil; {
		next := child.next
		child.eachTask(visit)
		if child.task != nil && child == &child.task.scope {
			visit(child.task)
		}
		child = next
	}
}

// conclude tells the host and all waiters that the guest has ended, so nothing of it runs any
// more. UI thread only.
func (g *Guest) conclude() {
	g.life.enter(ended)
	g.pump.Stop()
	g.own.unlink()
	g.root.unlink()
	g.life.report = g.makeReport(g.outcome())
	g.place.Delist()
	defer func() { // also if DoneCallback calls Goexit
		g.place.Vacate()
		g.life.enter(gone)
		g.life.end.settle(nil, nil)
		g.life.detach()
	}()
	var value any
	if g.value != nil {
		value = g.value()
	}
	if err := catch(func() { g.host.DoneCallback(host.Outcome{Value: value, Err: g.life.report.Err}) }); err != nil {
		g.errors.reported.Add(1)
		g.logError(unobservedPost(err))
	}
}

var errNeverBegan = errors.New("guest: the host's loop ended before main began")

// outcome is the guest's error: the first failure, or main's answer to its cancellation. A guest
// without a main function has no error if it was cancelled with ErrQuit or by the end of the
// loop.
func (g *Guest) outcome() error {
	if g.root.failed {
		return g.root.err
	}
	err := g.main.end.err
	if _, never := g.main.body.(unbegun); never {
		return fmt.Errorf("%w: %w", errNeverBegan, err) // a list, since it says more than a quit
	}
	if _, none := g.main.body.(untilCancel); none && (errors.Is(err, ErrQuit) || errors.Is(err, ErrHostGone)) {
		return nil
	}
	return err
}

// Finish ends the guest and returns a report. Call it on the goroutine that ran the host's
// loop, after the loop has returned or could not run at all. Waits, at most about three times
// Options.Grace.
//
// Report.Err says what ended the guest, such as the panic of a task: without a look at it, the
// program exits with 0 all the same. After a normal quit it is nil if main was nil. If main ends
// with the program, as by return Park(ctx), it is main's error, for which [IsQuit] is true.
//
//	if r := g.Finish(); r.Err != nil && !guest.IsQuit(r.Err) {
//		log.Fatal(r.Err)
//	}
//
// The goroutine must still be locked to its thread as it was for the loop: Finish resumes
// tasks, and Go's runtime ends the process when the LockOSThread count differs. So defer
// runtime.UnlockOSThread before you defer Finish, not after.
//
// All tasks are cancelled with the cause ErrHostGone, and their deferred calls run. Waits on a
// cancelled context return at once. Shielded waits (WithoutCancel) go on until the grace period
// is over. Then every wait returns ErrHostGone, and runtime.Goexit ends a task that still goes
// on waiting. The report names the tasks that can't be unwound even so. If the guest has ended
// already, Finish only reports, on any goroutine. It panics while the loop runs. Always defer
// Finish: without it tasks stay parked, goroutines wait for them, and nothing reports that.
func (g *Guest) Finish() Report {
	g.need("Finish")
	if g.over() {
		return g.life.report
	}
	if !g.mayFinish() {
		g.opts.logger().Error("guest: a panic or Goexit leaves the program's own loop through C, so tasks can't unwind, and their " +
			"deferred calls do not run. Let Run run the loop; then tasks unwind")
		g.life.after = true
		g.giveUp(ErrHostGone)
		return g.life.report
	}
	g.finish()
	return g.life.report
}

// mayFinish panics if the loop runs or the thread is wrong. It reports whether tasks can be
// unwound at this place.
func (g *Guest) mayFinish() bool {
	here := g.place.OnThread()
	if g.life.inLoop.Load() || here && (g.pump.InTurn() || g.life.is(ended)) {
		panic(finishInLoop)
	}
	if here && g.host.inLoop() && !panicking() {
		panic(finishInLoop)
	}
	if here && g.place.AtAnotherDepth() {
		if !panicking() {
			panic(finishInLoop)
		}
		return false
	}
	if !g.place.SettleIfUnknown(host.CurrentThread()) { // unknown: the loop may never have run
		panic("guest: Finish called on another thread than that of the host's loop; call it on the loop's goroutine, " +
			"and lock that goroutine with runtime.LockOSThread before the loop")
	}
	if g.life.is(ended) { // in DoneCallback, and no turn has ever shown the thread
		panic(finishInLoop)
	}
	return true
}

const finishInLoop = "guest: Finish called while the host's loop runs; call Cancel, and call Finish after the loop has returned"

// finish runs the turns that the host would have run, until the guest has ended.
func (g *Guest) finish() {
	g.life.after = true
	if _, none := g.main.body.(untilCancel); !none && g.pump.Turn() == 0 { // the loop never ran
		g.main.body = unbegun{g.main.body}
	}
	bell := make(chan struct{}, 1)
	g.pump.TakeOver(bell)
	g.pump.Control(hostGone{g})
	for {
		entered := false
		g.host.enter(func() {
			if entered = (*client)(g).Admit(); entered {
				g.pump.RunTurn()
			}
		})
		if g.over() {
			return
		}
		if !entered || g.life.pressed == hopeless {
			g.giveUp(ErrHostGone)
			return
		}
		<-bell
	}
}

// hostGone cancels all tasks and starts a new grace.
type hostGone struct{ g *Guest }

func (h hostGone) Prompt() bool { return false }

func (h hostGone) Apply() {
	g := h.g
	g.logCutOff()
	g.root.cancel(&cancellation{err: context.Canceled, cause: ErrHostGone})
	g.modals.withdraw()
	g.life.pressed = patient
	g.pump.SetDeadline(g.pump.Deadline(g.opts.grace()))
}

// logCutOff logs that the host's loop has ended before main was done, so that a program does not
// end without a message. UI thread only.
func (g *Guest) logCutOff() {
	if g.life.is(cancelled) || g.main.coro == nil || g.main.coro.idle {
		return
	}
	g.pushLog(func() {
		g.opts.logger().Info("guest: the host's loop has ended before main was done, so main is cancelled; "+
			"many toolkits end their loop with the last window", g.main.log())
	})
}

// An unbegun body replaces main's body if the loop has ended before main began.
type unbegun struct{ body }

func (unbegun) run(ctx context.Context) error { return notBegun(ctxError(ctx)) }

// panicking reports whether the caller is a deferred function that runs because of a panic or
// Goexit.
func panicking() bool { return onStack("runtime.gopanic", "runtime.Goexit") }

// onStack reports whether one of these functions is on the caller's stack.
func onStack(functions ...string) bool {
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

// fault ends a guest whose loop has panicked, because of a bug in it or in a function that must
// not panic, such as a shuffle function. The guest's state may be inconsistent, so nothing is
// resumed any more. The host and all waiters learn of it. UI thread only.
func (g *Guest) fault(p *PanicError) {
	g.logError(unobservedPost(p))
	if g.life.is(ended) {
		return
	}
	err := fmt.Errorf("guest: the scheduler itself panicked, so no task goes on; "+
		"report it, unless the stack names one of your functions: %w", p)
	g.root.err, g.root.failed = errors.Join(err, g.root.err), true
	g.giveUp(err)
}

// giveUp ends a guest if some of its tasks can't be resumed. They are left as they are and
// named, and all waiters are released.
func (g *Guest) giveUp(why error) {
	// the message may not have been applied
	g.root.cancel(&cancellation{err: context.Canceled, cause: why})
	g.pump.Abandon(
		func() { g.ending.dropped++ },
		func(r sched.Runnable) {
			if t := taskOf(r); !t.scope.linked { // or it is in the tree
				g.abandon(t, why)
			}
		},
	)
	g.eachTask(func(t *Task) { g.abandon(t, why) })
	g.conclude()
}

// abandon leaves a task as it is, and settles it.
func (g *Guest) abandon(t *Task, why error) {
	g.ending.leaked.count(t.pc())
	t.coro = nil
	t.end.settle(why, nil)
}

// leak gives up a task that does not end even by Goexit. The task stays parked forever. It is
// called in the task's own code.
func (g *Guest) leak(t *Task) { g.pump.Control(leakTask{t}) }

type leakTask struct{ t *Task }

func (l leakTask) Prompt() bool { return false }

func (l leakTask) Apply() {
	l.t.scope.g.ending.leaked.count(l.t.pc())
	l.t.coro = nil
	l.t.returned(ErrHostGone)
}
