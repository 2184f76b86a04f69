package guest

import (
	"context"
	"fmt"
	"reflect"
	"sync"
	"sync/atomic"
	"time"

	"github.com/golodger/lodger/host"
	"github.com/golodger/lodger/internal/serving"
)

// A Guest is a scheduler of tasks that lives in a host's main loop, on its thread. Start and Run make one. The
// methods say which goroutine may call them.
type Guest struct {
	host    host.Host
	opts    *Options
	budget  time.Duration
	shuffle func(n int, swap func(i, j int)) // the tasks of a batch; nil in programs
	epoch   time.Time
	detach  func() // from the host
	main    *Task
	value   func() any // main's result, for the host's Outcome

	// Any goroutine.
	inbox  inbox
	wakes  [2]func()     // what the host is given to call, in turns; made once
	modal  func()        // likewise, for Modal
	thread atomic.Uint64 // the host's thread, once known
	asker  atomic.Uint64 // the host's thread, while it is inside a call that asks the host for a wake-up
	inLoop atomic.Bool   // Run is inside Mainloop
	over   atomic.Bool   // done is closed
	done   chan struct{}
	report Report // once done is closed
	graph  graph
	said   sync.Map

	reported atomic.Int64 // errors and panics that nobody observed
	late     atomic.Int64 // posts and starts refused because the guest had ended
	lost     atomic.Int64 // failed futures that somebody may yet observe

	// The rest belongs to the UI thread.
	root       scope // of main
	crew       scope // of (*Guest).Go's tasks
	current    *Task // that runs
	ready      fifo
	left       int         // entries of ready that belong to this batch
	later      []postponed // for the next turn
	orders     []order
	beginning  entry // for the coroutine that is to begin it
	idle       []*coro
	clock      clock
	timers     timers
	jobs       *jobState // background functions that tasks wait for
	modals     []*modal
	modalAsked time.Duration
	failures   uint32
	counts     counts

	bound             atomic.Bool // the host's goroutine is marked
	wasMarked         bool        // and was before
	depth             int         // of C callbacks at which the pump runs
	depthKnown        bool
	dead              int   // callbacks that a panic has left, and that are still seen on the stack
	cCalls            int64 // the process's calls to C when the depth was last found to be right
	throughC          bool  // the host's callbacks come through C
	pumping           bool
	entered           uint64 // the number of the pump's turn
	handling, logging bool   // a posted function calls OnError, or the logger

	state       state
	tasksGone   bool
	afterlife   bool // the host's loop has ended; Finish drives the pump
	graceIsOver bool
	forced      bool // every wait is refused
	givenUp     bool
	tally       struct {
		cancelled, abandoned, leaked tally
		dropped                      int
	}
}

// state is how far a guest has come.
type state uint8

const (
	living  state = iota
	ending        // main and its tasks have ended; the crew unwinds
	closing       // all tasks have ended; posts are refused, and those accepted are run
	ended
)

// Start makes a guest live in h and returns a handle that can be used at once: tasks may be started, cancelled and posted to
// before the host's loop runs. Any goroutine. Never waits. No function of the user's has run when it returns.
//
// main is the guest's first task; when it and its tasks have ended, the guest ends. A nil main means: until Cancel; such a
// guest ends without an error when the cause is ErrQuit or the loop's end. The program runs the host's loop itself, on a
// goroutine that it has locked to its thread (runtime.LockOSThread, before the loop; Run does so by itself), and calls Finish
// after it. A host value that has, or had, a guest gives ErrHostBusy.
// Start panics if h is nil.
func Start(h host.Host, main func(ctx context.Context) error, opts *Options) (*Guest, error) {
	var b body
	if main != nil {
		b = plainBody(main)
	}
	g, err := newGuest("Start", h, b, opts)
	if err != nil {
		return nil, err
	}
	if t, ok := h.(host.Threader); ok && t.OnThread() {
		g.thread.Store(uint64(host.CurrentThread()))
	}
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
		return nil, ErrHostBusy
	}
	g := &Guest{host: h, opts: opts, budget: opts.budget(), shuffle: opts.shuffle(), epoch: time.Now(), detach: detach, done: make(chan struct{})}
	_, g.throughC = h.(host.Enterer)
	g.wakes = [2]func(){func() { g.wakeUp(0) }, func() { g.wakeUp(1) }}
	g.modal = g.runModal
	g.timers.armed = never
	g.root.g, g.root.ctx = g, opts.context()
	g.crew.g, g.crew.ctx, g.crew.owner, g.crew.supervised = g, &g.root, &g.root, true
	g.root.live.Store(1)
	g.crew.live.Store(1)
	if main == nil {
		main = untilCancel{}
	}
	g.main = &Task{body: main}
	g.main.scope.g, g.main.scope.ctx, g.main.scope.owner, g.main.scope.task = g, &g.root, &g.root, g.main
	g.main.scope.live.Store(1)
	return g, nil
}

