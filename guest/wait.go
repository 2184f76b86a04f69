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

// A wait parks in a task, and blocks on any goroutine that is on no guest's UI thread. Which
// task waits is always the one that runs on the calling thread; the context only says under
// which cancellation. To park a goroutine that is not the task's would end the process: so the
// place is asked for first, before anything is looked at that might make the wait needless.

// waiting returns the task that the caller may park, or nil if it may block its goroutine. For
// waits that cost little more than a switch: with one guest in the process the mark is proof
// enough; but where callbacks come through C, a handler may be called on a task's own
// goroutine.
func waiting(ctx context.Context, verb string) (*Task, error) {
	if place.Sole() {
		if s := taskScopeOf(ctx); s != nil && s.g.pump.Current() != nil && !s.g.place.MayBeInsideC() {
			return s.g.current(), nil
		}
	}
	return surelyWaiting(ctx, verb)
}

// taskScopeOf returns the innermost scope of ctx, unless ctx is of a background function: that
// may wait on a goroutine, which a program may have marked for its own ends.
func taskScopeOf(ctx context.Context) *scope {
	if s, ok := ctx.(*scope); ok {
		return s
	}
	needContext(ctx)
	if ctx.Value(&workKey) != nil {
		return nil
	}
	return scopeOf(ctx)
}

// surelyWaiting is waiting for waits that cost more anyway. It always asks for the thread.
func surelyWaiting(ctx context.Context, verb string) (*Task, error) {
	needContext(ctx)
	thread := host.CurrentThread()
	if t := runningOn(thread); t != nil {
		t.scope.g.pump.Settle()
		return t.notInsideC(verb), nil
	}
	if g := guestAt(place.RunsOn(thread)); g != nil {
		return nil, g.refuseOnUI(verb)
	}
	if scopeOf(ctx) != nil && ctx.Value(&workKey) == nil {
		panic("guest: " + verb + " called on a goroutine with the context of a task, and only the task itself may wait under that; " +
			"take the context of Background or Submit, or start a task with Go")
	}
	return nil, nil
}

// notInsideC refuses a wait in a callback from C, in which the runtime would not let the task
// be parked.
func (t *Task) notInsideC(verb string) *Task {
	if t.scope.g.place.InsideC() {
		panic("guest: " + verb + " called in a callback from C, inside a task; start a task there with Go")
	}
	return t
}

// refuseOnUI is the error of a wait on the UI thread outside a task. It is logged once for each
// place in the program, since a handler has no caller who looks at it.
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
	happened.settled.Store(true)
}

// happened is settled.
var happened completion

// running returns the task that the caller runs in, for what is structure and belongs to a task.
func running(ctx context.Context, verb string) *Task {
	if place.Sole() {
		if s := scopeOf(ctx); s != nil && s.g.pump.Current() != nil && !s.g.place.MayBeInsideC() {
			return s.g.current()
		}
	}
	return surelyRunning(verb)
}

// surelyRunning is running for what costs more anyway. It always asks for the thread.
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
// a task of another; then only the innermost, whose pump was entered last, can have a running
// task: to park the other's would end the process.
func runningHere() *Task { return runningOn(host.CurrentThread()) }

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

// innermost returns the scope of ctx that a wait or a new scope of t hangs below: ctx's own, or
// the task's where ctx has nothing to do with the task's guest.
func (t *Task) innermost(ctx context.Context) *scope {
	if s := scopeOf(ctx); s != nil && s.g == t.scope.g {
		return s
	}
	return &t.scope
}

// forever is for waits that no cancellation ends.
var forever = context.Background()

// suspend parks the running task until it is woken, or ctx is done; the caller finds out which.
func (t *Task) suspend(ctx context.Context) {
	c := t.coro
	c.since = t.scope.g.pump.Now()
	if t.scope.g.observed() && !c.told {
		t.suspendTold(ctx)
		return
	}
	var stop func() bool
	if plain, ok := plainScope(ctx); ok && plain.g == t.scope.g {
		plain.subscribe(c, nil)
	} else if ctx.Done() != nil {
		if s := scopeOf(ctx); s != nil && s.g == t.scope.g {
			// a cancellation of s that reaches ctx ends the wait in the same batch
			s.subscribe(c, ctx)
		}
		stop = context.AfterFunc(ctx, t.waiter().wakeFirst)
	}
	c.ParkVisitably()
	c.ignored = 0
	if stop != nil {
		stop()
	}
	c.unsubscribe()
}

// suspendTold is suspend, and tells observers of the wait. It is apart, since what suspend asks
// or keeps across the switch costs each wait more than a look before it.
func (t *Task) suspendTold(ctx context.Context) {
	c := t.coro
	c.told = true
	t.suspend(ctx)
	c.told = false
	t.tellWaited()
}

// mayWait returns the error of a wait that ends before it begins, or nil.
func (t *Task) mayWait(ctx context.Context) error {
	if err := t.waitError(ctx); err != nil {
		return t.refuse(err)
	}
	return nil
}

