package guest

import (
	"context"
	"iter"
)

// Recv receives from a channel that other goroutines send to. In a task it parks; elsewhere it
// blocks the calling goroutine. On a UI thread outside a task the error wraps ErrWouldDeadlock.
//
// ok is true when a value was taken, also if it comes with an error: ctx was done just then,
// and the value must not be lost. Otherwise ok is false, because ch is closed (err is nil) or
// ctx is done.
//
// In a task, an empty channel costs one goroutine for the length of the wait: Go has no other
// way to wait for a channel.
func Recv[T any](ctx context.Context, ch <-chan T) (v T, ok bool, err error) {
	return receive("Recv", ctx, ch)
}

func receive[T any](verb string, ctx context.Context, ch <-chan T) (v T, ok bool, err error) {
	t, err := surelyWaiting(ctx, verb)
	switch {
	case err != nil:
		return v, false, err
	case t == nil:
		return receiveHere(ctx, ch)
	}
	if err = t.mayWait(ctx); err != nil {
		return v, false, err
	}
	select {
	case v, ok = <-ch:
		t.checkpoint()
		return v, ok, ctxError(ctx)
	default:
	}
	r := &receiver[T]{stop: make(chan struct{})}
	go r.receive(ch)
	defer r.giveUp() // also when the task ends here
	err = t.await(ctx, &r.end, nil)
	// Given up, perhaps; but a value may have been taken at this very moment, and then it must
	// not be lost.
	r.giveUp()
	for !r.end.settled.Load() {
		_, _ = t.waitFor(forever, &r.end, nil)
	}
	return r.value, r.ok, err
}

// receiveHere is Recv on a goroutine.
func receiveHere[T any](ctx context.Context, ch <-chan T) (v T, ok bool, err error) {
	if err := ctxError(ctx); err != nil {
		return v, false, err
	}
	back := lendPlace(ctx)
	select {
	case v, ok = <-ch:
	case <-ctx.Done():
	}
	back() // which may take longer than ctx
	return v, ok, ctxError(ctx)
}

// A receiver waits for one value on a goroutine.
type receiver[T any] struct {
	end   completion
	stop  chan struct{}
	value T
	ok    bool
	given bool // up; the task's side
}

// giveUp lets the goroutine go, if it still waits.
func (r *receiver[T]) giveUp() {
	if !r.given {
		r.given = true
		close(r.stop)
	}
}

func (r *receiver[T]) receive(ch <-chan T) {
	select {
	case v, ok := <-ch:
		r.end.settle(nil, func() { r.value, r.ok = v, ok })
	case <-r.stop:
		r.end.settle(nil, nil)
	}
}

// Each ranges over what arrives on ch, until it is closed or ctx is done. It waits as Recv
// does, and takes a value only when the loop asks for one: breaking off loses nothing.
//
//	for v, err := range guest.Each(ctx, lines) {
//		if err != nil {
//			return err // ctx is done; v is the last value, if one was taken just then
//		}
//
// A pair with an error is the last one.
func Each[T any](ctx context.Context, ch <-chan T) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for {
			v, ok, err := receive("Each", ctx, ch)
			if err == nil && !ok || !yield(v, err) || err != nil {
				return
			}
		}
	}
}
