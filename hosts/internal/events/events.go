// Package events keeps what has happened until a task asks for it: what the adapters' events
// have in common.
package events

import (
	"context"
	"iter"
	"slices"

	"github.com/golodger/lodger/guest"
)

// A Listener is told what happens, and asked for it by one task. UI thread only.
type Listener[T any] struct {
	Latest bool   // keep the last only
	Stop   func() // ends the telling; called by Each

	queue []T // the first ones have been taken
	taken int
	more  *guest.Future[struct{}]
}

// ready is settled: to wait for it gives way when the budget is spent, as every wait does. A
// loop over all that a busy widget has said would freeze the window otherwise.
var ready = func() *guest.Future[struct{}] {
	f := guest.NewFuture[struct{}]()
	f.Resolve(struct{}{})
	return f
}()

// Tell notes v. It only queues. UI thread only. Never waits.
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

// Next returns the next value. In a task. Waits. The context comes first: a loop over a busy
// widget ends when it is cancelled.
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
	if l.taken++; 2*l.taken >= len(l.queue) { // so that each value is moved once at the most
		l.queue, l.taken = slices.Delete(l.queue, 0, l.taken), 0
	}
	return v, nil
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
