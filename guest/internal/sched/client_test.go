package sched

import (
	"runtime"
	"runtime/debug"
	"sync"
	"testing"
	"time"

	"github.com/golodger/lodger/internal/looptest"
)

// A client is the smallest owner of a pump. Its host is a looptest.Loop, and its tasks are
// those of task_test.go. It records each call of the pump, and fails the test if a call is not
// on the main loop's thread.
type client struct {
	t    *testing.T
	pump Pump
	main looptest.Loop

	// Any goroutine.
	mu      sync.Mutex
	tasks   []*task // the tasks that were started
	live    int     // how many tasks have not ended
	sealed  bool    // End was called: no task can start
	slow    []Held
	stalled []string

	// UI thread only.
	ending    bool // the pump ends with the last task
	cancelled bool // all waits return at once
	heard     heard

	// Scripts, called on the UI thread.
	onPanicked, onRecovered, onExited, onDeadline, onTurnEnded, onClosed, onDrained func()
}

// heard records what the pump has told its client.
type heard struct {
	exited    []*task // nil stands for a function
	panicked  []failure
	recovered int
	failed    []failure
	faults    []failure
	deadlines []time.Time
	backlogs  []lateness
	turnEnds  int
	own       int // how many requests came from the pump itself
	closed    int
	drained   int
}

// A lateness holds the arguments of Backlogged.
type lateness struct {
	n     int
	since time.Duration
}

// A failure holds a panic.
type failure struct {
	value any
	stack string
}

const budget = 4 * time.Millisecond

func newClient(t *testing.T) *client { return newShuffled(t, nil) }

func newShuffled(t *testing.T, shuffle Shuffle) *client {
	if shuffle == nil {
		return newSteered(t, nil)
	}
	return newSteered(t, &Steer{Shuffle: shuffle})
}

func newSteered(t *testing.T, steer *Steer) *client {
	c := &client{t: t}
	c.pump.Init(c, budget, steer)
	return c
}

// run runs fn as a task in the main loop, until that task and all others have ended.
func (c *client) run(fn func(t *task)) {
	c.startMain(fn)
	c.spin()
}

// spin runs the main loop on a locked thread, until it has quit.
func (c *client) spin() {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	c.spinLocked()
}

// spinLocked is spin for a goroutine that is locked to its thread.
func (c *client) spinLocked() {
	c.enter()
	_ = c.main.Mainloop(nil)
}

// enter makes the calling thread the main loop's thread, and marks the goroutine as package
// place does.
func (c *client) enter() {
	debug.SetPanicOnFault(true)
	c.main.Enter()
}

// startMain starts fn as the main task: the pump ends when all tasks have ended.
func (c *client) startMain(fn func(t *task)) *task {
	return c.start(func(t *task) {
		defer func() { c.ending = true }()
		fn(t)
	})
}

// cancel makes all waits return, so that the pump ends with the last task. Any goroutine.
func (c *client) cancel() { c.pump.Control(applied(c.cancelAll)) }

func (c *client) cancelAll() {
	c.ending, c.cancelled = true, true
	c.mu.Lock()
	tasks := c.tasks
	c.mu.Unlock()
	for _, t := range tasks {
		t.cancelNow()
	}
	c.endIfDone()
}

// endIfDone ends the pump if no task is left and none can start.
func (c *client) endIfDone() {
	c.mu.Lock()
	c.sealed = c.sealed || c.ending && c.live == 0
	sealed := c.sealed
	c.mu.Unlock()
	if sealed {
		c.pump.End()
	}
}

// applied makes a Control from a function.
type applied func()

func (fn applied) Apply()    { fn() }
func (applied) Prompt() bool { return false }

// here fails the test if the caller is not on the main loop's thread.
func (c *client) here() {
	c.t.Helper()
	if !c.main.OnThread() {
		c.t.Error("called on another thread than the main loop's")
	}
}

func call(script func()) {
	if script != nil {
		script()
	}
}

func (c *client) Admit() bool {
	c.here()
	if c.pump.InTurn() {
		c.pump.Nested()
		return false
	}
	return true
}

func (c *client) Own() bool { return c.main.OnThread() }

func (c *client) Backlogged(n int, since time.Duration) {
	c.here()
	c.heard.backlogs = append(c.heard.backlogs, lateness{n, since})
}

func (c *client) RequestWakeup(wake func(), onThread bool) {
	if onThread {
		c.here()
		c.heard.own++
	}
	c.main.RunSyncSoonThreadsafe(wake)
}

func (c *client) NewCoro() *Coro {
	c.here()
	co := new(testCoro)
	co.Ext = co
	return &co.Coro
}

func (c *client) Exited(co *Coro) {
	c.here()
	t := co.Ext.(*testCoro).task
	c.heard.exited = append(c.heard.exited, t)
	if t != nil {
		t.ended()
	}
	call(c.onExited)
}

func (c *client) Panicked(co *Coro, value any) {
	c.here()
	c.heard.panicked = append(c.heard.panicked, failure{value, string(debug.Stack())})
	call(c.onPanicked)
}

func (c *client) Recovered(co *Coro) Runnable {
	c.here()
	c.heard.recovered++
	t := co.Ext.(*testCoro).task
	co.Ext.(*testCoro).task = nil
	co.Left()
	t.ended()
	call(c.onRecovered)
	return t
}

func (c *client) Failed(value any, stack []byte) {
	c.here()
	c.heard.failed = append(c.heard.failed, failure{value, string(stack)})
}

func (c *client) DeadlinePassed() {
	c.here()
	c.heard.deadlines = append(c.heard.deadlines, time.Now())
	call(c.onDeadline)
}

func (c *client) TurnEnded() {
	c.here()
	c.heard.turnEnds++
	call(c.onTurnEnded)
}

func (c *client) Closed() {
	c.here()
	c.heard.closed++
	call(c.onClosed)
}

func (c *client) Drained() {
	c.here()
	c.heard.drained++
	c.pump.Stop()
	c.main.Quit()
	call(c.onDrained)
}

func (c *client) Fault(value any, stack []byte) {
	c.here()
	c.heard.faults = append(c.heard.faults, failure{value, string(stack)})
	c.pump.Stop()
	c.main.Quit()
}

func (c *client) Slow(by Held, _ time.Duration, _ bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.slow = append(c.slow, by)
}

func (c *client) Stalled() {
	all := make([]byte, 1<<20)
	c.mu.Lock()
	c.stalled = append(c.stalled, string(all[:runtime.Stack(all, true)]))
	c.mu.Unlock()
}

// stalls returns what the pump told Stalled. Any goroutine.
func (c *client) stalls() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.stalled
}
