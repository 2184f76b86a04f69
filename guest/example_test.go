package guest_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"time"

	"github.com/golodger/lodger/guest"
	"github.com/golodger/lodger/hosts/headless"
)

// A whole program: the loop, the guest and the first task in one call.
func ExampleRun() {
	sum, err := guest.Run(headless.New(), func(ctx context.Context) (int, error) {
		a := guest.Async(ctx, func(ctx context.Context) (int, error) {
			return guest.Background(ctx, func(context.Context) (int, error) { return 40, nil })
		})
		b, err := a.Await(ctx)
		return b + 2, err
	}, nil)
	fmt.Println(sum, err)
	// Output: 42 <nil>
}

// A program that runs the loop itself: it locks the goroutine before, and finishes the guest after.
func ExampleStart() {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()

	loop := headless.New()
	app, err := guest.Start(loop, nil, nil) // until Cancel
	if err != nil {
		fmt.Println(err)
		return
	}
	app.Go(func(ctx context.Context) error {
		fmt.Println("on the UI thread")
		app.Cancel(guest.ErrQuit)
		return nil
	})
	if err := loop.Mainloop(func() error { return nil }); err != nil {
		fmt.Println(err)
	}
	fmt.Println(app.Finish())
	// Output:
	// on the UI thread
	// err: <nil>
}

// The first failure cancels the others, and Scope returns when all have ended.
func ExampleScope() {
	_, err := headless.Run(func(ctx context.Context) (any, error) {
		err := guest.Scope(ctx, func(ctx context.Context) error {
			guest.Go(ctx, func(ctx context.Context) error {
				err := guest.Sleep(ctx, time.Hour)
				fmt.Println("cancelled:", context.Cause(ctx))
				return err
			})
			guest.Go(ctx, func(context.Context) error { return errors.New("no such host") })
			return nil
		})
		return nil, err
	}, nil)
	fmt.Println("err:", err)
	// Output:
	// cancelled: no such host
	// err: no such host
}

// Values of a channel, on the UI thread.
func ExampleEach() {
	lines := make(chan string)
	go func() {
		defer close(lines)
		lines <- "one"
		lines <- "two"
	}()
	_, _ = headless.Run(func(ctx context.Context) (any, error) {
		for line := range guest.Each(ctx, lines) {
			fmt.Println(line)
		}
		return nil, ctx.Err()
	}, nil)
	// Output:
	// one
	// two
}

// Work that eats CPU runs in a pool and reports its progress as it goes.
func ExamplePool() {
	pool := guest.NewPool(0)
	_, _ = headless.Run(func(ctx context.Context) (any, error) {
		done := 0
		sum, err := guest.Background(guest.WithExecutor(ctx, pool), func(ctx context.Context) (sum int, err error) {
			for i := range 3 {
				sum += i
				_ = guest.RunOnMain(ctx, func() { done++ })
			}
			return sum, nil
		})
		fmt.Println(sum, "after", done, "steps")
		return nil, err
	}, nil)
	// Output: 3 after 3 steps
}

// A future that something else settles: a callback, say.
func ExampleNewFuture() {
	_, _ = headless.Run(func(ctx context.Context) (any, error) {
		answer := guest.NewFuture[string]()
		time.AfterFunc(time.Millisecond, func() { answer.Resolve("yes") })
		text, err := answer.Await(ctx)
		fmt.Println(text)
		return nil, err
	}, nil)
	// Output: yes
}
