package comingfrom_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/guest/flow"
	"github.com/golodger/lodger/guest/loops"
	"github.com/golodger/lodger/hosts/headless"
)

type requestID struct{}

// The executor by argument, then by configuration; and the context goes along.
func Example_alexBerExecInExecutor() {
	work := func(ctx context.Context) (string, error) { return fmt.Sprint("work for ", ctx.Value(requestID{})), nil }
	_ = guest.RunTask(headless.New(), func(ctx context.Context) error {
		ctx = context.WithValue(ctx, requestID{}, 7)
		fmt.Println(guest.Background(ctx, work)) // in the pool of the options
		one := flow.NewPool(1)
		fmt.Println(guest.Background(flow.WithExecutor(ctx, one), work))
		return nil
	}, &guest.Options{Executor: flow.NewPool(0)})
	// Output:
	// work for 7 <nil>
	// work for 7 <nil>
}

// From synchronous code, without any loop: the failure reaches who waits.
func Example_alexBerThreadingFuture() {
	ctx := context.Background()
	future := guest.Submit(ctx, func(context.Context) (int, error) { return 0, errors.New("no such file") })
	fmt.Println(future.Wait(ctx))
	// Output: 0 no such file
}

// A worker calls something that waits on the UI thread. There itself, it is an error and no
// deadlock.
func Example_alexBerLiftToAsync() {
	ask := func(ctx context.Context) (string, error) { return "yes", guest.Sleep(ctx, time.Millisecond) }
	task(func(ctx context.Context) error {
		fmt.Println(guest.Background(ctx, func(ctx context.Context) (string, error) {
			return guest.CallOnMain(ctx, ask)
		}))
		return guest.RunOnMain(ctx, func() { // in a handler, say
			_, err := guest.CallOnMain(ctx, ask)
			fmt.Println(errors.Is(err, guest.ErrWouldDeadlock))
		})
	})
	// Output:
	// yes <nil>
	// true
}

// An ordered queue, bounded on request; closing it cancels what waits, and finishes what runs.
func Example_alexBerQueue() {
	task(func(ctx context.Context) error {
		queue := &guest.Queue[string]{Limit: 1}
		step := func(ctx context.Context) (string, error) {
			return fmt.Sprint("step of ", ctx.Value(requestID{})), guest.Sleep(ctx, time.Millisecond)
		}
		first := queue.Add(context.WithValue(ctx, requestID{}, "first"), step)
		second := queue.Add(ctx, step)
		third := queue.Add(ctx, step)
		if err := guest.Yield(ctx); err != nil {
			return err
		}
		fmt.Println(queue.Close(ctx))
		fmt.Println(first.Wait(ctx))
		_, err := second.Wait(ctx)
		fmt.Println(errors.Is(err, guest.ErrFinished), errors.Is(err, context.Canceled))
		_, err = third.Wait(ctx)
		fmt.Println(errors.Is(err, guest.ErrQueueFull))
		return nil
	})
	// Output:
	// <nil>
	// step of first <nil>
	// true true
	// true
}

// A result that is passed on, unless there is one already; and an error that somebody looks at
// after a while, at the latest.
func Example_alexBerChain() {
	task(func(ctx context.Context) error {
		source, target := guest.NewFuture[string](), guest.NewFuture[string]()
		source.Chain(target)
		source.Reject(errors.New("boom"))
		guest.After(ctx, time.Millisecond, func(ctx context.Context) error {
			_, err := target.Wait(ctx)
			fmt.Println("looked at:", err)
			return nil
		})
		return guest.Join(ctx)
	})
	// Output: looked at: boom
}

// A loop for whoever needs one, and a context whose values go along without its cancellation.
func Example_alexBerLoopAndContext() {
	over, cancel := context.WithCancel(context.Background())
	defer cancel()
	ctx := loops.Scoped(over)
	loop, err := loops.Get(ctx, "worker", nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	request, done := context.WithCancel(context.WithValue(ctx, requestID{}, 7))
	done()
	fmt.Println(loops.Submit(context.WithoutCancel(request), loop, func(ctx context.Context) (any, error) {
		return ctx.Value(requestID{}), ctx.Err()
	}).Wait(ctx))
	cancel()
	<-loop.Done()
	// Output: 7 <nil>
}
