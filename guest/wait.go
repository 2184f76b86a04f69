package guest

import (
	"context"
	"fmt"
	"log/slog"
	"runtime"
	"time"

	"github.com/golodger/lodger/guest/internal/bridge"
	"github.com/golodger/lodger/guest/internal/place"
	"github.com/golodger/lodger/host"
)

// A wait parks the task, or blocks a goroutine that is not on a guest's UI thread. It is always
// the task on the calling thread that waits; the context only says which cancellation ends the
// wait. Parking a goroutine that is not the task's would end the process. So a wait first checks
// where it is, before it checks whether there is anything to wait for.

// waiting returns the task that the caller may park, or nil if the caller may block its
// goroutine. It is for waits that cost little more than a switch. With one guest in the process,
// the mark is sufficient proof. But if callbacks come through C, a handler may be called on a
// task's own goroutine.
func waiting(ctx context.Context, verb string) (*Task, error) {
	if place.Sole() {
		if s := taskScopeOf(ctx); s != nil && s.g.pump.Current() != nil && !s.g.place.MayBeInsideC() {
			return s.g.current(), nil
		}
	}
	return surelyWaiting(ctx, verb)
}

// taskScopeOf returns the innermost scope of ctx, unless ctx belongs to a background function.
// Such a function may wait on a goroutine, which the program may have marked for its own
// purposes.
func taskScopeOf(ctx context.Context) *scope {
	if s, ok := ctx.(*scope); ok {
		return s
	}
	return scopeBelow(ctx, &taskKey)
}

// surelyWaiting is waiting for waits that are more expensive anyway. If there is a guest, it reads
// the thread.
func surelyWaiting(ctx context.Context, verb string) (*Task, error) {
	needContext(ctx)
	if len(place.Live()) > 0 {
		thread := place.CurrentThread()
		if t := runningOn(thread); t != nil {
			t.scope.g.pump.Settle()
			return t.notInsideC(verb), nil
		}
		if g := guestAt(place.RunsOn(thread)); g != nil {
			return nil, g.refuseOnUI(verb)
		}
	}
	if taskScopeOf(ctx) != nil {
		panic("guest: " + verb + " called on a goroutine with the context of a task, with which only the task itself may wait; " +
			"use the context of Background or Submit, or start a task with Go")
	}
	return nil, nil
}

// notInsideC panics for a wait in a callback from C. There the runtime would not let the task
// park.
func (t *Task) notInsideC(verb string) *Task {
	if t.scope.g.place.InsideC() {
		panic("guest: " + verb + " called in a callback from C, inside a task; start a task there with Go")
	}
	return t
}

// refuseOnUI returns the error of a wait on the UI thread outside a task. It logs the error once
// for each place in the program, since nothing looks at the error of a handler.
func (g *Guest) refuseOnUI(verb string) error {
	err := fmt.Errorf("guest: %s called on the UI thread outside a task; start a task there with Go: %w", verb, ErrWouldDeadlock)
	at := callSite()
	g.once("wait at "+at, func() {
		g.opts.logger().Error("guest: a wait was refused", slog.Any("err", err), "at", at)
	})
	return err
}

func init() {
	bridge.MayWait = func(ctx context.Context, verb string) (task bool, err error) {
		t, err := surelyWaiting(ctx, verb)
		if err == nil {
			err = waitHere(ctx, t, &happened, nil)
		}
		return t != nil, err
	}
	bridge.Checkpoint = func(ctx context.Context, verb string) error {
		t, err := waiting(ctx, verb)
		if err != nil {
			return err
		}
		return waitHere(ctx, t, &happened, nil)
	}
	happened.state.Store(settled)
}

// happened is settled.
var happened completion

// running returns the task that the caller runs in, for calls that only a task may make.
func running(ctx context.Context, verb string) *Task {
	if place.Sole() {
		if s := scopeOf(ctx); s != nil && s.g.pump.Current() != nil && !s.g.place.MayBeInsideC() {
			return s.g.current()
		}
	}
	return surelyRunning(verb)
}

// surelyRunning is running for calls that are more expensive anyway. It always reads the thread.
func surelyRunning(verb string) *Task {
	t := runningHere()
	if t == nil {
		where := "outside a task"
		if guestHere() != nil {
			where = "on the UI thread outside a task"
		}
		panic("guest: " + verb + " called " + where + "; start a task there with Go")
	}
	return t.notInsideC(verb)
}

// runningHere returns the task that runs on the calling thread, or nil. A guest may live inside
// another guest's task. Then only the innermost guest, whose pump was entered last, can have a
// running task: parking a task of the other guest would end the process.
func runningHere() *Task { return runningOn(place.CurrentThread()) }

