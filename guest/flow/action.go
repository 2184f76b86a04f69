package flow

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"sync"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/internal/bridge"
)

// A Policy says what happens when an [Action] is called while a run goes on.
type Policy int

// The policies.
const (
	// Drop: the call is ignored. For a button that must not work twice.
	Drop Policy = -1 - iota
	// Restart: the call cancels the run and does not wait in line. For a search as you type.
	Restart
	// Latest: the call waits, and replaces a call that waits already. For a preview.
	Latest

	// Queue: the calls run one after another, in order. It is Limit(1).
	Queue Policy = 1
)

// String returns the policy's name: "Restart", "Limit(3)".
func (p Policy) String() string {
	switch p {
	case Drop:
		return "Drop"
	case Restart:
		return "Restart"
	case Latest:
		return "Latest"
	case Queue:
		return "Queue"
	}
	return fmt.Sprintf("Limit(%d)", int(p))
}

// Limit runs n calls at a time; the others wait in line. It panics if n is not positive.
func Limit(n int) Policy {
	if n <= 0 {
		panic(fmt.Sprintf("flow: Limit called with %d; give at least 1", n))
	}
	return Policy(n)
}

var (
	// ErrRestarted is the cause that cancels a run when a later call replaces it, or a call that
	// waited under Latest.
	ErrRestarted = errors.New("flow: replaced by a later call of the action")
	// ErrDropped is what Run returns under Drop while the action runs.
	ErrDropped = errors.New("flow: the action is running, and drops calls meanwhile")
)

// An Action is a handler with a policy for calls that come while it runs. The idea comes from
// ember-concurrency.
type Action[A any] struct {
	ctx    context.Context
	fn     func(ctx context.Context, arg A) error
	policy Policy
	busy   *Var[bool]

	mu        sync.Mutex
	runs      []*actionRun // except for those that a later call has replaced
	unwinding int          // the replaced ones that have not ended
	waiting   []actionCall[A]
}

// An actionCall is a call of an action. out, if there is one, gets its result.
type actionCall[A any] struct {
	arg A
	out signal
}

// refuse reports that the call gets no run.
func (c actionCall[A]) refuse(err error) {
	if c.out != nil {
		c.out.Reject(err)
	}
}

// An actionRun is one run of an action's function.
type actionRun struct {
	task     *guest.Task
	replaced bool
}

// NewAction returns an action that runs fn in tasks of the innermost scope of ctx: the window's,
// for example. Any goroutine. Never waits.
//
//	find := flow.NewAction(ctx, func(ctx context.Context, text string) error {
//		if err := guest.Sleep(ctx, 200*time.Millisecond); err != nil { // debounce
//			return err
//		}
//		hits, err := guest.Background(ctx, …)
//		if ctx.Err() != nil {
//			return ctx.Err() // there is a newer text; how this search has ended is no news
//		}
//		show(hits, err) // never those of an earlier text
//		return nil
//	}, flow.Restart)
//	entry.OnChanged = find.Call
//
// A run ends when fn has returned and the tasks that it has started have ended. Failures stay
// apart in any scope: a run that fails cancels nothing, and its error goes to
// guest.Options.OnError, or to the log. (A panic ends the guest if there is no OnError, as any
// task's panic does.) If a run is cancelled before it begins, fn is not
// called.
//
// Under Restart, a Sleep at the start of fn is a debounce. Under Drop, a Sleep at the end is a
// throttle. Under Restart the old run unwinds before the new one begins, if the old one only
// waits. The new run does not wait until a Background function of the old one has returned. In
// that case the deferred calls of the old run may come after the first lines of the new one. So
// use Busy to show that the action runs, and not a Show in fn with a deferred Hide.
//
// NewAction panics if fn is nil, if the policy is not one of this package's, or if ctx was not
// made by a guest.
func NewAction[A any](ctx context.Context, fn func(ctx context.Context, arg A) error, p Policy) *Action[A] {
	needFunc(fn == nil, "NewAction")
	if p < Latest || p == 0 {
		panic(fmt.Sprintf("flow: NewAction called with policy %d; pass Drop, Restart, Latest, Queue or Limit(n)", p))
	}
	if _, ok := guest.FromContext(ctx); !ok {
		panic("flow: NewAction called with a context without a guest; pass the context of a task or of a window")
	}
	busy := NewVarFunc(false, func(a, b bool) bool { return a == b })
	busy.owned = true
	return &Action[A]{ctx: ctx, fn: fn, policy: p, busy: busy}
}

// Call requests a run with arg, subject to the policy. Any goroutine, any UI handler. Never
// waits: fn begins in a later batch. If the scope has ended, nothing happens, and the log says
// so.
func (a *Action[A]) Call(arg A) { a.call("Call", actionCall[A]{arg: arg}) }

// Run does the same as Call, and waits for the run: "save now, then close". In a task it parks;
// elsewhere it blocks the calling goroutine. On a UI thread outside a task the error wraps
// guest.ErrWouldDeadlock, and no run is requested.
//
// Run returns the run's error, which goes nowhere else. If the call gets no run, the error is
// ErrDropped under Drop, a cancellation with the cause ErrRestarted if a later call has replaced
// it, one with the cause of Cancel, or guest.ErrFinished if the scope has ended. When ctx is
// done, only the wait ends: the run goes on, and its failure goes where that of Call goes.
//
// Under Queue and Latest, an action must not call its own Run: the new run would begin only after
// the one that waits for it. In a run, in a task that the run has started, and in their background
// functions, the error wraps guest.ErrWouldDeadlock, and no run is requested. Use Call there.
// Three such circles are not found, so Run waits until ctx is done: through a goroutine of your
// own, through another action, and under Limit(n) if n runs wait for further ones.
func (a *Action[A]) Run(ctx context.Context, arg A) error {
	if _, err := mayWait(ctx, "flow.(*Action).Run"); err != nil {
		return err
	}
	if a.waitsForItself(ctx) {
		return fmt.Errorf("flow: Run called in a run of the action, which waits for that run to end under %v; use Call: %w",
			a.policy, guest.ErrWouldDeadlock)
	}
	out := newSignal()
	a.call("Run", actionCall[A]{arg, out})
	err := await(ctx, out)
	if err == nil || out.Resolve(struct{}{}) {
		return err // in the second case the wait has ended first, and the run is like one of Call
	}
	return await(ctx, out) // the run's error, also if it came just after the end of ctx
}

