package guest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"reflect"
	"sync/atomic"

	"github.com/golodger/lodger/guest/internal/bridge"
	"github.com/golodger/lodger/guest/internal/place"
)

// Background runs fn off the UI thread and waits for its result; the window stays responsive.
// In a task it parks. On a goroutine, which is off the UI thread already, it calls fn in place,
// unless fn belongs in an executor that the caller is not in. By default fn gets its own
// goroutine. Run CPU-bound work in a flow.Pool (Options.Executor).
//
// fn's context is cancelled with ctx. fn may start tasks with it (Go, Async), wait under it,
// and call back with RunOnMain and CallOnMain. When Background returns in a task, everything
// that fn has posted has run. Background returns only when fn has returned, so fn must heed its
// context. If fn does not, the guest abandons it when the guest ends and the grace period is
// over, with an error that says so. If fn fails after that, the guest logs the failure. A panic
// in fn is returned as a *PanicError with the stack of fn's goroutine.
//
// When ctx is done, Background returns the error of ctx, which wraps fn's own error, and fn's
// value. When ctx is done before fn has begun, such as in a pool's queue, fn never runs, and
// the error matches ErrNotBegun, too. On a UI thread outside a task the error wraps
// ErrWouldDeadlock.
func Background[T any](ctx context.Context, fn func(ctx context.Context) (T, error)) (T, error) {
	needFunc(fn == nil, "Background")
	return background(ctx, "Background", fn, reflect.ValueOf(fn).Pointer())
}

// BackgroundFunc is [Background] for a function without a value.
func BackgroundFunc(ctx context.Context, fn func(ctx context.Context) error) error {
	needFunc(fn == nil, "BackgroundFunc")
	_, err := background(ctx, "BackgroundFunc",
		func(ctx context.Context) (struct{}, error) { return struct{}{}, fn(ctx) }, reflect.ValueOf(fn).Pointer())
	return err
}

// background is Background for the user's function at pc, after which reports name it.
func background[T any](ctx context.Context, verb string, fn func(ctx context.Context) (T, error), pc uintptr) (T, error) {
	t, err := surelyWaiting(ctx, verb)
	var zero T
	switch {
	case err != nil:
		return zero, err
	case t == nil:
		return workHere(ctx, fn, pc)
	}
	if err := t.mayWait(ctx); err != nil {
		return zero, notBegun(err)
	}
	j := &job[T]{fn: fn}
	j.task, j.ctx, j.name = t, ctx, ownName(ctx, &t.scope)
	j.pc = pcAs(j.name, pc)
	e := executorOf(ctx, t.scope.g)
	work := &workCtx{Context: placeless(ctx, e), waiter: t}
	defer func() { work.returned = true }()
	e.Execute(work, t.scope.g.worker(j.run))
	if err := t.awaitJob(&j.jobState); err != nil {
		return zero, err
	}
	return j.value, t.scope.g.worked(ctx, j.pc, j.end.result())
}

// workHere is Background on a goroutine: fn is off the UI thread already, and is called in
// place, unless it belongs in a pool that the caller is not in.
func workHere[T any](ctx context.Context, fn func(ctx context.Context) (T, error), pc uintptr) (T, error) {
	var v T
	if err := ctxError(ctx); err != nil {
		return v, notBegun(err)
	}
	g, _ := FromContext(ctx)
	name := ownName(ctx, scopeOf(ctx))
	ctx = unnamed(ctx, name)
	work := func(ctx context.Context) (err error) {
		v, err = fn(ctx)
		return err
	}
	var err error
	e, place := executorOf(ctx, g), placeOf(ctx)
	if e == Executor(goroutines{}) || place != nil && place.Of(e) {
		err = protect(func() error { return work(ctx) }, nil)
	} else {
		err = workElsewhere(ctx, e, func(ctx context.Context) error {
			defer labelled(name, nil)()
			return work(ctx)
		})
	}
	return v, g.worked(ctx, pcAs(name, pc), err)
}

// workElsewhere lets e run work, and blocks the calling goroutine until work has returned. If
// ctx is done before work has begun, work never runs.
func workElsewhere(ctx context.Context, e Executor, work func(ctx context.Context) error) error {
	var begun claim
	var end completion
	e.Execute(placeless(ctx, e), func(own context.Context) {
		switch {
		case ctx.Err() != nil || !begun.take():
		case own == nil:
			end.settle(errExecutorNilContext, nil)
		default:
			end.settle(protect(func() error { return work(own) }, func() { end.settle(ErrGoexit, nil) }), nil)
		}
	})
	defer lendPlace(ctx)()
	if err := waitDone(ctx, &end); err != nil && begun.take() {
		return notBegun(err)
	}
	<-end.channel()
	return end.result()
}

// notBegun is the error of a function that was withdrawn for err.
func notBegun(err error) error {
	if c, ok := err.(*cancellation); ok {
		return c.with(ErrNotBegun).answered()
	}
	if err == ErrHostGone { // the wait was refused
		return errGone
	}
	return err
}

// errGone is the error of a function that could not begin before the loop ended.
var errGone = fmt.Errorf("%w; %w", ErrHostGone, ErrNotBegun)

