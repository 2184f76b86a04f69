package flow

import (
	"context"
	"sync"

	"github.com/golodger/lodger/guest"
)

// Send sends v to a channel that other goroutines receive from; it is the counterpart of
// Recv. In a task it parks; elsewhere it blocks the calling goroutine. On a UI thread
// outside a task the error wraps guest.ErrWouldDeadlock.
//
// sent says whether v was sent. It may be true beside an error, if ctx was done at that moment;
// do not send v again. Without an error it is true. Sending to a closed channel panics, as in
// Go.
//
// If no receiver is ready, Send costs one goroutine for the length of the wait, since Go has no
// other way to wait for a channel.
func Send[T any](ctx context.Context, ch chan<- T, v T) (sent bool, err error) {
	task, err := mayWait(ctx, "flow.Send")
	if err != nil {
		return false, err
	}
	select {
	case ch <- v:
		return true, done(ctx)
	default:
	}
	s := &sender[T]{stop: make(chan struct{}), end: guest.NewFuture[sendResult]()}
	giveUp := sync.OnceFunc(func() { close(s.stop) })
	defer giveUp() // also if the task ends here
	go s.send(ch, v)
	result, err := s.end.Wait(ctx)
	if err != nil {
		// The wait has perhaps been given up. But v may be sent at this very moment.
		giveUp()
		result = answer(ctx, task, s.end)
	}
	if result.panicked != nil {
		panic(result.panicked)
	}
	return result.sent, err
}

// A sender waits on a goroutine until a value is received.
type sender[T any] struct {
	stop chan struct{}
	end  *guest.Future[sendResult]
}

type sendResult struct {
	sent     bool
	panicked any // the channel is closed
}

func (s *sender[T]) send(ch chan<- T, v T) {
	var result sendResult
	defer func() {
		result.panicked = recover()
		s.end.Resolve(result)
	}()
	select {
	case ch <- v:
		result.sent = true
	case <-s.stop:
	}
}

// answer waits for the answer of a goroutine that has been told to stop. That does not take
// long. So if the guest allows no more waits, answer may block the UI thread, and a function in
// a pool lends no place, since it could be long in coming back.
func answer[T any](ctx context.Context, task bool, end *guest.Future[T]) T {
	if task {
		_, _ = end.Wait(context.WithoutCancel(ctx))
	}
	<-end.Done()
	result, _, _ := end.Result()
	return result
}
