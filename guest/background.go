package guest

import (
	"context"
	"reflect"
)

// Background runs fn off the UI thread and waits for its result; the window lives on meanwhile. In a task. By default fn gets
// a goroutine of its own; work that eats CPU belongs in a Pool (WithExecutor, Options.Executor).
//
// fn's context is cancelled with ctx; it may start tasks with it (Go, Async) and call back with RunOnMain and
// CallOnMain; what it has posted has run when Background returns. Background returns only when fn has returned, so fn must heed its context; one that does not is abandoned
// when the guest ends and the grace is over, with ErrAbandoned. A panic in fn is returned as a *PanicError with the stack of fn's
// goroutine. When ctx is done already, fn is not run.
func Background[T any](ctx context.Context, fn func(ctx context.Context) (T, error)) (T, error) {
	needFunc(fn == nil, "Background")
	t := surelyRunning("Background")
	var zero T
	if err := t.mayWait(ctx); err != nil {
		return zero, err
	}
	j := &job[T]{fn: fn}
	j.pc = reflect.ValueOf(fn).Pointer()
	executorOf(ctx, t.scope.g).Execute(&workCtx{ctx, t}, j.run)
	if err := t.awaitJob(ctx, &j.jobState); err != nil {
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

type jobState struct {
	end        completion
	pc         uintptr
	task       *Task
	ctx        context.Context
	abandoned  bool
	prev, next *jobState
}

// run calls fn on the executor's goroutine.
func (j *job[T]) run(ctx context.Context) {
	var v T
	err := protect(func() (err error) {
		v, err = j.fn(ctx)
		return err
	}, func() { j.end.settle(ErrGoexit, nil) })
	j.end.settle(err, func() { j.value = v })
}

// awaitJob waits until the job is done; cancellation reaches its function, and does not end the wait.
func (t *Task) awaitJob(ctx context.Context, j *jobState) error {
	g := t.scope.g
	j.task, j.ctx = t, ctx
	if j.next = g.jobs; j.next != nil {
		j.next.prev = j
	}
	g.jobs = j
	defer func() {
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
		if j.abandoned {
			g.tally.abandoned.count(j.pc)
			if g.forced {
				return t.refuse(ErrHostGone)
			}
			return ErrAbandoned
		}
		w := waiter{t, t.coro.seq}
		if !j.end.add(w) {
			break
		}
		t.suspend(forever)
		if j.end.settled.Load() {
			return nil
		}
		j.end.remove(w)
	}
	// It was quicker than we: what it has posted, its last progress perhaps, runs first all the same.
	g.requeue(t)
	t.coro.park()
	return nil
}

// abandonJobs gives up on background functions that did not heed their cancellation. UI thread only.
func (g *Guest) abandonJobs() {
	for j := g.jobs; j != nil; j = j.next {
		if g.forced || j.ctx.Err() != nil {
			j.abandoned = true
			g.readyNow(j.task, j.task.coro.seq)
		}
	}
}
