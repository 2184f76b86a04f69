package flow

import (
	"context"
	"iter"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/internal/bridge"
)

// Recv receives from a channel that other goroutines send to. In a task it parks; elsewhere it
// blocks the calling goroutine. On a UI thread outside a task the error wraps
// guest.ErrWouldDeadlock.
//
// ok is true if Recv took a value. The value may come with an error, if ctx was done at that
// moment; do not lose it. Otherwise ok is false, because ch is closed (err is nil) or ctx is
// done.
//
// In a task, an empty channel costs one goroutine for the length of the wait: Go has no other
// way to wait for a channel.
func Recv[T any](ctx context.Context, ch <-chan T) (v T, ok bool, err error) {
	return receive("flow.Recv", ctx, ch)
}

// Each ranges over the values that arrive on ch, until ch is closed or ctx is done. It waits as
// Recv does. It takes a value only when the loop asks for one, so breaking out of the loop
// loses nothing.
//
//	for v, err := range flow.Each(ctx, lines) {
//		if err != nil {
//			return err // ctx is done; v is the last value, if one was taken just then
//		}
//
// A pair with an error is the last one.
func Each[T any](ctx context.Context, ch <-chan T) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for {
			v, ok, err := receive("flow.Each", ctx, ch)
			if err == nil && !ok || !yield(v, err) || err != nil {
				return
			}
		}
	}
}

func receive[T any](verb string, ctx context.Context, ch <-chan T) (v T, ok bool, err error) {
	task, err := mayWait(ctx, verb)
	if err != nil {
		return v, false, err
	}
	select {
	case v, ok = <-ch:
		return v, ok, done(ctx)
	default:
	}
	if !task {
		back := bridge.Lend(ctx)
		select {
		case v, ok = <-ch:
		case <-ctx.Done():
		}
		back() // ctx may be done by then
		return v, ok, done(ctx)
	}
	r := &receiver[T]{stop: make(chan struct{}), end: guest.NewFuture[received[T]]()}
	defer r.giveUp() // also if the task ends here
	go r.receive(ch)
	got, err := r.end.Wait(ctx)
	if err != nil {
		// The wait has perhaps been given up. But a value may have been taken at this very
		// moment, and it must not be lost.
		r.giveUp()
		got = answer(ctx, true, r.end)
	}
	return got.value, got.ok, err
}

// A receiver waits for one value on a goroutine.
type receiver[T any] struct {
	stop  chan struct{}
	end   *guest.Future[received[T]]
	given bool // the task has given up
}

// giveUp stops the goroutine if it still waits.
func (r *receiver[T]) giveUp() {
	if !r.given {
		r.given = true
		close(r.stop)
	}
}

type received[T any] struct {
	value T
	ok    bool
}

func (r *receiver[T]) receive(ch <-chan T) {
	var got received[T]
	select {
	case got.value, got.ok = <-ch:
	case <-r.stop:
	}
	r.end.Resolve(got)
}
