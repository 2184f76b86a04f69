package guest

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"sync/atomic"

	"github.com/golodger/lodger/guest/internal/bridge"
	"github.com/golodger/lodger/internal/stacks"
)

// A Task is a function that runs on the UI thread and may wait there without blocking the
// thread. You may use the handle on any goroutine, even after the task has ended.
type Task struct {
	scope scope
	end   completion
	body  body
	coro  *coro // while it runs; UI thread only

	// what may keep it from ending, besides the children that it waits for: the scopes that it is
	// in, the other tasks that it waits for, or, at its end, its children
	held    atomic.Int32
	begun   claim       // by its function, or by CallOnMain, which withdraws the task
	reports atomic.Bool // it has a Progress; its end waits for the last value
	async   bool        // its error belongs to a Future
	private bool        // its error belongs to the caller of CallOnMain
	apart   bool        // its failure is not its scope's
}

// A body is what a task runs: a function, in one of two forms.
type body interface {
	run(ctx context.Context) error
	pc() uintptr
}

type plainBody func(ctx context.Context) error

func (fn plainBody) run(ctx context.Context) error { return fn(ctx) }
func (fn plainBody) pc() uintptr                   { return reflect.ValueOf(fn).Pointer() }

// Go starts fn as a task of the innermost scope of ctx. Any goroutine, any UI handler. Never
// waits: fn begins in a later batch, on the UI thread, with a context of its own derived from
// ctx.
//
// The scope ends only when the task has ended; if fn fails, the scope's other tasks are
// cancelled, unless the scope is supervised. If the scope has ended already, Go returns a task
// that has ended with ErrFinished, and fn never runs. An accepted fn always runs, even if it is
// already cancelled. Go panics if fn is nil, or if ctx was not made by a guest; without such a
// context use (*Guest).Go.
func Go(ctx context.Context, fn func(ctx context.Context) error) *Task {
	needFunc(fn == nil, "Go")
	t := &Task{body: plainBody(fn)}
	t.spawn(ctx, needScope(ctx, "Go"))
	return t
}

// Go starts fn as a task of the guest itself. Any goroutine, any UI handler. Never waits.
//
// Such tasks are supervised: if no code waits for the task, its error goes to Options.OnError.
// When main and its tasks have ended, tasks of Guest.Go are cancelled, and the guest ends when
// they have unwound. After that Go returns a task that has ended with ErrFinished. Go panics if
// fn is nil.
func (g *Guest) Go(fn func(ctx context.Context) error) *Task {
	g.need("Go")
	needFunc(fn == nil, "(*Guest).Go")
	t := &Task{body: plainBody(fn)}
	t.spawn(&g.own, &g.own)
	return t
}

func init() {
	bridge.Go = func(ctx context.Context, s bridge.Start) any {
		t := &Task{body: namedBody{s.Run, s.PC}, apart: s.Apart}
		parent := needScope(ctx, "Go")
		if s.Own {
			parent = &parent.g.own
		}
		if !s.Quiet {
			t.spawn(ctx, parent)
		} else if t.enrol(ctx, parent) {
			t.begin()
		}
		return t
	}
	bridge.GoOwn = func(g any, s bridge.Start) any { return bridge.Go(&g.(*Guest).own, s) }
	bridge.Accepted = func(task any) bool { return task.(*Task).end.peek() != ErrFinished }
	bridge.LogRefused = func(task any) {
		t := task.(*Task)
		t.scope.g.lateStart(t.pc())
	}
	bridge.Cancelled = func(cause error) error { return newCancellation(cause) }
	bridge.Over = func(g any) bool { return g.(*Guest).life.is(ending) }
	bridge.Refused = func(g any, err error) any {
		own := &g.(*Guest).own
		t := &Task{body: plainBody(func(context.Context) error { return err })}
		t.scope.g, t.scope.ctx, t.scope.parent, t.scope.task = own.g, own, own, t
		t.scope.inherit()
		t.scope.live.end()
		t.end.settle(err, nil)
		return t
	}
}

// A namedBody runs a function under another function's name.
type namedBody struct {
	plainBody
	name uintptr
}

func (b namedBody) pc() uintptr { return b.name }

// spawn gives the task to its parent and to the pump. It returns false if one of them takes no
// more tasks; then the task has ended. Any goroutine.
func (t *Task) spawn(ctx context.Context, parent *scope) bool {
	if t.enrol(ctx, parent) {
		return t.begin()
	}
	parent.g.lateStart(t.pc())
	return false
}

// enrol counts the task in at its parent. If the parent takes no more tasks, the task has ended;
// the caller calls lateStart when it holds no lock. Any goroutine.
func (t *Task) enrol(ctx context.Context, parent *scope) bool {
	t.scope.g, t.scope.ctx, t.scope.parent, t.scope.task = parent.g, ctx, parent, t
	t.scope.inherit()
	if !parent.adopt() {
		t.scope.live.end()
		t.end.settle(ErrFinished, nil)
		return false
	}
	return true
}

// begin gives the task to the pump. It returns false if the pump takes no more tasks. Any
// goroutine.
func (t *Task) begin() bool {
	if t.scope.g.pump.Start((*beginning)(t)) {
		return true
	}
	t.end.settle(ErrFinished, nil) // the guest was given up while the parent lived
	return false
}