// worked returns the error of a function that ran under ctx and has returned err. If ctx is
// done, it is the error of ctx together with err. A failure in spite of the cancellation is
// logged. pc is the function. Any goroutine.
func (g *Guest) worked(ctx context.Context, pc uintptr, err error) error {
	why, _ := ctxError(ctx).(*cancellation)
	if why == nil {
		return err
	}
	c := why.with(err)
	if c.failed && !isFailedCancellation(err) {
		g.failedCancelled(pc, err)
	}
	return c
}

// A job is a background function from its submission to its end.
type job[T any] struct {
	jobState
	fn    func(ctx context.Context) (T, error)
	value T
}

var errExecutorNilContext = errors.New("guest: the Executor called a function with a nil context; it must pass on the context that Execute got")

const executorInline = "guest: the Executor ran a function on the UI thread; it must run it later, on another goroutine"

type jobState struct {
	end        completion
	begun      claim        // by the function, or by the task that withdraws it
	leavers    atomic.Int32 // the function, and the task that waits no longer
	name       *bridge.Name // of the context that it was started with; or nil
	pc         uintptr
	task       *Task
	ctx        context.Context
	prev, next *jobState
}

// run calls fn on the executor's goroutine.
func (j *job[T]) run(ctx context.Context) {
	if place.Marked() && j.task.scope.g.place.OnThread() {
		panic(executorInline)
	}
	if ctxError(j.ctx) != nil || !j.begun.take() {
		return // it is (being) withdrawn, or the executor runs it twice
	}
	defer j.left()
	if ctx == nil {
		j.end.settle(errExecutorNilContext, nil)
		return
	}
	var v T
	err := protect(func() (err error) {
		if !j.unseen() {
			defer j.seen()()
		}
		v, err = j.fn(ctx)
		return err
	}, func() { j.end.settle(ErrGoexit, nil) })
	j.end.settle(err, func() { j.value = v })
}

// awaitJob waits until the job is done. A cancellation withdraws a job that has not begun. After
// that it reaches the job's function, and does not end the wait.
func (t *Task) awaitJob(j *jobState) error {
	g := t.scope.g
	g.works.add(j)
	defer g.works.remove(j)
	g.pump.Settle()
	for !j.end.isSettled() {
		until, err := j.waitUntil(g)
		if err != nil {
			return t.refuse(err)
		}
		if parked, _ := t.waitFor(until, &j.end, nil); !parked {
			break
		}
		if j.end.isSettled() && j.ctx.Err() == nil {
			t.behindWork()
			return nil
		}
	}
	// Either the job was quick, or a cancellation has woken the task. The job's posts, and perhaps
	// its last progress, still run first.
	g.pump.RequeueBehindOthers(&t.coro.Coro)
	t.coro.Park()
	t.behindWork()
	return nil
}

// waitUntil returns the context that can end the wait besides the job's end, or the reason why
// the task waits no longer. UI thread only.
func (j *jobState) waitUntil(g *Guest) (context.Context, error) {
	err := ctxError(j.ctx)
	abandoned := g.forced() || err != nil && g.life.pressed >= impatient
	switch {
	case err == nil && !abandoned:
		return j.ctx, nil
	case j.begun.take():
		return nil, notBegun(cmp.Or(err, ErrHostGone))
	case !abandoned:
		return forever, nil // the task knows of the cancellation
	}
	g.ending.abandoned.count(j.pc)
	j.left()
	if g.forced() {
		return nil, fmt.Errorf("%w; %w", ErrHostGone, errAbandoned)
	}
	return nil, errAbandoned
}

// left is called when the function has ended, and when the task has abandoned it. The second of
// the two reports the function's failure, which no code gets. Any goroutine.
func (j *jobState) left() {
	if j.leavers.Add(1) < 2 {
		return
	}
	err := j.end.peek()
	if why, _ := ctxError(j.ctx).(*cancellation); err == nil || why != nil && why.matches(err) {
		return
	}
	g := j.task.scope.g
	if !isPanic(err) {
		g.failedCancelled(j.pc, err)
		return
	}
	u := unobservedIn(j.pc, err)
	if g.post(func() { g.unobserved(u) }) != nil {
		g.errors.reported.Add(1)
		g.logError(u)
	}
}

// A jobList holds the background functions that tasks wait for. UI thread only, except for n.
type jobList struct {
	first *jobState
	n     atomic.Int64
}

func (l *jobList) add(j *jobState) {
	if j.next = l.first; j.next != nil {
		j.next.prev = j
	}
	l.first = j
	l.n.Add(1)
}

func (l *jobList) remove(j *jobState) {
	if j.next != nil {
		j.next.prev = j.prev
	}
	if j.prev != nil {
		j.prev.next = j.next
	} else {
		l.first = j.next
	}
	l.n.Add(-1)
}

func (l *jobList) each(visit func(*jobState)) {
	for j := l.first; j != nil; j = j.next {
		visit(j)
	}
}

// abandonJobs wakes the tasks that wait for background functions which have ignored their
// cancellation. UI thread only.
func (g *Guest) abandonJobs() {
	g.works.each(func(j *jobState) {
		if g.forced() || j.ctx.Err() != nil {
			g.pump.Requeue(&j.task.coro.Coro)
		}
	})
}