// runningOn is runningHere for the calling thread, which the caller has just read.
func runningOn(thread host.Thread) *Task {
	if thread == 0 && !place.Marked() {
		return nil
	}
	var top *Guest
	for _, p := range place.Live() {
		if !p.Hosts(thread) {
			continue
		}
		if !place.StillOn(thread) {
			return nil
		}
		if g := guestAt(p); g.pump.InTurn() && (top == nil || top.pump.Turn() < g.pump.Turn()) {
			top = g
		}
	}
	if top == nil {
		return nil
	}
	return top.current()
}

// CurrentTask returns the task that the caller runs in. Any goroutine. Never waits. It finds
// none in a handler, a posted function, a goroutine or a callback from C. Use it in a package
// to refuse a call outside a task before the call does anything.
func CurrentTask() (*Task, bool) {
	t := runningHere()
	if t == nil || t.scope.g.place.InsideC() {
		return nil, false
	}
	return t, true
}

// innermost returns the scope under which a wait or a new scope of t belongs: the scope of ctx,
// or the task's own scope if ctx does not belong to the task's guest.
func (t *Task) innermost(ctx context.Context) *scope {
	if s := scopeOf(ctx); s != nil && s.g == t.scope.g {
		return s
	}
	return &t.scope
}

// forever is the context of waits that no cancellation ends.
var forever = context.Background()

// suspend parks the running task until it is woken or ctx is done. The caller finds out which.
// idle says that it waits for nothing but the end of ctx. Each wait that costs little more than a
// switch does by itself what suspend does: after a switch, the processor predicts the return of
// every call wrongly.
func (t *Task) suspend(ctx context.Context, idle bool) {
	after := t.beginWait(ctx)
	t.coro.idle = idle
	t.coro.ParkVisitably()
	t.coro.endWait(after)
}

// beginWait lets the end of ctx end the wait that the running task is about to begin. It returns
// what to call after the wait, or nil. If ctx is the program's own, beginWait may panic: call it
// before all that the wait's end must undo.
func (t *Task) beginWait(ctx context.Context) (after func() bool) {
	c := t.coro
	c.since = t.scope.g.pump.Now()
	if plain, ok := plainScope(ctx); ok && plain.g == t.scope.g {
		plain.subscribe(c, nil)
	} else if ctx.Done() != nil {
		s := scopeOf(ctx)
		after = context.AfterFunc(ctx, t.waiter().wakeFirst)
		if s != nil && s.g == t.scope.g {
			// a cancellation of s that reaches ctx ends the wait in the same batch
			s.subscribe(c, ctx)
		}
	}
	if t.scope.g.observed() {
		return t.tellsAfter(after)
	}
	return after
}

// tellsAfter adds to after that observers are told of the wait.
func (t *Task) tellsAfter(after func() bool) func() bool {
	since := t.scope.g.pump.Since() // not c.since: the task may have computed for long before
	return func() bool {
		if after != nil {
			after()
		}
		t.tellWaited(since)
		return true
	}
}

// endWait ends the wait of beginWait, which has returned after.
func (c *coro) endWait(after func() bool) {
	c.Unpark()
	c.idle, c.ignored = false, 0
	c.unsubscribe()
	if after != nil {
		after()
	}
}

// mayWait returns the error of a wait that ends before it begins, or nil.
func (t *Task) mayWait(ctx context.Context) error {
	if err := t.waitError(ctx); err != nil {
		return t.refuse(err)
	}
	return nil
}

// waitError is mayWait without refuse.
func (t *Task) waitError(ctx context.Context) error {
	if t.scope.g.forced() {
		return ErrHostGone
	}
	return ctxError(ctx)
}

// maxRefused is how many waits a task may still begin after the host has gone and the grace is
// over. Then Goexit ends the task. Its deferred calls may begin as many waits before the task is
// given up.
const maxRefused = 100

// refuse ends a wait at once. A task that ignores that must not keep the thread: when the budget
// is spent, the task yields like any other, and after maxRefused refusals it is ended.
func (t *Task) refuse(err error) error {
	t.checkpoint()
	g, c := t.scope.g, t.coro
	if !g.forced() {
		t.slowDown()
		return err
	}
	switch c.refused++; {
	case c.refused == maxRefused:
		runtime.Goexit()
	case c.refused > 2*maxRefused:
		g.leak(t)
		for {
			c.Park() // forever: it is never resumed
		}
	}
	return err
}

// maxIgnored is how many refused waits in a row a task may ignore at full speed. A task that waits
// for each of its children after its cancellation has many, and nothing is wrong with it.
const maxIgnored = 10_000