// call runs the task's function. If that panics, call does not return: Recovered ends the task.
func (t *Task) call() error {
	t.coro.Entered()
	return t.body.run(&t.scope)
}

// soundCall is call, and returns a sound error.
func (t *Task) soundCall() error {
	err := t.call()
	if err != nil {
		err = sound(err)
	}
	return err
}

// returned is called when the task's function has ended. Its children may still live. Pump only.
func (t *Task) returned(err error) {
	t.scope.returned(err)
	if t.scope.live.set(1, 0) {
		t.complete() // it has no children
		return
	}
	t.held.Add(1)
	t.scope.release()
}

// complete is called when the task and all its children have ended. The last value of a Progress
// is delivered before any code learns of the end, including goroutines in Wait. Pump only.
func (t *Task) complete() {
	if g := t.scope.g; t.reports.Load() && t.reports.Swap(false) { // few tasks have one
		g.pump.FlushDeferred(t)
		g.pump.PushLast(t.complete)
		return
	}
	err := t.scope.result()
	if err != nil && t.scope.g.winding() {
		_, ours := t.body.(untilCancel)
		if !ours && (t.cancelledItself(err) || errors.Is(err, errAbandoned)) {
			t.scope.g.ending.cancelled.count(t.pc())
		}
	}
	t.scope.g.pump.Counted(-1)
	parent := t.scope.parent
	t.scope.unlink()
	parent.childEnded(t, err, t.end.settleTask(t.scope.g, err))
}

// cancelledItself reports whether the task's result err is its answer to its own cancellation.
func (t *Task) cancelledItself(err error) bool { return err != nil && !t.scope.failed }

// Cancel asks the task and all that it has started to end: its context is cancelled, with
// cause, and its waits return. On the guest's own UI thread the context is done when Cancel
// returns, elsewhere by the guest's next turn. A nil cause means context.Canceled. Any
// goroutine. Never waits.
func (t *Task) Cancel(cause error) {
	t.scope.g.cancel(&t.scope, newCancellation(cause))
}

// Done returns a channel that is closed when the task and all that it has started have ended.
// Any goroutine. Calling Done counts as observing the error.
func (t *Task) Done() <-chan struct{} { return t.end.channel() }

// Err returns the task's error, or nil while it has not ended. Any goroutine. Never waits.
// After a panic the error is a *PanicError, after a Goexit ErrGoexit. The error of a cancelled
// task matches context.Canceled.
func (t *Task) Err() error { return t.end.result() }

// Wait waits until the task and all that it has started have ended, and returns its error. In a
// task it parks; elsewhere it blocks the calling goroutine. On a UI thread outside a task, or
// if the task waits for the caller, it returns an error that wraps ErrWouldDeadlock. When ctx
// is done, the error is that of ctx; it includes the task's own error if the task has ended
// nevertheless. The end of ctx does not end the task.
func (t *Task) Wait(ctx context.Context) error {
	here, err := waiting(ctx, "Wait")
	switch {
	case err != nil:
	case here != nil:
		err = here.await(ctx, &t.end, t) // as waitHere, without a call
	default:
		err = block(ctx, t, &t.end)
	}
	return outcome(err, &t.end)
}

// String names the task by its function, and by the name that it was given.
func (t *Task) String() string {
	if name := t.name(); name != "" {
		return name + ": " + funcName(t.pc())
	}
	return funcName(t.pc())
}

// name returns the name that the task was given (inspect.Named), or "".
func (t *Task) name() string { return nameIn(t.scope.ctx, t.scope.parent) }

// funcName names a function for logs and reports.
func funcName(pc uintptr) string {
	name, at := funcPlace(pc)
	if at == "" {
		return name
	}
	return name + " (" + at + ")"
}

// funcPlace returns a function's name, and its file and line. A function of the library, such as
// Park, has no line of the program.
func funcPlace(pc uintptr) (name, at string) {
	f := runtime.FuncForPC(pc)
	if f == nil {
		return "?", ""
	}
	name = strings.TrimSuffix(filepath.Base(f.Name()), "-fm") // of a method value
	file, line := f.FileLine(pc)
	if file == "<autogenerated>" || stacks.OfLibrary(file) {
		return name, ""
	}
	return name, fmt.Sprintf("%s:%d", filepath.Base(file), line)
}

// panicIn returns the panic that err is, or wraps; or nil.
func panicIn(err error) *PanicError {
	var p *PanicError
	if errors.As(err, &p) {
		return p
	}
	return nil
}

func isPanic(err error) bool { return panicIn(err) != nil }

// needFunc panics for a nil function at the call that has the mistake, not later on the UI
// thread.
func needFunc(missing bool, verb string) {
	if missing {
		panic("guest: " + verb + " called with a nil function; pass the function to run")
	}
}

// needScope returns the innermost scope of ctx.
func needScope(ctx context.Context, verb string) *scope {
	if s := scopeOf(ctx); s != nil {
		return s
	}
	panic("guest: " + verb + " called with a context without a guest; pass the context of a task, or use (*Guest).Go")
}
