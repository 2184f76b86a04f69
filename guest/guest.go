package guest

import (
	"context"
	"fmt"
	"reflect"
	"sync/atomic"

	"github.com/golodger/lodger/guest/internal/hooks"
	"github.com/golodger/lodger/guest/internal/place"
	"github.com/golodger/lodger/guest/internal/sched"
	"github.com/golodger/lodger/host"
	"github.com/golodger/lodger/internal/serving"
)

// A Guest is a scheduler of tasks that runs in a host's main loop, on the host's thread. Start
// and Run make one. The methods say which goroutine may call them.
type Guest struct {
	host     hosting
	opts     *Options
	hooks    hooks.Hooks // for tests
	steering *steering   // for tests, or nil
	place    place.Place
	// here, beside fields that waits read anyway
	observers observers
	pump      sched.Pump
	life      life
	main      *Task
	value     func() any // main's result, for the host's Outcome

	// Any goroutine.
	graph   graph
	errors  errorLog
	refused atomic.Int64 // posts and starts, because the guest had ended

	watchers watchers

	// UI thread only.
	root     scope // of main
	own      scope // of (*Guest).Go's tasks
	works    jobList
	modals   modalQueue
	failures uint32 // so far, in all scopes
	ending   endTally
}

// Start starts a guest in h and returns a handle that you can use at once: you may start tasks,
// cancel them, and post functions before the host's loop runs. Any goroutine. Never waits. If the
// loop does not run yet, or you are on its thread, none of your functions has run when Start
// returns.
//
// main is the guest's first task. When main and its tasks have ended, the guest ends. With a
// nil main the guest runs until Cancel; it ends without an error when the cause is ErrQuit or
// the end of the loop. Run the host's loop yourself, on a goroutine that is locked to its
// thread. Call runtime.LockOSThread before the loop, and Finish after it, and look at the error
// in the report. (Run does all of this itself.) Start returns an error if the host value has, or
// had, a guest. Start panics if h is nil.
func Start(h host.Host, main func(ctx context.Context) error, opts *Options) (*Guest, error) {
	var b body
	if main != nil {
		b = plainBody(main)
	}
	g, err := newGuest("Start", h, b, opts)
	if err != nil {
		return nil, err
	}
	g.place.SettleIfHere()
	g.begin()
	return g, nil
}

func newGuest(verb string, h host.Host, main body, opts *Options) (*Guest, error) {
	if h == nil {
		panic("guest: " + verb + " called with a nil host; make one, for example with headless.New()")
	}
	if !reflect.TypeOf(h).Comparable() {
		panic(fmt.Sprintf("guest: %s called with a host of type %T, which can't be compared; use a pointer", verb, h))
	}
	if err := opts.check(); err != nil {
		return nil, err
	}
	detach, ok := serving.Attach(h)
	if !ok {
		return nil, errHostBusy
	}
	g := &Guest{host: newHosting(h), opts: opts, hooks: hooks.Take(opts.context())}
	g.life.detach = detach
	g.life.end.channel() // now, since it belongs to the current testing/synctest bubble
	g.place.Init(g, g.host.threader, g.host.enterer != nil)
	g.pump.Init((*client)(g), opts.budget(), g.steer())
	g.pump.SlowTurns(opts.slowTurn())
	g.modals.run = g.runModal
	g.root.g, g.root.ctx = g, opts.context()
	g.own.g, g.own.ctx, g.own.parent, g.own.supervised = g, &g.root, &g.root, true
	if g.root.ctx.Done() != nil { // or only the guest itself cancels it
		g.root.foreign = &g.root
	}
	g.own.foreign = g.root.foreign
	if main == nil {
		main = untilCancel{}
	}
	g.main = &Task{body: main}
	g.main.scope.g, g.main.scope.ctx, g.main.scope.parent, g.main.scope.task = g, &g.root, &g.root, g.main
	g.main.scope.foreign, g.main.scope.supervised = g.root.foreign, opts.supervise()
	return g, nil
}

// need panics if the guest does not come from Start or Run, at the call that has the mistake.
func (g *Guest) need(verb string) {
	if g == nil || g.life.detach == nil {
		panic("guest: " + verb + " called on a nil or zero Guest; make one with Start, or take it from a context with FromContext")
	}
}

// untilCancel is the body of main in a guest without a main function.
type untilCancel struct{}

func (untilCancel) run(ctx context.Context) error { return Park(ctx) }
func (untilCancel) pc() uintptr                   { return reflect.ValueOf(untilCancel.run).Pointer() }

// begin posts the message that starts the guest.
func (g *Guest) begin() {
	g.place.Enlist()
	g.pump.Control(beginLife{g})
	g.pump.Start((*beginning)(g.main))
}

// beginLife is the first control message of a guest.
type beginLife struct{ g *Guest }

func (b beginLife) Prompt() bool { return false }

func (b beginLife) Apply() {
	g := b.g
	if !g.life.is(living) {
		g.life.enter(living)
	}
	g.own.link()
	g.root.followContext()
}

// Cancel asks the guest to end: every task is cancelled, with cause, and the guest ends when
// they have unwound. On the UI thread the tasks are cancelled when Cancel returns, elsewhere by
// the guest's next turn. A nil cause means ErrQuit. Any goroutine. Never waits.
func (g *Guest) Cancel(cause error) {
	g.need("Cancel")
	if cause == nil {
		cause = ErrQuit
	}
	g.cancel(&g.root, newCancellation(cause))
}

// cancel cancels s for c: at once on the guest's own UI thread, elsewhere before the next
// batch. Any goroutine.
func (g *Guest) cancel(s *scope, c *cancellation) {
	g.pump.Control(&cancelScope{s, c})
	if g.place.OnThread() {
		g.pump.ApplyPrompt()
	}
}

// Done returns a channel that is closed when the guest has ended. Any goroutine.
func (g *Guest) Done() <-chan struct{} { g.need("Done"); return g.life.end.channel() }

// Wait waits until the guest has ended, and returns its error. In a task of another guest it
// parks; elsewhere it blocks the calling goroutine. It returns an error that wraps
// ErrWouldDeadlock on a UI thread outside a task, and in a task or a background function of the
// guest itself. When ctx is done first, the error is that of ctx; the guest goes on.
func (g *Guest) Wait(ctx context.Context) error {
	g.need("Wait")
	here, err := surelyWaiting(ctx, "(*Guest).Wait")
	if err != nil {
		return err
	}
	if here != nil && here.scope.g == g || here == nil && g.place.OnThread() {
		return ErrWouldDeadlock
	}
	if by := waiterOf(ctx, here); by != nil && by.scope.g == g {
		return ErrWouldDeadlock // the guest's end waits for the caller
	}
	if err := waitHere(ctx, here, &g.life.end, nil); err != nil {
		return err
	}
	return g.life.report.Err
}

// over reports whether Done is closed. Any goroutine.
func (g *Guest) over() bool { return g.life.is(gone) }

// nextFailure numbers failures in the order of time. UI thread only.
func (g *Guest) nextFailure() uint32 {
	g.failures++
	return g.failures
}

// post posts fn to the UI thread, outside any task. Any goroutine.
func (g *Guest) post(fn func()) error {
	if !g.pump.Post(fn) {
		return ErrFinished
	}
	return nil
}
