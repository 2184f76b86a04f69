package guest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"reflect"
	"sync/atomic"
)

// Background runs fn off the UI thread and waits for its result; the window lives on meanwhile. In a task. By default fn gets
// a goroutine of its own; work that eats CPU belongs in a Pool (WithExecutor, Options.Executor).
//
// fn's context is cancelled with ctx; it may start tasks with it (Go, Async) and call back with RunOnMain and
// CallOnMain; what it has posted has run when Background returns. Background returns only when fn has returned, so fn
// must heed its context; one that does not is abandoned when the guest ends and the grace is over, with ErrAbandoned. A
// panic in fn is returned as a *PanicError with the stack of fn's goroutine. When ctx is done before fn has begun, in a
// pool's queue perhaps, fn never runs.
func Background[T any](ctx context.Context, fn func(ctx context.Context) (T, error)) (T, error) {
	needFunc(fn == nil, "Background")
	t := surelyRunning("Background")
	var zero T
	if err := t.mayWait(ctx); err != nil {
		return zero, err
	}
	j := &job[T]{fn: fn}
	j.task, j.ctx = t, ctx
	j.pc = reflect.ValueOf(fn).Pointer()
	work := &workCtx{Context: ctx, waiter: t}
	defer func() { work.returned = true }()
	executorOf(ctx, t.scope.g).Execute(work, j.run)
	if err := t.awaitJob(&j.jobState); err != nil {
		return zero, err
	}
	return j.value, j.end.result()
}

// A job is a background function on its way.
type job[T any] struct {
	jobState
	fn    func(ctx context.Context) (T, error)
	value T
}

var errExecutorNilContext = errors.New("guest: the Executor called a function with a nil context; it must pass on the one that Execute was given")

const executorInline = "guest: the Executor ran a function on the UI thread; it must run it later, on another goroutine"

type jobState struct {
	end        completion
	begun      atomic.Bool // or withdrawn
	pc         uintptr
	task       *Task
	ctx        context.Context
	abandoned  bool
	prev, next *jobState
}

// run calls fn on the executor's goroutine.
func (j *job[T]) run(ctx context.Context) {
	if marked() && j.task.scope.g.onThread() {
		panic(executorInline)
	}
	if !j.begun.CompareAndSwap(false, true) {
		return // withdrawn, or the executor runs it twice
	}
	if ctx == nil {
		j.end.settle(errExecutorNilContext, nil)
		return
	}
	var v T
	err := protect(func() (err error) {
		v, err = j.fn(ctx)
		return err
	}, func() { j.end.settle(ErrGoexit, nil) })
	j.end.settle(err, func() { j.value = v })
}

// awaitJob waits until the job is done. A cancellation withdraws a job that has not begun; later it reaches the job's function,
// and does not end the wait.
func (t *Task) awaitJob(j *jobState) error {
	g, ctx := t.scope.g, j.ctx
	if j.next = g.jobs; j.next != nil {
		j.next.prev = j
	}
	g.jobs = j
	g.counts.background++
	defer func() {
		g.counts.background--
		if j.next != nil {
			j.next.prev = j.prev
		}
		if j.prev != nil {
			j.prev.next = j.next
		} else {
			g.jobs = j.next
		}
	}()
	for !j.end.settled.Load() {
		if g.graceIsOver && (g.forced || ctx.Err() != nil) {
			j.abandoned = true
		}
		until := ctx
		if err := ctxError(ctx); err != nil || j.abandoned {
			if j.begun.CompareAndSwap(false, true) {
				return t.refuse(cmp.Or(err, ErrHostGone))
			}
			until = forever // the cancellation has been heard
		}
		if j.abandoned {
			g.tally.abandoned.count(j.pc)
			if g.forced {
				return t.refuse(fmt.Errorf("%w; %w", ErrHostGone, ErrAbandoned))
			}
			return ErrAbandoned
		}
		w := waiter{t, t.coro.seq}
		if !j.end.add(w) {
			break
		}
		t.suspend(until)
		if j.end.settled.Load() {
			t.behindProgress()
			return nil
		}
		j.end.remove(w)
	}
	// It was quicker than we: what it has posted, its last progress perhaps, runs first all the same.
	g.requeue(t)
	t.coro.park()
	t.behindProgress()
	return nil
}

// abandonJobs has those give up who wait for background functions that did not heed their cancellation. UI thread only.
func (g *Guest) abandonJobs() {
	for j := g.jobs; j != nil; j = j.next {
		if g.forced || j.ctx.Err() != nil {
			g.readyNow(j.task, j.task.coro.seq)
		}
	}
}
