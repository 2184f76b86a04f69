package guest

import (
	"context"
	"errors"
	"slices"
	"sync"
)

// A Queue runs functions one after another, in the order in which you add them. Each function
// is a task on the UI thread. It begins when the one before it, and all that it has started,
// has ended. For work off the UI thread, call Background in the function; the order stays the
// same. The zero Queue is empty and ready for use. A queue belongs to no guest: the context of
// each Add says where its function runs. While it is empty it holds no goroutine and no task,
// and you need not close it.
//
// The idea is AlexBerUtils' AsyncExecutionQueue, and async_kernel's queue for each function.
type Queue[T any] struct {
	// Limit is how many functions may wait in the queue, besides the one that runs. Zero means
	// any number. Set it before the first Add.
	Limit int

	mu      sync.Mutex
	last    *queued[T]          // the next function waits for it
	waiting map[*queued[T]]bool // the functions whose turn has not come
	closed  bool
}

// ErrQueueFull: as many functions wait as the queue's limit allows.
var ErrQueueFull = errors.New("guest: the queue is full; wait for the future of an earlier function before adding more")

// Add adds fn to the queue and returns a future for its result. Any goroutine, any UI handler,
// any task. Never waits.
//
// fn gets the values and the cancellation of ctx. Like a task of Async, it belongs to the
// innermost scope of ctx; if there is none, to the guest that RunOnMain would find. A function
// that is cancelled before it begins never runs, and does not delay the others.
//
// fn does not run if the queue is full (the error is ErrQueueFull), if the queue is closed or
// the scope has ended (ErrFinished), or if there is no guest (ErrNoGuest). A function can't
// wait for a later one: the error of the wait wraps ErrWouldDeadlock. Nor can a function add
// another with its own context, since it would have to wait for the other; that also gives
// ErrWouldDeadlock. To add a follow-up, use a context from outside the queue.
func (q *Queue[T]) Add(ctx context.Context, fn func(ctx context.Context) (T, error)) *Future[T] {
	needFunc(fn == nil, "(*Queue).Add")
	if q.Limit < 0 {
		panic("guest: a Queue has a negative Limit; give zero for no limit")
	}
	g := resolve(ctx)
	if g == nil {
		return refused[T](nil, ErrNoGuest)
	}
	e := &queued[T]{queue: q}
	e.fn = fn
	t := &e.task
	t.body, t.async = e, true
	e.future.end, e.future.task = &t.end, t

	q.mu.Lock()
	switch {
	case q.closed:
		q.mu.Unlock()
		return refused[T](g, ErrFinished)
	case q.last != nil && q.Limit > 0 && len(q.waiting) >= q.Limit:
		q.mu.Unlock()
		return refused[T](g, ErrQueueFull)
	}
	accepted := t.enrol(ctx, g.parentFor(ctx))
	if accepted {
		if e.before = q.last; e.before != nil {
			if q.waiting == nil {
				q.waiting = make(map[*queued[T]]bool)
			}
			q.waiting[e] = true
		}
		q.last = e
		e.ends.fn = e.over
		t.end.hook(&e.ends)
	}
	q.mu.Unlock()
	if accepted {
		t.begin() // without the lock, since a host may be slow
	} else {
		g.lateStart(t.pc()) // without the lock, since it logs
	}
	return &e.future
}

// A queued is a function in the queue.
type queued[T any] struct {
	asyncTask[T]
	queue  *Queue[T]
	before *queued[T] // the function that it waits for; nil when its turn has come
	ends   hook
}

func (e *queued[T]) run(ctx context.Context) error {
	err := e.before.ended(func(t *Task) error { return e.task.await(ctx, &t.end, t) })
	if err == nil {
		err = ctxError(ctx) // also if there was nothing to wait for
	}
	if err != nil {
		return notBegun(err)
	}
	q := e.queue
	q.mu.Lock()
	closed := q.closed && q.waiting[e]
	if !closed {
		delete(q.waiting, e)
		e.before = nil
	}
	q.mu.Unlock()
	if closed {
		return notBegun(Park(ctx)) // the cancellation will come
	}
	return e.asyncTask.run(ctx)
}

// ended waits until e and all before it have ended. A function that has had its turn has waited
// for those before it. One that was cancelled before its turn leaves them to the next function.
func (e *queued[T]) ended(await func(t *Task) error) error {
	for ; e != nil; e = e.before {
		if err := await(&e.task); err != nil {
			return err
		}
	}
	return nil
}

// over is called when the task has ended. It takes no result.
func (e *queued[T]) over() (heeded bool) {
	q := e.queue
	q.mu.Lock()
	defer q.mu.Unlock()
	delete(q.waiting, e)
	for q.last != nil && q.last.task.end.isSettled() {
		q.last = q.last.before
	}
	return false
}

// refused returns a future that has failed already. g reports the error if no code looks at it.
func refused[T any](g *Guest, err error) *Future[T] {
	f := newFuture[T](g)
	f.Reject(err)
	return f
}

// Close closes the queue to further functions, and cancels those that wait in line, with the
// cause ErrFinished. It lets the first function go on, also if it has not begun yet, and waits
// until that has ended, or ctx is done. In a task it parks; elsewhere it blocks the calling
// goroutine. On the UI thread outside a task, and in a function of the queue itself, it closes
// the queue and returns an error that wraps ErrWouldDeadlock. You may call Close any number of
// times.
func (q *Queue[T]) Close(ctx context.Context) error {
	q.mu.Lock()
	q.closed = true
	last := q.last
	var waiting []*queued[T]
	for e := q.last; e != nil; e = e.before {
		if q.waiting[e] {
			waiting = append(waiting, e)
		}
	}
	for _, e := range slices.Backward(waiting) {
		e.task.Cancel(ErrFinished)
	}
	q.mu.Unlock()
	here, err := surelyWaiting(ctx, "(*Queue).Close")
	if err != nil {
		return err
	}
	if err := last.ended(func(t *Task) error { return waitHere(ctx, here, &t.end, t) }); err != nil {
		return err
	}
	return ctxError(ctx)
}
