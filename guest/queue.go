package guest

import (
	"context"
	"errors"
	"sync"
)

// A Queue runs functions one after another, in the order in which they were added: each is a
// task on the UI thread that begins when the one before it has ended, with all that it has
// started. What belongs off the UI thread calls Background in its function; the order stays.
// The zero Queue is empty and ready for use. A queue belongs to no guest: each Add says by its
// context where its function runs. It holds no goroutine and no task while it is empty, and
// needs no closing.
//
// The idea is AlexBerUtils' AsyncExecutionQueue, and async_kernel's queue for each function.
type Queue[T any] struct {
	// Limit is how many functions may wait for their turn, besides the one that runs. Zero
	// means any number. Set it before the first Add.
	Limit int

	mu      sync.Mutex
	last    *queued[T]          // which the next has to wait for
	waiting map[*queued[T]]bool // who have not had their turn
	closed  bool
}

// ErrQueueFull: as many functions wait as the queue's limit allows.
var ErrQueueFull = errors.New("guest: the queue is full; wait for the future of an earlier function before adding more")

// Add adds fn to the queue and returns its result to come. Any goroutine, any UI handler, any
// task. Never waits.
//
// The context is that of the moment: fn gets its values and its cancellation, and is owned as a
// task of Async is, by the innermost scope of ctx; if there is none, by the guest that
// RunOnMain would find. A function that is cancelled before its turn never runs, and holds
// nothing up.
//
// Nor does fn run when the queue is full (the error is ErrQueueFull), or closed, or the scope
// has ended (ErrFinished), or there is no guest (ErrNoGuest). To wait for a later function in
// an earlier one is refused with ErrWouldDeadlock, and so is a function that an earlier one has
// added with its own context, since that would have to wait for it: add what follows with a
// context from outside of the queue.
func (q *Queue[T]) Add(ctx context.Context, fn func(ctx context.Context) (T, error)) *Future[T] {
	needFunc(fn == nil, "(*Queue).Add")
	if q.Limit < 0 {
		panic("guest: a Queue has a negative Limit; give zero for any number")
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
		t.end.hook(&hook{fn: e.over})
	}
	q.mu.Unlock()
	if accepted {
		t.begin() // without the lock: a host may take its time
	}
	return &e.future
}

// A queued is a function in the queue.
type queued[T any] struct {
	asyncTask[T]
	queue  *Queue[T]
	before *queued[T] // whom it waits for; nil when its turn has come
}

func (e *queued[T]) run(ctx context.Context) error {
	err := e.before.ended(func(t *Task) error { return e.task.await(ctx, &t.end, t) })
	if err == nil {
		err = ctxError(ctx) // also of who did not have to wait
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
		return notBegun(Park(ctx)) // the cancellation is on its way
	}
	return e.asyncTask.run(ctx)
}

// ended waits until e and all before it have ended. Who has had his turn has waited for those
// before him; who has not, because he was cancelled, leaves them to the next.
func (e *queued[T]) ended(await func(t *Task) error) error {
	for ; e != nil; e = e.before {
		if err := await(&e.task); err != nil {
			return err
		}
	}
	return nil
}

// over is called when the task has ended.
func (e *queued[T]) over() {
	q := e.queue
	q.mu.Lock()
	defer q.mu.Unlock()
	delete(q.waiting, e)
	for q.last != nil && q.last.task.end.settled.Load() {
		q.last = q.last.before
	}
}

// refused is a future that has failed at once; g hears of it if no code looks.
func refused[T any](g *Guest, err error) *Future[T] {
	f := newFuture[T](g)
	f.Reject(err)
	return f
}

// Close refuses further functions, cancels those that wait for their turn, with the cause
// ErrFinished, lets the one that runs go on, and waits until it has ended, or ctx is done. In a
// task, or on a goroutine; on the UI thread outside a task it closes and returns
// ErrWouldDeadlock, and so it does in a function of the queue itself. Any number of times.
func (q *Queue[T]) Close(ctx context.Context) error {
	q.mu.Lock()
	q.closed = true
	last := q.last
	for e := range q.waiting {
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