// slowDown slows down a task that keeps waiting after its cancellation. After maxIgnored refusals
// without a wait that lasts in between, the next refusal takes a millisecond, and each further
// one twice as long, up to a second. Otherwise a loop that ignores the errors of its waits would
// keep a processor busy.
func (t *Task) slowDown() {
	g, c := t.scope.g, t.coro
	if c.ignored++; c.ignored <= maxIgnored {
		return
	}
	g.once("ignores "+t.String(), func() {
		g.opts.logger().Warn("guest: a task keeps waiting after its cancellation, so it is slowed down; "+
			"it must return when its wait returns an error", t.log())
	})
	d := time.Millisecond << min(c.ignored-maxIgnored-1, 10)
	when := g.pump.Deadline(min(d, time.Second))
	g.pump.Sleeps(1)
	defer g.pump.Sleeps(-1)
	for g.pump.Since() < when && !g.forced() {
		g.pump.WakeAt(when, &c.Coro)
		c.Park()
	}
}

// checkpoint lets other tasks run if the budget is spent. Every wait that is satisfied at once
// calls it.
func (t *Task) checkpoint() {
	if t.scope.g.pump.Spent() {
		t.yield()
	}
}

// yield lets all other ready tasks run first.
func (t *Task) yield() {
	t.scope.g.pump.Requeue(&t.coro.Coro)
	t.coro.Park()
}

// await waits for e, or until ctx is done. It returns nil only if e is settled and ctx is not
// done, on entry and on return. on is the task that settles e, or nil. A circle is refused.
func (t *Task) await(ctx context.Context, e *completion, on *Task) error {
	t.scope.g.pump.Settle()
	for {
		if err := t.waitError(ctx); err != nil {
			return t.refuse(err)
		}
		if e.isSettled() {
			if !t.scope.g.pump.Spent() {
				return nil
			}
			t.yield()
			continue
		}
		if _, err := t.waitFor(ctx, e, on); err != nil {
			return err
		}
		if e.isSettled() {
			return ctxError(ctx)
		}
	}
}

// waitFor parks the running task until e is settled, ctx is done, or the task is readied
// otherwise. The caller finds out which. All waits for a completion are built on it. If e was
// settled before, it does not park and returns false. on is the task that settles e, or nil. A
// wait that would close a circle is refused with ErrWouldDeadlock.
func (t *Task) waitFor(ctx context.Context, e *completion, on *Task) (parked bool, err error) {
	after := t.beginWait(ctx) // as in suspend
	w := t.waiter()
	added, err := e.addFor(w, on)
	if !added {
		t.coro.endWait(after)
		return false, err
	}
	t.coro.idle = on != nil
	t.coro.ParkVisitably()
	t.coro.endWait(after)
	e.removeFor(w, on)
	return true, nil
}

// waiter is the wait that the running task is about to begin.
func (t *Task) waiter() waiter { return waiter{t, &t.coro.Coro, t.coro.Seq()} }

// block blocks a goroutine until e is settled or ctx is done. t is the task that settles e, or
// nil.
func block(ctx context.Context, t *Task, e *completion) error {
	if err := ctxError(ctx); err != nil {
		return err
	}
	if t != nil {
		if t.scope.g.place.OnThread() {
			return ErrWouldDeadlock // in DoneCallback, when the guest is no longer on any list
		}
		forget, err := noteWait(ctx, t)
		if err != nil {
			return err
		}
		defer forget()
	}
	if e.isSettled() {
		return nil // keep the place in the pool
	}
	back := lendPlace(ctx) // otherwise e may wait for the place
	err := waitDone(ctx, e)
	if back(); err == nil {
		err = ctxError(ctx) // it may be done by now
	}
	return err
}

// waitHere waits for e, as task t or, if t is nil, on a goroutine. by is the task that settles
// e, or nil.
func waitHere(ctx context.Context, t *Task, e *completion, by *Task) error {
	if t != nil {
		return t.await(ctx, e, by)
	}
	return block(ctx, by, e)
}

// noteWait records that a goroutine waits for on, and so does the task that the goroutine works
// for, if any. A circle is refused.
func noteWait(ctx context.Context, on *Task) (forget func(), err error) {
	if w, ok := ctx.Value(&workKey).(*workCtx); ok {
		note := waiter{task: w.waiter}
		switch added, err := on.end.addFor(note, on); {
		case err != nil:
			return nil, err
		case added:
			return func() { on.end.removeFor(note, on) }, nil
		}
	}
	return func() {}, nil
}

// waitDone blocks a goroutine until e is settled, or ctx is done. It returns nil only if e is
// settled and ctx is not done.
func waitDone(ctx context.Context, e *completion) error {
	select {
	case <-e.channel():
	case <-ctx.Done():
	}
	return ctxError(ctx)
}

// outcome returns the result of a wait under ctx for e, when the wait has returned why. If e is
// settled, that is its result, together with the cancellation if ctx is done. Otherwise it is
// why.
func outcome(why error, e *completion) error {
	if why == nil {
		return e.result()
	}
	if c, ok := why.(*cancellation); ok && e.isSettled() {
		return c.with(e.result())
	}
	return why
}
