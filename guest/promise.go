package guest

import (
	"context"
	"sync"
)

// A promise is the producer's side of a future that no task settles.
type promise struct {
	made  site
	g     *Guest // reports a lost error; may be nil
	taken bool   // a function settles it; fixed before the future is handed out

	mu        sync.Mutex
	cancelled *cancellation       // why the producer was asked to stop
	stops     []func(cause error) // of this package: quick, on any goroutine
	closed    bool                // the future is about to be settled
}

// Cancel says that the result is no longer needed. Any goroutine. Never waits. A nil cause
// means context.Canceled.
//
// On a future of Async, Submit, Queue.Add or Task.Future, Cancel cancels the work, which
// settles the future when it has ended. On a future of NewFuture, Cancel calls the functions
// registered with OnCancel, and one of them settles the future. If there are none, Cancel
// settles the future at once, with an error that matches context.Canceled and cause. A
// cancellation error is not a failure: it is not logged when it is unobserved.
func (f *Future[T]) Cancel(cause error) {
	f.made("Cancel")
	if f.task != nil {
		f.task.Cancel(cause)
		return
	}
	c := newCancellation(cause)
	p := f.promise
	p.mu.Lock()
	if p.cancelled != nil || p.closed {
		p.mu.Unlock()
		return
	}
	p.cancelled = c
	stops := p.stops
	p.stops = nil
	p.mu.Unlock()
	for _, stop := range stops {
		stop(c.cause)
	}
	if len(stops) == 0 {
		var zero T
		f.settle(zero, c)
	}
}

// OnCancel registers a function that asks the producer of a future to stop. fn is called once,
// when the future is cancelled before it is settled. Any goroutine. Never waits. The producer
// then settles the future, usually by Reject with the cause.
//
// fn runs on the UI thread of the guest of ctx, outside any task, and never at once. Unlike
// with OnDone, it runs even if ctx is done, since nothing else might settle the future. The
// future keeps fn until it is settled. fn may be the CancelCauseFunc of the producer's context,
// or it may close the dialog that would have answered. When fn panics, the future is settled
// with the *PanicError, which also goes to Options.OnError, or the log. If the guest of ctx has
// ended, Cancel settles the future itself. OnCancel panics on a future that NewFuture has not
// made: its work learns of a cancellation through its context. OnCancel returns ErrNoGuest if
// no guest is found.
func (f *Future[T]) OnCancel(ctx context.Context, fn func(cause error)) error {
	needFunc(fn == nil, "OnCancel")
	f.mine("OnCancel")
	g := resolve(ctx)
	if g == nil {
		return ErrNoGuest
	}
	f.onCancel(func(cause error) {
		var zero T
		ask := func() {
			exited := true
			defer func() {
				if exited {
					f.settle(zero, ErrGoexit)
				}
			}()
			if err := catch(func() { fn(cause) }); err != nil {
				f.settle(zero, err)
				g.unobserved(unobservedPost(err))
			}
			exited = false
		}
		if g.post(ask) != nil {
			f.settle(zero, &cancellation{err: context.Canceled, cause: cause})
		}
	})
	return nil
}

// onCancel registers a function of this package. It is quick and may run on any goroutine.
func (f *Future[T]) onCancel(stop func(cause error)) {
	p := f.promise
	p.mu.Lock()
	c, closed := p.cancelled, p.closed
	if c == nil && !closed {
		p.stops = append(p.stops, stop)
	}
	p.mu.Unlock()
	if c != nil && !closed {
		stop(c.cause)
	}
}

// close drops what is no longer needed, and reports whether err is a failure.
func (p *promise) close(err error) (failed bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed, p.stops = true, nil
	return err != nil && !Cancelled(err) && (p.cancelled == nil || !p.cancelled.matches(err))
}