// waitError is mayWait without the refusal.
func (t *Task) waitError(ctx context.Context) error {
	if t.scope.g.forced() {
		return ErrHostGone
	}
	return ctxError(ctx)
}

// maxRefused is how many waits a task may still ask for once the host has gone and the grace is
// over, before it is ended by Goexit; and how many its deferred calls may ask for then, before
// it is given up.
const maxRefused = 100

// refuse ends a wait at once. A task that does not listen must not keep the thread by that:
// once the budget is spent, it gives way like any other; and after maxRefused refusals it is
// ended.
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
			c.Park() // for good: it is not resumed
		}
	}
	return err
}

// slowDown makes a task wait that goes on waiting after its cancellation: after maxRefused
// refusals, without a wait that lasts in between, each further one takes a millisecond, then
// twice as long, up to a second. A loop that ignores the errors of its waits would otherwise keep
// a processor busy, and the window would never close.
func (t *Task) slowDown() {
	g, c := t.scope.g, t.coro
	if c.ignored++; c.ignored <= maxRefused {
		return
	}
	g.once("ignores "+t.String(), func() {
		g.opts.logger().Warn("guest: a task goes on waiting after its cancellation, and is slowed down; "+
			"it must return when its waits do", t.log())
	})
	d := time.Millisecond << min(c.ignored-maxRefused-1, 10)
	when := g.pump.Deadline(min(d, time.Second))
	g.pump.Sleeps(1)
	defer g.pump.Sleeps(-1)
	for g.pump.Since() < when && !g.forced() {
		g.pump.WakeAt(when, &c.Coro)
		c.Park()
	}
}

// checkpoint lets the others run if the budget is spent. Every wait that is satisfied at once
// calls it.
func (t *Task) checkpoint() {
	if t.scope.g.pump.Spent() {
		t.yield()
	}
}

// yield lets all others that are ready run first.
func (t *Task) yield() {
	t.scope.g.pump.Requeue(&t.coro.Coro)
	t.coro.Park()
}

// await waits for e, or until ctx is done. It returns nil only if e is settled and ctx is not
// done, on entry as on return. If a task settles e, it is given as on, and a circle is refused.
func (t *Task) await(ctx context.Context, e *completion, on *Task) error {
	t.scope.g.pump.Settle()
	for {
		if err := t.waitError(ctx); err != nil {
			return t.refuse(err)
		}
		if e.settled.Load() {
			if !t.scope.g.pump.Spent() {
				return nil
			}
			t.yield()
			continue
		}
		t.coro.idle = on != nil
		_, err := t.waitFor(ctx, e, on)
		t.coro.idle = false
		if err != nil {
			return err
		}
		if e.settled.Load() {
			return ctxError(ctx)
		}
	}
}

// waitFor parks the running task until e is settled, ctx is done, or the task is readied
// otherwise; the caller finds out which. All waits for a completion are made of it. It reports
// false, and has not parked, if e was settled before. If a task settles e, it is given as on,
// and a wait that would close a circle is refused with ErrWouldDeadlock.
func (t *Task) waitFor(ctx context.Context, e *completion, on *Task) (parked bool, err error) {
	w := t.waiter()
	if added, err := e.addFor(w, on); !added {
		return false, err
	}
	t.suspend(ctx)
	e.removeFor(w, on)
	return true, nil
}

// waiter is the wait that the running task is about to begin.
func (t *Task) waiter() waiter { return waiter{t, &t.coro.Coro, t.coro.Seq()} }

// block blocks a goroutine until e is settled, by t if that is not nil, or ctx is done.
func block(ctx context.Context, t *Task, e *completion) error {
	if err := ctxError(ctx); err != nil {
		return err
	}
	if t != nil {
		if t.scope.g.place.OnThread() {
			return ErrWouldDeadlock // in DoneCallback, when the guest is on no list any more
		}
		forget, err := noteWait(ctx, t)
		if err != nil {
			return err
		}
		defer forget()
	}
	if e.settled.Load() {
		return nil // without a look for another place in a pool
	}
	back := lendPlace(ctx) // or what it waits for may wait for the place
	err := waitDone(ctx, e)
	if back(); err == nil {
		err = ctxError(ctx) // it may have taken longer than ctx
	}
	return err
}

// waitHere waits for e, which by settles if that is not nil, as task t or, without one, on a
// goroutine.
func waitHere(ctx context.Context, t *Task, e *completion, by *Task) error {
	if t != nil {
		return t.await(ctx, e, by)
	}
	return block(ctx, by, e)
}

// noteWait notes that a goroutine waits for on, and with it the task that the goroutine works
// for, if any: a circle is refused.
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

// outcome returns how something has ended that a wait under ctx was for, when the wait has
// returned why: its own result, and the cancellation, too, if ctx is done. Before the end it is
// why.
func outcome(why error, e *completion) error {
	if why == nil {
		return e.result()
	}
	if c, ok := why.(*cancellation); ok && e.settled.Load() {
		return c.with(e.result())
	}
	return why
}