// waitsForItself reports whether a call would get its run only after the run in which the caller
// is. That run goes on meanwhile, so the answer holds without the lock.
func (a *Action[A]) waitsForItself(ctx context.Context) bool {
	a.mu.Lock()
	var run *guest.Task
	if (a.policy == Latest || a.policy == Queue) && len(a.runs) > 0 {
		run = a.runs[0].task
	}
	a.mu.Unlock()
	return run != nil && bridge.Circle(ctx, run)
}

func (a *Action[A]) call(verb string, c actionCall[A]) {
	if a.fn == nil {
		panic("flow: " + verb + " called on a zero Action; make one with NewAction")
	}
	logIfRefused(a.request(c))
}

// logIfRefused logs that the scope of the run's task has ended. The caller does not hold the lock,
// since a log handler may call the action.
func logIfRefused(task *guest.Task) {
	if task != nil {
		bridge.LogRefused(task)
	}
}

// request does what the policy says. It returns the task of a run that was refused, or nil.
func (a *Action[A]) request(c actionCall[A]) (refused *guest.Task) {
	a.mu.Lock()
	defer a.mu.Unlock()
	switch running := len(a.runs) > 0; {
	case a.policy == Drop && running:
		c.refuse(ErrDropped)
	case a.policy == Latest && running:
		if len(a.waiting) > 0 {
			a.waiting[0].refuse(bridge.Cancelled(ErrRestarted))
		}
		a.waiting = append(a.waiting[:0], c)
	case a.policy > 0 && len(a.runs) >= int(a.policy):
		a.waiting = append(a.waiting, c)
	default:
		if a.policy == Restart && running {
			r := a.runs[0]
			r.replaced, a.runs = true, a.runs[:0]
			a.unwinding++
			r.task.Cancel(ErrRestarted) // first, so that it unwinds before the new run begins
		}
		return a.start(c, a.unwinding > 0)
	}
	return nil
}

// Do is Call with the zero value, for handlers without an argument. Any goroutine, any UI
// handler. Never waits.
func (a *Action[A]) Do() {
	var zero A
	a.Call(zero)
}

// Cancel cancels the runs with cause, and drops the calls that wait. On the guest's own UI
// thread the contexts of the runs are done when Cancel returns, elsewhere by the guest's next
// turn. A nil cause means context.Canceled. Any goroutine. Never waits.
func (a *Action[A]) Cancel(cause error) {
	a.mu.Lock()
	waiting, runs := a.waiting, slices.Clone(a.runs)
	a.waiting = nil
	a.mu.Unlock()
	for _, c := range waiting {
		c.refuse(bridge.Cancelled(cause))
	}
	for _, r := range runs {
		r.task.Cancel(cause)
	}
}

// Busy returns a Var that says whether the action runs. Bind it to disable a button or to show
// a progress bar. It stays true from one run to the next. Only the action sets it; if you call
// Set, it panics. Any goroutine. Never waits.
func (a *Action[A]) Busy() *Var[bool] { return a.busy }

// start starts a run. If its task is refused, start returns the task, or else nil. The lock is
// held.
func (a *Action[A]) start(c actionCall[A], replaces bool) (refused *guest.Task) {
	r := new(actionRun)
	a.busy.set(true) // before it can begin
	r.task = bridge.Go(a.ctx, bridge.Start{
		Run: func(ctx context.Context) error {
			defer func() { logIfRefused(a.ended(r)) }()
			if replaces || ctx.Err() != nil {
				// The runs that this one replaces unwind now, even if a goroutine made the call.
				if err := guest.Yield(ctx); err != nil {
					return err
				}
			}
			return guest.Scope(ctx, func(ctx context.Context) error { return a.fn(ctx, c.arg) })
		},
		PC:    reflect.ValueOf(a.fn).Pointer(),
		Apart: true,
		Quiet: true,
	}).(*guest.Task)
	if !bridge.Accepted(r.task) {
		refused = r.task // the scope has ended
	} else {
		a.runs = append(a.runs, r)
	}
	if c.out != nil {
		r.task.Future().Chain(c.out)
	}
	a.busy.set(len(a.runs)+a.unwinding > 0)
	return refused
}

// ended is called when a run has ended; waiting calls take its place. It returns the task of a
// run that was refused, or nil.
func (a *Action[A]) ended(r *actionRun) (refused *guest.Task) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if r.replaced {
		a.unwinding--
	} else if i := slices.Index(a.runs, r); i >= 0 {
		a.runs = slices.Delete(a.runs, i, i+1)
	}
	for len(a.waiting) > 0 && len(a.runs) < max(1, int(a.policy)) {
		var none actionCall[A]
		next := a.waiting[0]
		a.waiting[0], a.waiting = none, a.waiting[1:]
		if refused = a.start(next, false); refused != nil {
			for _, c := range a.waiting {
				c.refuse(guest.ErrFinished)
			}
			a.waiting = nil
		}
	}
	a.busy.set(len(a.runs)+a.unwinding > 0)
	return refused
}
