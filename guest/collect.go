package guest

import (
	"context"
	"errors"
	"iter"
	"sync"
)

// A Pending is a *Task or a *Future: something that ends once, may be waited for and may be
// cancelled. There are no others.
type Pending interface {
	Done() <-chan struct{}
	Cancel(cause error)
	ending() (*completion, *Task)
}

func (t *Task) ending() (*completion, *Task) {
	if t == nil {
		panic("guest: AsCompleted called on a nil Task; pass what Go returned")
	}
	return &t.end, t
}

func (f *Future[T]) ending() (*completion, *Task) { return f.made("AsCompleted, All or First"), f.task }

// AsCompleted ranges over tasks or futures in the order in which they end. Those that have
// ended already come first, in the order given. In a task it parks; elsewhere it blocks the
// calling goroutine. On the UI thread outside a task the error wraps ErrWouldDeadlock.
//
//	for f, err := range guest.AsCompleted(ctx, futures...) {
//		if err != nil {
//			return err // ctx is done; the others go on
//		}
//		v, err := f.Wait(ctx) // at once
//		…
//	}
//
// A pair with an error is the last one: ctx is done, or something among them waits for the
// caller (the error wraps ErrWouldDeadlock). The loop counts as a wait for each of them. If you
// break out of the loop, nothing is left behind and nothing is cancelled. The idea is asyncio's
// as_completed.
func AsCompleted[P Pending](ctx context.Context, all ...P) iter.Seq2[P, error] {
	return func(yield func(P, error) bool) {
		c := collection{members: make([]member, len(all))}
		defer c.detach()
		var none P
		here, err := surelyWaiting(ctx, verbCollect)
		if err != nil {
			yield(none, err)
			return
		}
		c.waiter = waiterOf(ctx, here)
		if len(all) == 0 {
			if here != nil {
				here.checkpoint()
			}
			if err := ctxError(ctx); err != nil {
				yield(none, err)
			}
			return
		}
		for i, p := range all {
			end, by := p.ending()
			if err := c.join(i, end, by); err != nil {
				yield(none, err)
				return
			}
		}
		for range all {
			i, err := c.next(ctx)
			if err != nil {
				yield(none, err)
				return
			}
			if !yield(all[i], nil) {
				return
			}
		}
	}
}

// All waits until all futures are settled, and returns their values in the order given. The
// first error ends the wait and is returned. All then cancels the other futures, and their
// scopes wait for their end. Later failures are ignored, as in errgroup, unless they are
// panics. So call Wait on a future whose clean-up may fail. When ctx is done first, All returns
// the error of ctx and cancels nothing. In a task it parks; elsewhere it blocks the calling
// goroutine, as AsCompleted does. Use Task.Future to wait for a task.
func All[T any](ctx context.Context, futures ...*Future[T]) ([]T, error) {
	for f, err := range AsCompleted(ctx, futures...) {
		if err == nil {
			if err = f.end.result(); err != nil {
				dismiss(futures)
			}
		}
		if err != nil {
			return settledValues(futures), err
		}
	}
	return settledValues(futures), nil
}

// settledValues returns the values of the futures, or nil if not all of them have one.
func settledValues[T any](futures []*Future[T]) []T {
	values := make([]T, len(futures))
	for i, f := range futures {
		if !f.end.isSettled() || f.end.peek() != nil {
			return nil
		}
		values[i] = f.value
	}
	return values
}

// First waits for the first future that is settled with a value, returns that value, and
// cancels the others. The scopes of the others wait for their end. Later failures are ignored,
// unless they are panics. If all fail, the error joins their errors in the order of failing.
// When ctx is done first, First returns the error of ctx and cancels nothing. In a task it
// parks; elsewhere it blocks the calling goroutine, as AsCompleted does. To get the first
// future that ends in any way, or to leave the others running, use AsCompleted.
func First[T any](ctx context.Context, futures ...*Future[T]) (T, error) {
	var zero T
	if len(futures) == 0 {
		return zero, errors.New("guest: First called without futures; pass at least one")
	}
	var failures []error
	for f, err := range AsCompleted(ctx, futures...) {
		if err != nil {
			return firstValue(err, futures), err
		}
		if err = f.end.result(); err == nil {
			dismiss(futures)
			return f.value, ctxError(ctx) // ctx may be that of a dismissed one
		}
		failures = append(failures, err)
	}
	return zero, errors.Join(failures...)
}

