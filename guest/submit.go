package guest

import (
	"context"
	"errors"
	"reflect"
)

// Submit starts fn off the UI thread and returns a future for its result. Any goroutine, any UI
// handler, any task. Never waits. fn runs on the context's executor (flow.WithExecutor), or
// else on the guest's (Options.Executor), or else in its own goroutine.
//
// Submit is like Background, but does not wait. With a context of a guest, fn belongs to the
// innermost scope. The scope ends only when fn has returned, and cancelling the scope cancels
// fn. An error that no code has observed by then becomes the scope's. When the future is
// settled, everything that fn has posted has run; so settling takes a turn of the UI thread. If
// the scope has ended, fn never runs, and the error is ErrFinished.
//
// With any other context, fn belongs to no scope and needs no guest. The future is settled as
// soon as fn returns. An unobserved error goes to Options.OnError of the guest that RunOnMain
// would find, or to the log.
//
// fn gets the values of ctx and its cancellation; pass context.WithoutCancel(ctx) to keep only
// the values. If ctx is done, or the future is cancelled, before fn has begun, fn never runs. A
// panic in fn is a *PanicError.
func Submit[T any](ctx context.Context, fn func(ctx context.Context) (T, error)) *Future[T] {
	needFunc(fn == nil, "Submit")
	if s := scopeOf(ctx); s != nil {
		return submitIn(ctx, s, fn)
	}
	return submitFree(ctx, fn)
}

// A submission is a background function and the task that keeps it in its scope.
type submission[T any] struct {
	task   Task
	future Future[T]
	job    job[T]
	work   workCtx
}

var errExecutorPanicked = errors.New("guest: the Executor panicked in Execute; Execute must only queue the function")

func submitIn[T any](ctx context.Context, parent *scope, fn func(ctx context.Context) (T, error)) *Future[T] {
	s := &submission[T]{}
	t, j := &s.task, &s.job
	s.future.end, s.future.task = &t.end, t
	t.body, t.async = s, true
	j.fn, j.task, j.ctx, j.name = fn, t, &t.scope, ownName(ctx, parent)
	j.pc = pcAs(j.name, reflect.ValueOf(fn).Pointer())
	s.work.Context, s.work.waiter, s.work.submitted = &t.scope, t, true
	t.spawn(ctx, parent)
	if t.end.isSettled() || ctxError(ctx) != nil {
		return &s.future // the task withdraws a function that has not begun
	}
	e := executorOf(ctx, parent.g)
	if _, plain := e.(goroutines); plain && parent.g.hooks.Worker == nil {
		go j.run(&s.work) // as Execute does, with an allocation less
		return &s.future
	}
	handed := false
	defer func() {
		if !handed && j.begun.take() {
			j.end.settle(errExecutorPanicked, nil)
		}
	}()
	e.Execute(&s.work, parent.g.worker(j.run))
	handed = true
	return &s.future
}

// run is the task's function: it waits for the background function.
func (s *submission[T]) run(ctx context.Context) error {
	defer func() { s.work.returned = true }()
	if err := s.task.awaitJob(&s.job.jobState); err != nil {
		return err
	}
	s.future.value = s.job.value
	if err := s.job.end.result(); err != nil {
		return s.task.scope.g.worked(ctx, s.job.pc, err)
	}
	return nil
}

func (s *submission[T]) pc() uintptr { return s.job.pc }

// submitFree starts fn outside of all scopes.
func submitFree[T any](ctx context.Context, fn func(ctx context.Context) (T, error)) *Future[T] {
	g := resolve(ctx)
	f := newFuture[T](g)
	f.promise.taken = true
	e := executorOf(ctx, g)
	name := ownName(ctx, nil)
	work, cancel := context.WithCancelCause(unnamed(placeless(ctx, e), name))
	var begun claim
	var zero T
	f.onCancel(func(cause error) {
		cancel(cause)
		if begun.take() {
			f.settle(zero, notBegun(ctxError(work)))
		}
	})
	stop := func() bool { return true }
	if ctx.Done() != nil {
		stop = context.AfterFunc(ctx, func() { f.Cancel(context.Cause(ctx)) })
	}
	e.Execute(work, func(work context.Context) {
		if !begun.take() {
			return // it is withdrawn, or the executor runs it twice
		}
		defer func() { stop(); cancel(nil) }()
		if work == nil {
			f.settle(zero, errExecutorNilContext)
			return
		}
		var v T
		err := notBegun(ctxError(work))
		if err == nil {
			err = protect(func() (err error) {
				defer labelled(name, nil)()
				v, err = fn(work)
				return err
			}, func() { f.settle(zero, ErrGoexit) })
			if err != nil {
				err = g.worked(work, pcAs(name, reflect.ValueOf(fn).Pointer()), err)
			}
		}
		if work.Err() != nil {
			f.Cancel(context.Cause(work)) // so that an answer to the cancellation counts as one
		}
		f.settle(v, err)
	})
	return f
}
