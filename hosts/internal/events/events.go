// Package events keeps events until a task asks for them. It is the common part of the adapters'
// events.
package events

import (
	"context"
	"iter"
	"slices"

	"github.com/golodger/lodger/guest"
)

// A Listener takes events, and one task reads them. UI thread only.
type Listener[T any] struct {
	Latest bool   // keep only the last
	Stop   func() // stops the events; Each calls it

	queue []T // the first ones have been taken
	taken int
	more  *guest.Future[struct{}]
}

// ready is settled. Waiting for it yields when the budget is spent, as every wait does.
// Otherwise a loop over all events of a busy widget would freeze the window.
var ready = func() *guest.Future[struct{}] {
	f := guest.NewFuture[struct{}]()
	f.Resolve(struct{}{})
	return f
}()

// Tell queues v, and does nothing else. UI thread only. Never waits.
func (l *Listener[T]) Tell(v T) {
	if l.Latest {
		l.queue, l.taken = l.queue[:0], 0
	}
	l.queue = append(l.queue, v)
	if l.more != nil {
		l.more.Resolve(struct{}{})
		l.more = nil
	}
}

// Next returns the next value. It checks the context first, so that a loop over a busy widget
// ends when it is cancelled. In a task. Waits.
func (l *Listener[T]) Next(ctx context.Context) (v T, err error) {
	wait := ready
	for l.taken == len(l.queue) || ctx.Err() != nil {
		wait = guest.NewFuture[struct{}]()
		l.more = wait
		if _, err := wait.Wait(ctx); err != nil {
			return v, err
		}
	}
	if wait == ready {
		if _, err := ready.Wait(ctx); err != nil {
			return v, err
		}
	}
	v = l.queue[l.taken]
	if l.taken++; 2*l.taken >= len(l.queue) { // so that each value moves at most once
		l.queue, l.taken = slices.Delete(l.queue, 0, l.taken), 0
	}
	return v, nil
}

// InTask reports whether the caller is in a task. Any goroutine. Never waits.
func InTask() bool {
	_, ok := guest.CurrentTask()
	return ok
}

// One waits for the first value from now on. In a task. Waits.
func One[T any](ctx context.Context, start func() *Listener[T]) (T, error) {
	l := start()
	defer l.Stop()
	return l.Next(ctx)
}

// Each ranges over the values from the start of the loop until ctx is done. In a task.
func Each[T any](ctx context.Context, start func() *Listener[T]) iter.Seq[T] {
	return func(yield func(T) bool) {
		l := start()
		defer l.Stop()
		for {
			v, err := l.Next(ctx)
			if err != nil || !yield(v) {
				return
			}
		}
	}
}