// firstValue returns the value that comes with the error of a wait for the first. If why is a
// cancellation, that is the value of the first future, in the order given, that has one by now.
func firstValue[T any](why error, futures []*Future[T]) (v T) {
	if _, cancelled := why.(*cancellation); !cancelled {
		return v
	}
	for _, f := range futures {
		if f.end.isSettled() && f.end.peek() == nil {
			return f.value
		}
	}
	return v
}

var errNotNeeded = errors.New("guest: no longer needed; another future has decided the result")

// dismiss cancels the futures that are not settled. Their failures are of no interest.
func dismiss[T any](futures []*Future[T]) {
	for _, f := range futures {
		f.end.dismiss()
		if !f.end.isSettled() {
			f.Cancel(errNotNeeded)
		}
	}
}

// verbCollect names the calls that wait for several futures. They are built on AsCompleted.
const verbCollect = "AsCompleted, All or First"

// A collection gathers completions as they happen.
type collection struct {
	members []member
	waiter  *Task // the waiting task; nil for a goroutine that works for no task

	mu      sync.Mutex
	arrived []int
	bell    *completion // the next arrival settles it
}

type member struct {
	end    *completion
	by     *Task // the task that will settle it
	hook   hook
	linked bool
}

// join adds a member. The error is ErrWouldDeadlock.
func (c *collection) join(i int, end *completion, by *Task) error {
	m := &c.members[i]
	m.end, m.by = end, by
	if c.waiter != nil && by != nil {
		linked, err := end.addFor(waiter{task: c.waiter}, by)
		if err != nil {
			return err
		}
		m.linked = linked
	}
	m.hook.fn = func() bool { c.arrive(i); return true }
	if !end.hook(&m.hook) {
		c.arrive(i)
	}
	return nil
}

// detach removes the collection from all members.
func (c *collection) detach() {
	for i := range c.members {
		m := &c.members[i]
		if m.linked {
			m.end.removeFor(waiter{task: c.waiter}, m.by)
		}
		if m.hook.fn != nil {
			m.end.unhook(&m.hook)
		}
	}
}

// arrive is called by the code that settles member i.
func (c *collection) arrive(i int) {
	c.mu.Lock()
	c.arrived = append(c.arrived, i)
	bell := c.bell
	c.bell = nil
	c.mu.Unlock()
	if bell != nil {
		bell.settle(nil, nil)
	}
}

// next waits for the next arrival.
func (c *collection) next(ctx context.Context) (int, error) {
	for {
		here, err := surelyWaiting(ctx, verbCollect) // any goroutine may pull the range
		if err != nil {
			return 0, err
		}
		if here != nil {
			here.checkpoint()
		}
		if err := ctxError(ctx); err != nil {
			return 0, err
		}
		c.mu.Lock()
		if len(c.arrived) > 0 {
			i := c.arrived[0]
			c.arrived = c.arrived[1:]
			c.mu.Unlock()
			return i, nil
		}
		bell := new(completion)
		c.bell = bell
		c.mu.Unlock()
		if err := waitHere(ctx, here, bell, nil); err != nil {
			return 0, err
		}
	}
}

// waiterOf returns the task on whose behalf the caller waits: here, the running task, or the task
// for which the background function of ctx works.
func waiterOf(ctx context.Context, here *Task) *Task {
	if here != nil {
		return here
	}
	if w, ok := ctx.Value(&workKey).(*workCtx); ok {
		return w.waiter
	}
	return nil
}
