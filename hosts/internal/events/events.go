// Package events keeps what has happened until a task asks for it: what the adapters' events have in common.
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

	queue []T
	more  *guest.Future[struct{}]
}

// Tell notes v. It only queues. UI thread only. Never waits.
func (l *Listener[T]) Tell(v T) {
	if l.Latest {
		l.queue = l.queue[:0]
	}
	l.queue = append(l.queue, v)
	if l.more != nil {
		l.more.Resolve(struct{}{})
		l.more = nil
	}
}

// Next returns the next value. In a task. Waits. The context comes first: a loop over a busy widget ends when it is cancelled.
func (l *Listener[T]) Next(ctx context.Context) (v T, err error) {
	for len(l.queue) == 0 || ctx.Err() != nil {
		more := guest.NewFuture[struct{}]()
		l.more = more
		if _, err := more.Await(ctx); err != nil {
			return v, err
		}
	}
	v = l.queue[0]
	l.queue = slices.Delete(l.queue, 0, 1)
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