// need refuses a guest that nobody has made, where the mistake is.
func (g *Guest) need(verb string) {
	if g == nil || g.done == nil {
		panic("guest: " + verb + " called on a nil or zero Guest; make one with Start, or take it from a context with FromContext")
	}
}

// untilCancel is the main function of a guest without one.
type untilCancel struct{}

func (untilCancel) run(ctx context.Context) error { return Park(ctx) }
func (untilCancel) pc() uintptr                   { return reflect.ValueOf(untilCancel.run).Pointer() }

// begin posts what starts the guest.
func (g *Guest) begin() {
	g.enlist()
	g.order(order{do: func() {
		g.crew.enter()
		g.root.watch()
	}})
	_ = g.post(entry{task: g.main})
}

// Cancel asks the guest to end: from the next batch on every task is cancelled, with cause; the guest ends when they have
// unwound. A nil cause means ErrQuit. Any goroutine. Never waits.
func (g *Guest) Cancel(cause error) {
	g.need("Cancel")
	if cause == nil {
		cause = ErrQuit
	}
	g.order(order{scope: &g.root, why: &cancellation{err: context.Canceled, cause: cause}})
}

// Done returns a channel that is closed when the guest has ended. Any goroutine.
func (g *Guest) Done() <-chan struct{} { g.need("Done"); return g.done }

// Wait blocks the calling goroutine until the guest has ended, and returns its error. On the host's thread it is refused with
// ErrWouldDeadlock while the guest lives. When ctx is done first, the error is its own; the guest goes on.
func (g *Guest) Wait(ctx context.Context) error {
	g.need("Wait")
	needContext(ctx)
	if g.over.Load() {
		return g.report.Err
	}
	if g.onThread() {
		return ErrWouldDeadlock
	}
	select {
	case <-g.done:
		return g.report.Err
	case <-ctx.Done():
		if g.over.Load() {
			return g.report.Err
		}
		return ctxError(ctx)
	}
}

// onThread reports whether the caller is on the host's thread, while the guest lives. Any goroutine.
func (g *Guest) onThread() bool {
	if g.over.Load() {
		return false
	}
	return g.onThreadIs(host.CurrentThread())
}

// onThreadIs is onThread for the calling thread, which the caller has just read.
func (g *Guest) onThreadIs(thread host.Thread) bool {
	if thread == 0 {
		return g.bound.Load() && marked() // one thread for all goroutines: only the mark tells
	}
	if known := g.thread.Load(); known != 0 {
		return known == uint64(thread) && stillOn(thread)
	}
	t, ok := g.host.(host.Threader)
	return ok && t.OnThread()
}

// stillOn reports whether the caller is on the thread that it was on before, which has turned out to be some loop's: it may have
// been moved off it, and a loop that started have been locked to it. What is marked cannot be moved.
func stillOn(thread host.Thread) bool { return marked() || host.CurrentThread() == thread }

// tick numbers failures in time.
func (g *Guest) tick() uint32 {
	g.failures++
	return g.failures
}
